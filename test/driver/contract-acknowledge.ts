import assert from 'node:assert/strict'
import type { AcknowledgePolicy } from '../../src/driver/driver.ts'
import type { ContractSession } from './contract-session.ts'
import type { ContractClause } from './contract-clause.ts'
import { withoutQueues } from './contract-clause.ts'

/** Messages delivered and not acknowledged at a time: RabbitMQ's MQTT gives no consumer more than 10. */
const HELD = 10

/** Clauses about acknowledging: what a next consumer finds in the queue. It has the same client id, as MQTT's sessions need. */
export const acknowledgeTests: readonly ContractClause[] = [
  {
    title: 'acknowledge each: acknowledged messages are gone, the others come to the next consumer',
    missing: withoutQueues,
    run: (session) => leavesBehind(session, { kind: 'each' }, HELD, 6, 6),
  },
  {
    title: 'acknowledge each: nothing acknowledged, everything comes again',
    missing: withoutQueues,
    run: (session) => leavesBehind(session, { kind: 'each' }, HELD, 0, 0),
  },
  {
    title: 'acknowledge every N: full batches and what close() sends are gone, the others come again',
    missing: (capabilities) =>
      withoutQueues(capabilities) ??
      (capabilities.acknowledge.includes('every') ? null : 'capability acknowledge: no every'),
    run: (session) => leavesBehind(session, { kind: 'every', messages: 5 }, 20, 13, 13),
  },
  {
    title: 'acknowledge every N keeps deliveries flowing under a prefetch of two batches',
    missing: (capabilities) => (capabilities.acknowledge.includes('every') ? null : 'capability acknowledge: no every'),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { acknowledge: { kind: 'every', messages: 10 }, prefetch: 20 })
      const publisher = await session.publisher(queue)
      await publisher.send(300)
      await consumer.received(300)
      session.assertEachOnce(consumer, publisher, 300)
    },
  },
  {
    title: 'acknowledge auto keeps deliveries flowing beyond the prefetch, however much of it is used up',
    missing: (capabilities) => (capabilities.acknowledge.includes('auto') ? null : 'capability acknowledge: no auto'),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { acknowledge: { kind: 'auto' }, prefetch: 2 })
      const publisher = await session.publisher(queue)
      await publisher.send(300)
      await consumer.received(300)
      session.assertEachOnce(consumer, publisher, 300)
    },
  },
  {
    title: 'acknowledge auto: a delivered message does not come again',
    missing: (capabilities) =>
      withoutQueues(capabilities) ??
      (capabilities.acknowledge.includes('auto') ? null : 'capability acknowledge: no auto'),
    run: (session) => leavesBehind(session, { kind: 'auto' }, 20, 0, 20),
  },
]

/**
 * Delivers `total`, acknowledges the first `acknowledged`, closes, and expects the next consumer to find all that were
 * delivered after the first `gone`: not all from sequence `gone` on, because a broker that reorders delivered others first.
 */
async function leavesBehind(
  session: ContractSession,
  acknowledge: AcknowledgePolicy,
  total: number,
  acknowledged: number,
  gone: number,
): Promise<void> {
  const queue = await session.destination()
  const over = { acknowledge, clientId: session.clientId('resumed'), hold: true }
  const first = await session.consumer(queue, over)
  const publisher = await session.publisher(queue)
  await publisher.send(total)
  await first.received(total)
  session.assertEachOnce(first, publisher, total)
  first.acknowledgeTo(acknowledged)
  await first.consumer.close()
  const left = first.sequences(publisher.producer).slice(gone)

  const next = await session.consumer(queue, { ...over, hold: false })
  await next.received(left.length)
  // A mark behind everything that was left: what had to be gone would have come before it.
  await publisher.send(total + 1)
  await next.received(left.length + 1)
  const found = next.sequences(publisher.producer).sort((a, b) => a - b)
  assert.deepEqual(
    found,
    [...left, total].sort((a, b) => a - b),
  )
}
