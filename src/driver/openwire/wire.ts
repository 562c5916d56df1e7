import type { Driver } from '../driver.ts'
import { openWireAdmin } from './wire-admin.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * OpenWire 12 (loose encoding, no cache) by our own frames: encoded once and patched per message, parsed in place,
 * coalesced writes. What the broker sees is what ActiveMQ's Java client sends with these wire format options. Options of
 * the target: `maxInactivityMs` (both directions, default 30000 as in Java, 0 = off), and `producerWindowBytes` (0 = none, as
 * in Java): messages then ask for no answer, and ProducerAcks confirm them, which ActiveMQ sends before it has them on disk.
 */
export const openwireWire: Driver = {
  protocol: 'openwire',
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
    removeQueue: true,
    transactions: true,
    ttl: true,
    priority: true,
    headers: true,
    durableSubscriptions: true,
    sharedSubscriptions: false,
    messagePerWrite: true,
    transports: ['tcp', 'tls'],
  },
  openAdmin: openWireAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}
