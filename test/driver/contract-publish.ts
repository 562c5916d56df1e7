import assert from 'node:assert/strict'
import type { ContractClause } from './contract-clause.ts'
import { needs, withoutConfirms, withoutSocket } from './contract-clause.ts'
import { eventually } from './eventually.ts'

const MESSAGES = 300
const LARGEST_BYTES = 16 * 1024 * 1024

/** Clauses about publishing: confirms, order, bytes, back-pressure. */
export const publishTests: readonly ContractClause[] = [
  {
    title: 'every confirmed message is settled exactly once, from 0 to n-1',
    missing: withoutConfirms,
    async run(session) {
      const queue = await session.destination()
      await session.consumer(queue)
      const publisher = await session.publisher(queue)
      await publisher.send(MESSAGES)
      await publisher.confirmed(MESSAGES)
      const settled = [...publisher.outcomes.keys()].sort((a, b) => a - b)
      assert.deepEqual(
        settled,
        Array.from({ length: MESSAGES }, (_, index) => index),
      )
    },
  },
  {
    title: 'one message in flight at a time is confirmed each time',
    missing: withoutConfirms,
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { prefetch: 1 })
      const publisher = await session.publisher(queue, { inFlightMax: 1 })
      await publisher.send(50)
      await publisher.confirmed(50)
      await consumer.received(50)
    },
  },
  ...[12, 1024, 100 * 1024, 1024 * 1024].map((bytes): ContractClause => ({
    title: `messages of ${bytes} bytes are delivered once, in order, byte for byte`,
    missing: fits(bytes),
    async run(session) {
      const isSlow = session.facts.largestBody?.usualBytes !== undefined
      const total = bytes > 50_000 ? (isSlow ? 2 : 5) : isSlow ? 50 : MESSAGES
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { bodyBytesMax: bytes })
      const publisher = await session.publisher(queue, { bodyBytesMax: bytes })
      await publisher.send(total)
      await consumer.received(total)
      if (session.driver.capabilities.confirms) await publisher.confirmed(total)
      session.assertEachOnce(consumer, publisher, total)
      assert.deepEqual(
        consumer.deliveries.filter((each) => each.bytes !== bytes),
        [],
      )
    },
  })),
  {
    title: `messages of ${LARGEST_BYTES} bytes are delivered byte for byte`,
    missing: fits(LARGEST_BYTES),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { bodyBytesMax: LARGEST_BYTES, prefetch: 2 })
      const publisher = await session.publisher(queue, { bodyBytesMax: LARGEST_BYTES, inFlightMax: 1 })
      await publisher.send(2)
      await consumer.received(2)
      if (session.driver.capabilities.confirms) await publisher.confirmed(2)
      session.assertEachOnce(consumer, publisher, 2)
      assert.ok(consumer.deliveries.every((each) => each.bytes === LARGEST_BYTES))
    },
  },
  {
    title: 'a write per message makes at least as many writes as messages',
    missing: needs(['messagePerWrite'], []),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const publisher = await session.publisher(queue, { messagePerWrite: true })
      const before = publisher.publisher.counters().writes
      await publisher.send(100)
      await consumer.received(100)
      const after = publisher.publisher.counters().writes
      assert.ok(before !== null && after !== null && after - before >= 100, `${after ?? 0} writes for 100 messages`)
      session.assertEachOnce(consumer, publisher, 100)
    },
  },
  {
    title: 'two producers on one queue keep their order each',
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const publishers = [await session.publisher(queue), await session.publisher(queue)]
      await Promise.all(publishers.map((each) => each.send(100)))
      await consumer.received(200)
      for (const each of publishers) {
        session.assertEachOnce(consumer, each, 100)
      }
    },
  },
  {
    title: 'fire and forget never settles a message',
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const publisher = await session.publisher(queue, { confirm: false })
      await publisher.send(100, false)
      await consumer.received(100)
      await publisher.publisher.close()
      assert.equal(publisher.outcomes.size, 0)
      assert.deepEqual(publisher.closedBy, [])
    },
  },
  {
    title: 'messages that are not persistent arrive too',
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { persistent: false })
      const publisher = await session.publisher(queue, { persistent: false })
      await publisher.send(50)
      await consumer.received(50)
      if (session.driver.capabilities.confirms) await publisher.confirmed(50)
    },
  },
  {
    title: 'closing a publisher flushes what was accepted',
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const publisher = await session.publisher(queue, { confirm: false })
      for (let count = 0; count < 50 && !publisher.mustWait; count++) publisher.offer()
      await publisher.publisher.close()
      await consumer.received(publisher.accepted)
      assert.equal(consumer.deliveries.length, publisher.accepted)
    },
  },
  {
    title: 'a broker that stops reading blocks the publisher, and nothing is lost when it goes on',
    missing: (capabilities, endpoint) => withoutSocket(capabilities, endpoint) ?? withoutConfirms(capabilities),
    async run(session) {
      const bytes = 64 * 1024
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { bodyBytesMax: bytes })
      const { proxy, endpoint } = await session.proxy()
      const publisher = await session.publisher(queue, { bodyBytesMax: bytes, inFlightMax: 2000 }, endpoint)
      proxy.holdRequests()
      while (!publisher.mustWait) {
        publisher.offer()
        // Lets the socket take what it can, as a harness between two messages would.
        await new Promise(setImmediate)
      }
      assert.ok(publisher.accepted < 2000, 'the driver took 125 MB for a broker that does not read')
      // The socket may have drained once or twice while it took what it could.
      await eventually(
        () => publisher.blockedFor.length > 0,
        'onBlocked',
        () => publisher.summary(),
      )
      proxy.release()
      const total = publisher.accepted + 20
      await publisher.send(total)
      await publisher.confirmed(total)
      await consumer.received(total)
      assert.equal(new Set(consumer.sequences(publisher.producer)).size, total)
      assert.equal(consumer.deliveries.length, total)
      await eventually(() => publisher.unblocked === publisher.blockedFor.length, 'as many onUnblocked as onBlocked')
    },
  },
]

function fits(bytes: number): NonNullable<ContractClause['missing']> {
  return (_, __, { largestBody }) => (largestBody !== undefined && largestBody.bytes < bytes ? largestBody.why : null)
}
