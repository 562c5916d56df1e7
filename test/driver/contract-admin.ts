import assert from 'node:assert/strict'
import type { ContractClause } from './contract-clause.ts'
import { needs, withoutQueues } from './contract-clause.ts'

/** Clauses about declaring and removing destinations. */
export const adminTests: readonly ContractClause[] = [
  {
    title: 'declaring twice and removing twice is the same as once',
    async run(session) {
      const queue = { kind: 'queue', name: session.clientId('queue') } as const
      const admin = await session.admin()
      await admin.declare(queue, { arguments: {}, durable: true })
      await admin.declare(queue, { arguments: {}, durable: true })
      const first = await admin.remove(queue, [])
      const second = await admin.remove(queue, [])
      assert.notEqual(first, 'remains')
      assert.notEqual(second, 'remains')
      await admin.close()
    },
  },
  {
    title: 'a destination that was removed has no messages left',
    missing: withoutQueues,
    async run(session) {
      const queue = await session.destination()
      const clientId = session.clientId('left-behind')
      const first = await session.consumer(queue, { clientId, hold: true })
      const publisher = await session.publisher(queue)
      await publisher.send(40)
      if (session.driver.capabilities.confirms) await publisher.confirmed(40)
      await first.consumer.close()
      await publisher.publisher.close()
      const admin = await session.admin()
      const removal = await admin.remove(queue, [clientId])
      assert.notEqual(removal, 'remains')
      await admin.declare(queue, { arguments: {}, durable: true })

      const next = await session.consumer(queue, { clientId })
      const mark = await session.publisher(queue)
      await mark.send(1)
      await next.received(1)
      assert.deepEqual(
        next.deliveries.map((each) => each.producer),
        [mark.producer],
      )
      await admin.close()
    },
  },
  ...(['durable', 'shared-durable'] as const).map((kind): ContractClause => ({
    title: `a ${kind} subscription that was removed with its topic keeps nothing`,
    missing:
      kind === 'durable'
        ? needs(['durableSubscriptions'], ['durableSubscriptions'])
        : needs(['sharedSubscriptions', 'durableSubscriptions'], ['sharedDurableSubscriptions']),
    async run(session) {
      const topic = await session.destination('topic')
      const clientId = session.clientId('subscriber')
      const over = { subscription: { kind, name: session.clientId('kept') }, clientId }
      const first = await session.consumer(topic, over)
      await first.consumer.close()
      const publisher = await session.publisher(topic)
      await publisher.send(20)
      if (session.driver.capabilities.confirms) await publisher.confirmed(20)
      const admin = await session.admin()
      await admin.remove(topic, [clientId], session.keptOf(topic))
      await admin.close()

      const next = await session.consumer(topic, over)
      const mark = await session.publisher(topic)
      await mark.send(1)
      await next.received(1)
      await session.roundTrips()
      assert.deepEqual(
        next.deliveries.map((each) => each.producer),
        [mark.producer],
      )
    },
  })),
]
