/** MQTT from one client to the other on real brokers: body and properties intact, at every QoS, between the versions. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { BrokerProduct, LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import type { ClientKind, MessageProperties } from '../../src/driver/driver.ts'
import { loadDriver } from '../../src/driver/registry.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { endpointOf } from '../support/endpoint-of.ts'

const PRODUCTS: readonly BrokerProduct[] = ['mosquitto', 'artemis']
const CLIENTS = [
  ['wire', 'library'],
  ['library', 'wire'],
] as const
const TTL_MS = 600_000
const SENT: MessageProperties = { ttlMs: TTL_MS, priority: null, headers: { region: 'eu-central-1', trace: 'a:b 3 €' } }
const BODY_BYTES = 300_000
const MESSAGES = 20

for (const product of PRODUCTS) {
  describe(`MQTT between its clients through ${product}`, () => {
    let broker: LaunchedBroker
    before(async () => {
      broker = await launchBroker(product, {})
    })
    after(() => broker.stop())

    const open = async (client: ClientKind, options: Readonly<Record<string, string>>): Promise<ContractSession> => {
      const endpoint = { ...endpointOf(broker.targets.get('mqtt') ?? ''), options }
      return new ContractSession(await loadDriver('mqtt', client), endpoint, {})
    }

    for (const [from, to] of CLIENTS) {
      for (const qos of ['0', '1', '2']) {
        test(`QoS ${qos} from ${from} to ${to}, with time to live and headers`, async () => {
          const options = { version: '5', qos }
          const sender = await open(from, options)
          const receiver = await open(to, options)
          const queue = await receiver.destination()
          // MQTT.js acknowledges by itself at QoS 2.
          const over = { acknowledge: { kind: 'auto' }, bodyBytesMax: BODY_BYTES, properties: true } as const
          const consumer = await receiver.consumer(queue, over)
          const spec = { bodyBytesMax: BODY_BYTES, properties: SENT, confirm: qos !== '0' }
          const publisher = await sender.publisher(queue, spec)
          await publisher.send(MESSAGES, qos !== '0')
          await consumer.received(MESSAGES)
          if (qos !== '0') await publisher.confirmed(MESSAGES)
          assert.equal(new Set(consumer.sequences(publisher.producer)).size, MESSAGES)
          for (const { bytes, properties } of consumer.deliveries) {
            assert.equal(bytes, BODY_BYTES)
            assert.deepEqual(properties?.headers, SENT.headers)
            assert.ok(
              (properties.ttlMs ?? 0) > 0 && (properties.ttlMs ?? 0) <= TTL_MS,
              `${properties.ttlMs ?? 'no'} ms`,
            )
          }
          await end(sender, receiver)
        })
      }

      for (const [fromVersion, toVersion] of [
        ['3.1.1', '5'],
        ['5', '3.1.1'],
      ] as const) {
        test(`MQTT ${fromVersion} from ${from} to MQTT ${toVersion} to ${to}`, async () => {
          const sender = await open(from, { version: fromVersion })
          const receiver = await open(to, { version: toVersion })
          const queue = await receiver.destination()
          const consumer = await receiver.consumer(queue)
          const publisher = await sender.publisher(queue)
          await publisher.send(MESSAGES)
          await consumer.received(MESSAGES)
          await publisher.confirmed(MESSAGES)
          assert.equal(new Set(consumer.sequences(publisher.producer)).size, MESSAGES)
          await end(sender, receiver)
        })
      }
    }
  })
}

async function end(...sessions: readonly ContractSession[]): Promise<void> {
  for (const session of sessions) {
    session.assertNoViolations()
    await session.end()
  }
}
