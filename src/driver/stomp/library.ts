import { readFileSync } from 'node:fs'
import type { Driver } from '../driver.ts'
import { removeKept } from './kept-subscriptions.ts'
import { LibraryAdmin } from './library-admin.ts'
import { connectLibrary } from './library-connection.ts'
import { LibraryConsumer } from './library-consumer.ts'
import { LibraryPublisher } from './library-publisher.ts'
import { connectClientId } from './subscription-headers.ts'

/** STOMP 1.2 by @stomp/stompjs, over TCP, TLS and WebSocket: what an application in Node would see. */
export const stompLibrary: Driver = {
  protocol: 'stomp',
  client: 'library',
  clientVersion: `@stomp/stompjs ${libraryVersion()}`,
  capabilities: {
    queues: 'native',
    topics: 'native',
    confirms: true,
    pipelining: true,
    durable: true,
    acknowledge: ['each', 'auto', 'every'],
    prefetch: true,
    competingConsumers: 'native',
    declareArguments: false,
    removeQueue: false,
    // The library's COMMIT cannot ask for a receipt, so nobody would know when its messages are safe.
    transactions: false,
    ttl: true,
    priority: true,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: true,
    transports: ['tcp', 'tls', 'ws', 'wss'],
  },

  async openAdmin(endpoint, options) {
    const connection = await connectLibrary(endpoint, options)
    return new LibraryAdmin(connection, (topic, kept) => removeKept(endpoint, options, topic, kept))
  },

  async openPublisher(endpoint, options, spec, events) {
    const connection = await connectLibrary(endpoint, options)
    try {
      return new LibraryPublisher(connection, spec, events, endpoint.password)
    } catch (error) {
      await connection.close()
      throw error
    }
  },

  async openConsumer(endpoint, options, spec, events) {
    const clientId = connectClientId(spec.subscription, spec.clientId)
    const connection = await connectLibrary(endpoint, options, clientId)
    const consumer = new LibraryConsumer(connection, spec, events)
    try {
      await consumer.subscribe(spec)
    } catch (error) {
      await connection.close()
      throw error
    }
    return consumer
  },
}

/** The library exports its version nowhere but in its manifest, which its export map hides. */
function libraryVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@stomp/stompjs'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
