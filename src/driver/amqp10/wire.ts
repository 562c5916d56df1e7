import type { Driver } from '../driver.ts'
import { openWireAdmin } from './wire-admin.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * AMQP 1.0 by our own frames: transfers encoded once and patched per message, parsed in place, coalesced writes. One
 * connection and one session per client, with one link, and with transactions a second one; SASL PLAIN with a user,
 * EXTERNAL with a client certificate and no user, ANONYMOUS else. Option of the target: `vhost` (RabbitMQ).
 */
export const amqp10Wire: Driver = {
  protocol: 'amqp10',
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
    transports: ['tcp', 'tls'],
  },
  openAdmin: openWireAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}
