import assert from 'node:assert/strict'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { ContractClause } from './contract-clause.ts'
import { withoutConfirms, withoutSocket } from './contract-clause.ts'
import { eventually } from './eventually.ts'

/** Clauses about a connection that is cut from outside. */
export const lostConnectionTests: readonly ContractClause[] = [
  {
    title: 'a cut connection settles everything unanswered as unknown, then reports the loss once',
    missing: (capabilities, endpoint) => withoutSocket(capabilities, endpoint) ?? withoutConfirms(capabilities),
    async run(session) {
      const queue = await session.destination()
      await session.consumer(queue)
      const { proxy, endpoint } = await session.proxy()
      const publisher = await session.publisher(queue, {}, endpoint)
      await publisher.send(10)
      await publisher.confirmed(10)
      proxy.holdAnswers()
      const limit = 10 + Math.min(50, publisher.inFlightMax)
      while (publisher.accepted < limit && !publisher.mustWait) publisher.offer()
      const total = publisher.accepted
      assert.ok(total > 10)
      assert.equal(publisher.outcomes.size, 10)
      proxy.cut()
      await eventually(
        () => publisher.closedBy.length > 0,
        'onClosed',
        () => publisher.summary(),
      )
      assert.equal(publisher.outcomes.size, total, 'settled before onClosed')
      const unknown = [...publisher.outcomes.values()].filter((outcome) => outcome === 'unknown')
      assert.equal(unknown.length, total - 10)
      assert.ok(publisher.closedBy[0] instanceof DriverError)
      await publisher.publisher.close()
      await session.roundTrips()
      assert.equal(publisher.closedBy.length, 1)
    },
  },
  {
    title: 'a publisher on a lost connection takes nothing more and throws nothing',
    missing: withoutSocket,
    async run(session) {
      const queue = await session.destination()
      const { proxy, endpoint } = await session.proxy()
      const publisher = await session.publisher(queue, {}, endpoint)
      proxy.cut()
      await eventually(
        () => publisher.closedBy.length > 0,
        'onClosed',
        () => publisher.summary(),
      )
      assert.equal(publisher.offer(), false)
      assert.equal(publisher.outcomes.size, 0)
    },
  },
  {
    title: 'a consumer reports a cut connection once, and acknowledging afterwards throws nothing',
    missing: withoutSocket,
    async run(session) {
      const queue = await session.destination()
      const { proxy, endpoint } = await session.proxy()
      const consumer = await session.consumer(queue, { hold: true }, endpoint)
      const publisher = await session.publisher(queue)
      await publisher.send(10)
      await consumer.received(10)
      proxy.cut()
      await eventually(() => consumer.closedBy.length > 0, 'onClosed')
      assert.ok(consumer.closedBy[0] instanceof DriverError)
      consumer.acknowledgeTo(10)
      await consumer.consumer.close()
      await session.roundTrips()
      assert.equal(consumer.closedBy.length, 1)
    },
  },
  {
    title: 'a cut while connecting is an error of openPublisher, not a hang',
    missing: withoutSocket,
    async run(session) {
      const queue = await session.destination()
      const { proxy, endpoint } = await session.proxy()
      const opening = session.publisher(queue, {}, endpoint).then(
        () => null,
        (error: unknown) => error,
      )
      await eventually(() => proxy.connections() > 0, 'the driver connects')
      proxy.cut()
      const thrown = await opening
      assert.ok(thrown === null || thrown instanceof DriverError, String(thrown))
    },
  },
]
