import type { Driver } from '../driver.ts'
import { openWireAdmin } from './wire-admin.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * AMQP 0-9-1 by our own frames: encoded once and patched per message, parsed in place, coalesced writes. Options of the
 * target: `vhost` (default `/`) and `heartbeat` in seconds (default 30, 0 none).
 */
export const amqp091Wire: Driver = {
  protocol: 'amqp091',
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
    declareArguments: true,
    removeQueue: true,
    transactions: true,
    ttl: true,
    priority: true,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: true,
    messagePerWrite: true,
    transports: ['tcp', 'tls'],
  },
  openAdmin: openWireAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}
