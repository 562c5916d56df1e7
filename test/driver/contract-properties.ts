import assert from 'node:assert/strict'
import type { MessageProperties } from '../../src/driver/driver.ts'
import { needs, withoutQueues, type ContractClause } from './contract-clause.ts'
import type { RecordedDelivery } from './contract-consumer.ts'
import type { ContractSession } from './contract-session.ts'
import { eventually } from './eventually.ts'

const NOTHING: MessageProperties = { ttlMs: null, priority: null, headers: {} }

/** Long enough for any machine to deliver within it, short enough for MQTT's and AMQP's fields. */
const TTL_MS = 600_000

/** The characters that some protocol quotes, and one beyond Latin-1. (A backslash before c is too much for stompjs 7.) */
const HEADERS = { region: 'eu-central-1', trace_id: 'a:b\\ c d\n2', Price: '3 €' }

/** MQTT 5 (section 1.5.4) lets a broker hang up on control characters, and Mosquitto does. */
function headersFor(session: ContractSession): Readonly<Record<string, string>> {
  return session.endpoint.protocol === 'mqtt'
    ? { ...HEADERS, trace_id: HEADERS.trace_id.replace('\n', '\u00a0') }
    : HEADERS
}

/** Clauses about what a message carries beside its body. */
export const propertiesTests: readonly ContractClause[] = [
  {
    title: 'a time to live arrives with the message, and one that was not given does not',
    missing: needs(['ttl'], ['ttl']),
    async run(session) {
      const [without, withTtl] = await deliver(session, [NOTHING, { ...NOTHING, ttlMs: TTL_MS }])
      assert.equal(without?.properties?.ttlMs, null)
      const ttlMs = withTtl?.properties?.ttlMs ?? 0
      assert.ok(ttlMs > 0 && ttlMs <= TTL_MS, `${ttlMs} ms of ${TTL_MS} ms`)
    },
  },
  {
    title: 'a priority arrives with the message',
    missing: needs(['priority'], ['priority']),
    async run(session) {
      const deliveries = await deliver(session, [
        { ...NOTHING, priority: 7 },
        { ...NOTHING, priority: 1 },
      ])
      assert.deepEqual(
        deliveries.map((each) => each.properties?.priority),
        [7, 1],
      )
    },
  },
  {
    title: 'headers arrive with the message, character for character',
    missing: needs(['headers'], ['headers']),
    async run(session) {
      const headers = headersFor(session)
      const [delivery] = await deliver(session, [{ ...NOTHING, headers }])
      const arrived = delivery?.properties?.headers ?? {}
      // Brokers may add some of their own.
      for (const [name, value] of Object.entries(headers)) assert.equal(arrived[name], value)
    },
  },
  {
    title: 'properties change nothing for a consumer that does not ask for them',
    missing: needs(['headers'], []),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const properties = { ...NOTHING, headers: headersFor(session) }
      const publisher = await session.publisher(queue, { properties, bodyBytesMax: 4096 })
      await publisher.send(100)
      await consumer.received(100)
      session.assertEachOnce(consumer, publisher, 100)
    },
  },
  {
    title: 'a message whose time to live has passed is not delivered',
    missing: (...asked) => needs(['ttl'], ['expiry'])(...asked) ?? withoutQueues(asked[0]),
    async run(session) {
      const queue = await session.destination()
      const clientId = session.clientId('away')
      // Known to the broker before, and away when the messages come: MQTT's sessions need that.
      await (await session.consumer(queue, { clientId })).consumer.close()
      // MQTT counts in whole seconds.
      const ttlMs = session.endpoint.protocol === 'mqtt' ? 1000 : 1
      const shortLived = await session.publisher(queue, { properties: { ...NOTHING, ttlMs } })
      await shortLived.send(10)
      if (session.driver.capabilities.confirms) await shortLived.confirmed(10)
      await session.roundTrips()
      const passedMs = Date.now() + 2 * ttlMs + 100
      await eventually(() => Date.now() > passedMs, 'the time to live passes')

      const consumer = await session.consumer(queue, { clientId })
      const mark = await session.publisher(queue)
      await mark.send(1)
      await consumer.received(1)
      await session.roundTrips()
      assert.deepEqual(
        consumer.deliveries.map((each) => each.producer),
        [mark.producer],
      )
    },
  },
]

/** Sends one message with each of `sent` to a consumer that asks for properties; the deliveries in the order of `sent`. */
async function deliver(session: ContractSession, sent: readonly MessageProperties[]): Promise<RecordedDelivery[]> {
  const queue = await session.destination()
  const consumer = await session.consumer(queue, { properties: true })
  for (const [index, properties] of sent.entries()) {
    const publisher = await session.publisher(queue, { properties })
    await publisher.send(1)
    await consumer.received(index + 1)
  }
  assert.equal(consumer.deliveries.length, sent.length)
  return consumer.deliveries
}
