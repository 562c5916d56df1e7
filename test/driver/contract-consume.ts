import assert from 'node:assert/strict'
import type { ContractClause } from './contract-clause.ts'
import { assertShared } from './contract-sharing.ts'

/** Clauses about consuming: prefetch, competition, fan-out, closing. */
export const consumeTests: readonly ContractClause[] = [
  {
    title: 'a consumer that acknowledges nothing gets at most its prefetch',
    missing: (capabilities) => (capabilities.prefetch ? null : 'capability prefetch: false'),
    async run(session) {
      const prefetch = 5
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { prefetch, hold: true })
      const publisher = await session.publisher(queue)
      await publisher.send(3 * prefetch)
      if (session.driver.capabilities.confirms) await publisher.confirmed(3 * prefetch)
      await consumer.received(1)
      await session.roundTrips()
      assert.ok(
        consumer.deliveries.length <= prefetch,
        `${consumer.deliveries.length} came with a prefetch of ${prefetch}`,
      )
      for (let count = 1; count <= 3 * prefetch; count++) {
        await consumer.received(count)
        consumer.acknowledgeTo(count)
      }
      session.assertEachOnce(consumer, publisher, 3 * prefetch)
    },
  },
  {
    title: 'a prefetch of one delivers one at a time',
    missing: (capabilities) => (capabilities.prefetch ? null : 'capability prefetch: false'),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { prefetch: 1, hold: true })
      const publisher = await session.publisher(queue)
      await publisher.send(10)
      for (let count = 1; count <= 10; count++) {
        await consumer.received(count)
        assert.equal(consumer.deliveries.length, count)
        consumer.acknowledgeTo(count)
      }
    },
  },
  {
    title: 'two competing consumers share the messages without duplicates, or are refused',
    missing: (capabilities) =>
      capabilities.competingConsumers === 'none' ? 'capability competingConsumers: none' : null,
    async run(session) {
      if (session.facts.competing === 'unsupported') {
        const opening = session.consumer(await session.destination(), { competing: true })
        await assert.rejects(opening, { name: 'DriverError', code: 'unsupported' })
        return
      }
      const total = 200
      const queue = await session.destination()
      const over = { competing: true, prefetch: 10 }
      const consumers = [await session.consumer(queue, over), await session.consumer(queue, over)]
      const publisher = await session.publisher(queue)
      await publisher.send(total)
      await assertShared(session, consumers, publisher, 0)
    },
  },
  {
    title: 'every subscriber of a topic gets every message',
    missing: (capabilities) => (capabilities.topics === 'none' ? 'capability topics: none' : null),
    async run(session) {
      const total = 100
      const topic = await session.destination('topic')
      const consumers = [await session.consumer(topic), await session.consumer(topic)]
      const publisher = await session.publisher(topic)
      await publisher.send(total)
      for (const consumer of consumers) {
        await consumer.received(total)
        session.assertEachOnce(consumer, publisher, total)
      }
    },
  },
  {
    title: 'two consumers of two queues get their own messages only',
    async run(session) {
      const queues = [await session.destination(), await session.destination()]
      const consumers = await Promise.all(queues.map((queue) => session.consumer(queue)))
      const publishers = await Promise.all(queues.map((queue) => session.publisher(queue)))
      await Promise.all(publishers.map((publisher) => publisher.send(50)))
      for (const [index, consumer] of consumers.entries()) {
        await consumer.received(50)
        assert.deepEqual([...new Set(consumer.deliveries.map((each) => each.producer))], [publishers[index]?.producer])
      }
    },
  },
  {
    title: 'no delivery comes after close has resolved',
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { prefetch: 10 })
      const publisher = await session.publisher(queue)
      await publisher.send(20)
      await consumer.received(1)
      await consumer.consumer.close()
      const atClose = consumer.deliveries.length
      await publisher.send(40)
      await session.roundTrips()
      assert.equal(consumer.deliveries.length, atClose)
      assert.deepEqual(consumer.closedBy, [], 'close() is not a lost connection')
    },
  },
]
