import type { Driver } from '../driver.ts'
import { openWireAdmin } from './wire-admin.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * STOMP 1.2 by our own frames: encoded once and patched per message, parsed in place, coalesced writes. Options of the
 * target: `vhost` (RabbitMQ, default `/`), `heartBeatMs` (both directions, default 30,000, 0 none).
 */
export const stompWire: Driver = {
  protocol: 'stomp',
  client: 'wire',
  clientVersion: 'brokermark wire',
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
    transactions: true,
    ttl: true,
    priority: true,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: true,
    messagePerWrite: true,
    transports: ['tcp', 'tls', 'ws', 'wss'],
  },
  openAdmin: openWireAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}
