import { connectLibrary } from './library-connection.ts'
import type { OpenProbe } from './probe.ts'
import { cleanSession } from './session.ts'

/** A probe by MQTT.js. */
export const openLibraryProbe: OpenProbe = async (endpoint, options, clientId, onMessage) => {
  const connection = await connectLibrary(endpoint, options, cleanSession(clientId), (packet, next) => {
    onMessage(packet.topic, Buffer.from(packet.payload))
    next(true)
  })
  return {
    mayShare: connection.connack.properties?.sharedSubscriptionAvailable !== false,
    subscribe: (filter, qos) => connection.subscribe(filter, qos),
    unsubscribe: async (filter) => {
      await connection.client.unsubscribeAsync(filter)
    },
    publish: async (topic) => {
      await connection.client.publishAsync(topic, 'probe', { qos: 1 })
    },
    whenLost: (listener) => connection.onLost(listener),
    close: () => connection.close(),
  }
}
