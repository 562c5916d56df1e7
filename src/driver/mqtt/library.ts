import { randomUUID } from 'node:crypto'
import { MqttClient } from 'mqtt'
import { encodeMessageProperties } from '../../protocol/mqtt/message-properties.ts'
import { PublishTemplate } from '../../protocol/mqtt/publish-template.ts'
import type { Driver, PublisherSpec } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { MqttAdmin, type ConnectClean } from './admin.ts'
import { requireWithinLimits } from './broker-limits.ts'
import { identify } from './identify.ts'
import { connectLibrary } from './library-connection.ts'
import type { LibraryConnection } from './library-connection.ts'
import { LibraryConsumer } from './library-consumer.ts'
import { LibraryPublisher } from './library-publisher.ts'
import type { PublishPlan } from './library-publisher.ts'
import { openLibraryProbe } from './library-probe.ts'
import { mqttPropertiesOf } from './message-properties.ts'
import { cleanSession, consumerSession, isShared, publishQos, subscribeQos, topicOf, versionOf } from './session.ts'
import { requireSharedSubscriptions } from './shared-subscriptions.ts'

/**
 * MQTT 3.1.1 and 5 (`?version=5`) by MQTT.js, over TCP, TLS and WebSocket. Queues are imitated: a topic, a session that
 * the broker keeps, QoS 1 (or `?qos=`); competing consumers by a shared subscription. Prefetch is the broker's business in
 * MQTT 5 only; so are headers and a time to live, in whole seconds.
 */
export const mqttLibrary: Driver = {
  protocol: 'mqtt',
  client: 'library',
  clientVersion: `MQTT.js ${MqttClient.VERSION}`,
  capabilities: {
    queues: 'imitated',
    topics: 'native',
    confirms: true,
    pipelining: true,
    durable: true,
    acknowledge: ['each', 'auto'],
    prefetch: true,
    competingConsumers: 'imitated',
    declareArguments: false,
    removeQueue: true,
    transactions: false,
    ttl: true,
    priority: false,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: true,
    transports: ['tcp', 'tls', 'ws', 'wss'],
  },

  async openAdmin(endpoint, options) {
    const clientId = `brokermark-admin-${randomUUID()}`
    const identity = await identify(endpoint, options, clientId, openLibraryProbe)
    const connectClean: ConnectClean = (id) => connectLibrary(endpoint, options, cleanSession(id))
    return new MqttAdmin(identity, await connectClean(clientId), connectClean)
  },

  async openPublisher(endpoint, options, spec, events) {
    const plan = {
      qos: publishQos(spec, endpoint.options),
      properties: mqttPropertiesOf(spec, versionOf(endpoint.options)),
    }
    const connection = await connectLibrary(endpoint, options, cleanSession(spec.clientId))
    try {
      requireLimits(connection, endpoint, spec, plan)
    } catch (error) {
      await connection.close()
      throw error
    }
    return new LibraryPublisher(connection, spec, plan, events)
  },

  async openConsumer(endpoint, options, spec, events) {
    const consumer = new LibraryConsumer(spec, subscribeQos(spec, endpoint.options), events)
    if (isShared(spec)) await requireSharedSubscriptions(endpoint, options, openLibraryProbe)
    const connection = await connectLibrary(endpoint, options, consumerSession(spec), consumer.receive)
    try {
      await consumer.subscribe(connection, spec)
    } catch (error) {
      await connection.close()
      throw error
    }
    return consumer
  },
}

/** MQTT.js itself would send whatever it is given, in packets of the same size as ours. @throws DriverError */
function requireLimits(
  { connack, version }: LibraryConnection,
  endpoint: Endpoint,
  spec: PublisherSpec,
  { qos, properties }: PublishPlan,
): void {
  const { maximumPacketSize = Infinity, maximumQoS: maximumQos = 2 } = connack.properties ?? {}
  const limits = { maximumQos, maximumPacketBytes: maximumPacketSize }
  const encoded = properties === null ? undefined : encodeMessageProperties(properties)
  const template = new PublishTemplate(version === '5' ? 5 : 4, topicOf(spec.destination), qos, encoded)
  requireWithinLimits(limits, endpoint, spec, qos, template)
}
