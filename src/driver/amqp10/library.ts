import { createRequire } from 'node:module'
import type { Driver } from '../driver.ts'
import { openAdmin } from './admin.ts'
import { openConsumer } from './consumer.ts'
import { openPublisher } from './publisher.ts'

const { version } = createRequire(import.meta.url)('rhea/package.json') as { readonly version: string }

/**
 * AMQP 1.0 by rhea, as an application in Node would see it: one connection, one session and one link per client. TCP and
 * TLS; SASL PLAIN with a user, EXTERNAL with a client certificate and no user, ANONYMOUS else.
 */
export const amqp10Library: Driver = {
  protocol: 'amqp10',
  client: 'library',
  clientVersion: `rhea ${version}`,
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
