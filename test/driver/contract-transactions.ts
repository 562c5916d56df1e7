import assert from 'node:assert/strict'
import { needs, withoutSocket, type ContractClause } from './contract-clause.ts'
import type { ConsumerRecorder } from './contract-consumer.ts'
import type { PublisherRecorder } from './contract-publisher.ts'
import type { ContractSession } from './contract-session.ts'
import { eventually } from './eventually.ts'

/** Messages acknowledged in one transaction, and how many are delivered, so that one is full and one is not. */
const TRANSACTION_MESSAGES = 5
const DELIVERED = 10
const ACKNOWLEDGED = 8

const TRANSACTED = { transacted: true, inFlightMax: 100 }
const publishing = needs(['transactions'], ['transactions'])
const consuming = needs(['transactions'], ['consumerTransactions'])

/** Clauses about transactions, of producers and of consumers. */
export const transactionTests: readonly ContractClause[] = [
  {
    title: 'messages of a transaction are delivered and settled after its commit, and not before',
    missing: publishing,
    async run(session) {
      const { consumer, publisher } = await openPair(session)
      publisher.commit()
      await publisher.send(10)
      await session.roundTrips()
      assert.equal(consumer.deliveries.length, 0)
      assert.equal(publisher.outcomes.size, 0)
      publisher.commit()
      await consumer.received(10)
      if (session.driver.capabilities.confirms) await publisher.confirmed(10)
      session.assertEachOnce(consumer, publisher, 10)
    },
  },
  {
    title: 'transactions follow each other without waiting, each settled whole and in order',
    missing: publishing,
    async run(session) {
      const { consumer, publisher } = await openPair(session)
      for (let transaction = 1; transaction <= 20; transaction++) {
        await publisher.send(transaction * 4)
        publisher.commit()
      }
      await consumer.received(80)
      if (session.driver.capabilities.confirms) await publisher.confirmed(80)
      session.assertEachOnce(consumer, publisher, 80)
    },
  },
  {
    title: 'messages of a transaction that was rolled back are never delivered, and settled as refused',
    missing: publishing,
    async run(session) {
      const { consumer, publisher } = await openPair(session)
      publisher.rollback()
      await publisher.send(10)
      publisher.rollback()
      await publisher.send(15)
      publisher.commit()
      await consumer.received(5)
      if (session.driver.capabilities.confirms) {
        await publisher.settled(15)
        const outcomes = Array.from({ length: 15 }, (_, sequence) => publisher.outcomes.get(sequence))
        assert.deepEqual(outcomes, [...Array<string>(10).fill('refused'), ...Array<string>(5).fill('confirmed')])
        assert.deepEqual([...new Set(publisher.codes.values())], ['rolled back'])
        assert.equal(publisher.codes.size, 10)
      }
      await session.roundTrips()
      const delivered = consumer.sequences(publisher.producer).sort((a, b) => a - b)
      assert.deepEqual(delivered, [10, 11, 12, 13, 14])
    },
  },
  {
    title: 'closing a publisher in a transaction delivers none of it',
    missing: publishing,
    async run(session) {
      const { consumer, publisher } = await openPair(session)
      await publisher.send(10)
      await publisher.publisher.close()
      if (session.driver.capabilities.confirms) assert.equal(publisher.outcomes.size, 10)
      assert.ok(![...publisher.outcomes.values()].includes('confirmed'))
      await session.roundTrips()
      assert.equal(consumer.deliveries.length, 0)
    },
  },
  {
    title: 'a cut connection delivers nothing of an open transaction, and settles it as unknown',
    missing: (...asked) => publishing(...asked) ?? withoutSocket(asked[0], asked[1]),
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue)
      const { proxy, endpoint } = await session.proxy()
      const publisher = await session.publisher(queue, TRANSACTED, endpoint)
      await publisher.send(10)
      await session.roundTrips()
      proxy.cut()
      await eventually(
        () => publisher.closedBy.length > 0,
        'onClosed',
        () => publisher.summary(),
      )
      assert.deepEqual([...publisher.outcomes.values()], Array<string>(10).fill('unknown'))
      await session.roundTrips()
      assert.equal(consumer.deliveries.length, 0)
    },
  },
  {
    title: 'acknowledgements of full transactions outlive a cut connection, those of an open one do not',
    missing: (...asked) => consuming(...asked) ?? withoutSocket(asked[0], asked[1]),
    async run(session) {
      const { proxy, endpoint } = await session.proxy()
      await comesAgain(session, endpoint, TRANSACTION_MESSAGES, async (consumer) => {
        // What was acknowledged last is with the broker before the cut.
        await session.roundTrips()
        proxy.cut()
        await eventually(() => consumer.closedBy.length > 0, 'onClosed')
      })
    },
  },
  {
    title: 'closing a consumer commits the acknowledgements of its open transaction',
    missing: consuming,
    async run(session) {
      await comesAgain(session, session.endpoint, ACKNOWLEDGED, (consumer) => consumer.consumer.close())
    },
  },
  {
    title: 'transactions of acknowledgements keep deliveries flowing under a prefetch of two of them',
    missing: consuming,
    async run(session) {
      const queue = await session.destination()
      const consumer = await session.consumer(queue, { transactionMessages: 10, prefetch: 20 })
      const publisher = await session.publisher(queue)
      await publisher.send(300)
      await consumer.received(300)
      session.assertEachOnce(consumer, publisher, 300)
    },
  },
]

async function openPair(
  session: ContractSession,
): Promise<{ readonly consumer: ConsumerRecorder; readonly publisher: PublisherRecorder }> {
  const queue = await session.destination()
  const consumer = await session.consumer(queue)
  return { consumer, publisher: await session.publisher(queue, TRANSACTED) }
}

/**
 * Delivers, acknowledges some in transactions, lets the consumer `end`, and expects the next to find all that were
 * delivered after the first `gone`.
 */
async function comesAgain(
  session: ContractSession,
  endpoint: ContractSession['endpoint'],
  gone: number,
  end: (consumer: ConsumerRecorder) => Promise<void>,
): Promise<void> {
  const queue = await session.destination()
  const over = { transactionMessages: TRANSACTION_MESSAGES, clientId: session.clientId('resumed') }
  const first = await session.consumer(queue, { ...over, hold: true }, endpoint)
  const publisher = await session.publisher(queue)
  await publisher.send(DELIVERED)
  await first.received(DELIVERED)
  session.assertEachOnce(first, publisher, DELIVERED)
  first.acknowledgeTo(ACKNOWLEDGED)
  await end(first)
  const left = first.sequences(publisher.producer).slice(gone)

  const next = await session.consumer(queue, over)
  await next.received(left.length)
  // A mark behind everything that was left: what had to be gone would have come before it.
  await publisher.send(DELIVERED + 1)
  await next.received(left.length + 1)
  const found = next.sequences(publisher.producer).sort((a, b) => a - b)
  assert.deepEqual(
    found,
    [...left, DELIVERED].sort((a, b) => a - b),
  )
}
