import type { Driver } from '../driver.ts'
import { openWireAdmin } from './wire-admin.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * OpenWire 12 (loose encoding, no cache) by our own frames: encoded once and patched per message, parsed in place,
 * coalesced writes. What the broker sees is what ActiveMQ's Java client sends with these wire format options. Option of
 * the target: `maxInactivityMs` (both directions, default 30000 as in Java, 0 = off).
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
    transactions: false,
    ttl: false,
    priority: false,
    headers: false,
    durableSubscriptions: false,
    sharedSubscriptions: false,
    transports: ['tcp', 'tls'],
  },
  openAdmin: openWireAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}
