import assert from 'node:assert/strict'
import { needs, type ContractClause } from './contract-clause.ts'
import { assertShared } from './contract-sharing.ts'

/** Clauses about subscriptions to a topic that are more than a connection's own. */
export const subscriptionTests: readonly ContractClause[] = [
  {
    title: 'a durable subscription is given what was published while it was away, and nothing twice',
    missing: needs(['durableSubscriptions'], ['durableSubscriptions']),
    async run(session) {
      const topic = await session.destination('topic')
      const subscription = { kind: 'durable', name: session.clientId('kept') } as const
      const over = { subscription, clientId: session.clientId('subscriber') }
      const first = await session.consumer(topic, over)
      const publisher = await session.publisher(topic)
      await publisher.send(10)
      await first.received(10)
      await first.consumer.close()
      await publisher.send(20)
      if (session.driver.capabilities.confirms) await publisher.confirmed(20)

      const next = await session.consumer(topic, over)
      await next.received(10)
      await publisher.send(21)
      await next.received(11)
      assert.deepEqual(
        next.sequences(publisher.producer).sort((a, b) => a - b),
        Array.from({ length: 11 }, (_, index) => 10 + index),
      )
    },
  },
  {
    title: 'two durable subscriptions of a topic are each given every message',
    missing: needs(['durableSubscriptions'], ['durableSubscriptions']),
    async run(session) {
      const topic = await session.destination('topic')
      const over = { subscription: { kind: 'durable', name: session.clientId('kept') } } as const
      const consumers = [await session.consumer(topic, over), await session.consumer(topic, over)]
      const publisher = await session.publisher(topic)
      await publisher.send(50)
      for (const consumer of consumers) {
        await consumer.received(50)
        session.assertEachOnce(consumer, publisher, 50)
      }
    },
  },
  {
    title: 'two consumers of a shared subscription are given each message once between them, a plain one all',
    missing: needs(['sharedSubscriptions'], ['sharedSubscriptions']),
    async run(session) {
      const topic = await session.destination('topic')
      const over = { subscription: { kind: 'shared', name: session.clientId('together') }, prefetch: 10 } as const
      const sharing = [await session.consumer(topic, over), await session.consumer(topic, over)]
      const plain = await session.consumer(topic)
      const publisher = await session.publisher(topic)
      await publisher.send(200)
      await plain.received(200)
      session.assertEachOnce(plain, publisher, 200)
      await assertShared(session, sharing, publisher, 0)
    },
  },
  {
    title: 'a shared durable subscription shares what was published while nobody was there',
    missing: needs(['sharedSubscriptions', 'durableSubscriptions'], ['sharedDurableSubscriptions']),
    async run(session) {
      const topic = await session.destination('topic')
      const subscription = { kind: 'shared-durable', name: session.clientId('together') } as const
      const first = await session.consumer(topic, { subscription, prefetch: 10 })
      const publisher = await session.publisher(topic)
      await publisher.send(10)
      await first.received(10)
      await first.consumer.close()
      await publisher.send(20)
      if (session.driver.capabilities.confirms) await publisher.confirmed(20)

      const over = { subscription, prefetch: 5 }
      const sharing = [await session.consumer(topic, over), await session.consumer(topic, over)]
      await publisher.send(200)
      await assertShared(session, sharing, publisher, 10)
    },
  },
]
