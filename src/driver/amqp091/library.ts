import type { Driver } from '../driver.ts'
import { openAdmin } from './admin.ts'
import { openConsumer } from './consumer.ts'
import { openPublisher } from './publisher.ts'

/**
 * AMQP 0-9-1 by amqplib, as an application in Node would see it: a confirm channel per producer, a channel with prefetch
 * per consumer. TCP and TLS; SASL PLAIN, or EXTERNAL with a client certificate and no user.
 */
export const amqp091Library: Driver = {
  protocol: 'amqp091',
  client: 'library',
  // The package exports no package.json to read it from; a test compares it with the one installed.
  clientVersion: 'amqplib 2.3.1',
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
    transactions: false,
    ttl: true,
    priority: true,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: true,
    transports: ['tcp', 'tls'],
  },
  openAdmin,
  openPublisher,
  openConsumer,
}
