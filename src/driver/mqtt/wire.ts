import { randomUUID } from 'node:crypto'
import type { Admin, ConnectOptions, Driver } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { MqttAdmin } from './admin.ts'
import type { ConnectClean } from './admin.ts'
import { identify } from './identify.ts'
import { openWireConsumer } from './wire-consumer.ts'
import { openWireProbe } from './wire-probe.ts'
import { openWirePublisher } from './wire-publisher.ts'

/**
 * MQTT 3.1.1 and 5 by our own packets: encoded once and patched per message, parsed in place, coalesced writes. Queues are
 * imitated: a topic, a session that the broker keeps, QoS 1; competing consumers by a shared subscription. Headers and a
 * time to live, in whole seconds, are MQTT 5 only. Options of the target: `version` (3.1.1 or 5, default 3.1.1), `qos` (0 to
 * 2, default 1 where anything is to be safe, else 0), `keepAliveSeconds` (default 40, 0 none).
 */
export const mqttWire: Driver = {
  protocol: 'mqtt',
  client: 'wire',
  clientVersion: 'brokermark wire',
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
    messagePerWrite: true,
    transports: ['tcp', 'tls', 'ws', 'wss'],
  },
  openAdmin,
  openPublisher: openWirePublisher,
  openConsumer: openWireConsumer,
}

/** @throws DriverError */
async function openAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin> {
  const clientId = `brokermark-admin-${randomUUID()}`
  const identity = await identify(endpoint, options, clientId, openWireProbe)
  const connectClean: ConnectClean = (id) => openWireProbe(endpoint, options, id, () => undefined)
  return new MqttAdmin(identity, await connectClean(clientId), connectClean)
}
