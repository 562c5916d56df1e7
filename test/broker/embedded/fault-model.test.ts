import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Displacement } from '../../../src/broker/embedded/displacement.ts'
import { parseFaultConfig } from '../../../src/broker/embedded/fault-config.ts'
import { DISPLACED_QUIET_US, FaultModel } from '../../../src/broker/embedded/fault-model.ts'
import type { FaultCounts, MessageFate } from '../../../src/broker/embedded/fault-model.ts'
import { PeriodicWindow } from '../../../src/broker/embedded/periodic-window.ts'

const SECOND_US = 1_000_000

function modelOf(switches: Readonly<Record<string, string>>): FaultModel {
  return new FaultModel(parseFaultConfig(switches))
}

/** Fates of messages 1..count of one queue, one every `everyUs` from time 0 on. */
function fates(model: FaultModel, count: number, everyUs = 1000): MessageFate[] {
  return Array.from({ length: count }, (_, index) => ({ ...model.onPublish(index + 1, index * everyUs) }))
}

describe('the fault model', () => {
  test('without switches serves every message at once, once, in its place', () => {
    for (const [index, fate] of fates(modelOf({}), 10).entries()) {
      assert.deepEqual(fate, {
        serveAtUs: index * 1000,
        deliverAtUs: index * 1000,
        answered: true,
        copies: 1,
        displaceBy: 0,
        corrupt: false,
        cut: false,
      })
    }
  })

  test('stalls for the first time half a period after the first publish', () => {
    const model = modelOf({ stallMs: '500', stallEveryMs: '5000' })
    model.onPublish(1, 7 * SECOND_US)
    const served = (offsetMs: number) => model.onPublish(2, 7 * SECOND_US + offsetMs * 1000).serveAtUs / 1000 - 7000
    assert.deepEqual([2499, 2500, 2750, 2999, 3000, 7499, 7600].map(served), [2499, 3000, 3000, 3000, 3000, 7499, 8000])
    assert.equal(model.servesAgainAt(7 * SECOND_US + 12_600_000), 7 * SECOND_US + 13_000_000)
  })

  test('has the stall latencies of the closed formula', () => {
    const stalled = fates(modelOf({ stallMs: '500', stallEveryMs: '5000' }), 10_000, 500)
    const waits = stalled.map((fate, index) => (fate.serveAtUs - index * 500) / 1000).toSorted((a, b) => a - b)
    assert.equal(Math.round(waits[Math.ceil(waits.length * 0.99) - 1] ?? 0), 450)
    assert.ok(Math.abs(waits.reduce((sum, wait) => sum + wait, 0) / waits.length - 25) < 0.1)
  })

  test('a capacity spaces messages out and leaves an idle stub at once', () => {
    const model = modelOf({ capacityPerSecond: '4000' })
    assert.deepEqual(
      [0, 0, 0, 10_000].map((nowUs) => model.onPublish(1, nowUs).serveAtUs),
      [0, 250, 500, 10_000],
    )
  })

  test('one server with a fixed service time works on one message after the other', () => {
    const model = modelOf({ serviceMicros: '500' })
    assert.deepEqual(
      [0, 0, 400, 5000].map((nowUs) => model.onPublish(1, nowUs).serveAtUs),
      [500, 1000, 1500, 5500],
    )
  })

  test('a service that a stall interrupts goes on after it', () => {
    const model = modelOf({ serviceMicros: '2000', stallMs: '1', stallEveryMs: '10' })
    model.startAt(0)
    assert.equal(model.onPublish(1, 4000).serveAtUs, 7000)
  })

  test('exponential service times have the mean that was asked for and come again with the seed', () => {
    const served = (seed: string): number[] => {
      const model = modelOf({ serviceMicros: '500', service: 'exponential', seed })
      return fates(model, 100_000, 1_000_000).map((fate, index) => fate.serveAtUs - index * 1_000_000)
    }
    const times = served('3')
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    assert.ok(Math.abs(mean - 500) < 5, `mean ${mean}`)
    const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length)
    assert.ok(Math.abs(deviation - 500) < 10, `deviation ${deviation}`)
    assert.deepEqual(served('3'), times)
    assert.notDeepEqual(served('4'), times)
  })

  const counted: readonly [switches: Record<string, string>, counts: Partial<FaultCounts>][] = [
    [{ dropEvery: '10' }, { dropped: 100 }],
    [{ duplicateEvery: '7' }, { duplicated: 142 }],
    [{ corruptEvery: '100' }, { corrupted: 10 }],
    [{ holdBack: '25' }, { heldBack: 25 }],
    [{ loseUnconfirmed: '8' }, { unanswered: 125 }],
    [{ cutAfterMessages: '500' }, { unanswered: 1, cut: 1 }],
    [
      { dropEvery: '1000', duplicateEvery: '500' },
      { dropped: 1, duplicated: 1 },
    ],
    [
      { loseUnconfirmed: '10', dropEvery: '5' },
      { unanswered: 100, dropped: 100 },
    ],
  ]
  for (const [switches, counts] of counted) {
    test(`counts exactly what ${JSON.stringify(switches)} does to 1000 messages`, () => {
      const model = modelOf(switches)
      const all = fates(model, 1000)
      const expected = { published: 1000, ...noneBut(counts) }
      assert.deepEqual(model.counts(), expected)
      const copies = all.reduce((sum, { copies: each }) => sum + each, 0)
      assert.equal(copies, 1000 - expected.dropped - expected.unanswered + expected.duplicated)
    })
  }

  test('holds the first messages back for the time given, or for good', () => {
    const timed = fates(modelOf({ holdBack: '2', holdBackMs: '8000' }), 3)
    assert.deepEqual(
      timed.map(({ serveAtUs, deliverAtUs }) => deliverAtUs - serveAtUs),
      [8_000_000, 8_000_000, 0],
    )
    assert.equal(fates(modelOf({ holdBack: '1' }), 1)[0]?.deliverAtUs, Infinity)
  })
})

describe('a displaced message', () => {
  /** The order in which 1..count leave, and the model that counted. */
  function displaced(
    count: number,
    switches: Readonly<Record<string, string>>,
  ): { order: number[]; reordered: number } {
    const model = modelOf(switches)
    const order: number[] = []
    const displacement = new Displacement<number>(model, (message) => order.push(message))
    for (let message = 1; message <= count; message++) {
      displacement.offer(message, model.onPublish(message, message).displaceBy, message)
    }
    displacement.releaseQuiet(count + DISPLACED_QUIET_US - 1)
    displacement.releaseQuiet(count + DISPLACED_QUIET_US)
    return { order, reordered: model.counts().reordered }
  }

  test('is overtaken by exactly as many messages as asked for', () => {
    const { order, reordered } = displaced(9, { reorderEvery: '4', reorderBy: '2' })
    assert.deepEqual(order, [1, 2, 3, 5, 6, 4, 7, 9, 8])
    assert.equal(reordered, 2)
  })

  test('is not counted when nothing overtook it before the queue was quiet', () => {
    assert.deepEqual(displaced(4, { reorderEvery: '4' }), { order: [1, 2, 3, 4], reordered: 0 })
  })

  test('is never lost, and the count is that of messages behind a later one', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), (count, every, by) => {
        const { order, reordered } = displaced(count, { reorderEvery: String(every), reorderBy: String(by) })
        assert.deepEqual(
          order.toSorted((a, b) => a - b),
          Array.from({ length: count }, (_, index) => index + 1),
        )
        const isDisplaced = (message: number) => message % every === 0
        const late = order.filter(
          (message, index) =>
            isDisplaced(message) && order.slice(0, index).some((earlier) => !isDisplaced(earlier) && earlier > message),
        )
        assert.equal(reordered, late.length)
      }),
    )
  })
})

describe('a periodic window', () => {
  test('finishes work outside the windows only', () => {
    const window = new PeriodicWindow({ durationMs: 1, everyMs: 10 })
    window.startAt(0)
    assert.equal(window.finish(0, 5000), 5000)
    assert.equal(window.finish(0, 5001), 6001)
    assert.equal(window.finish(5500, 9000 + 1), 16_001)
    assert.equal(window.nextStart(0), 5000)
    assert.equal(window.nextStart(5000), 5000)
    assert.equal(window.nextStart(5001), 15_000)
  })
})

function noneBut(counts: Partial<FaultCounts>): Omit<FaultCounts, 'published'> {
  return { dropped: 0, duplicated: 0, reordered: 0, heldBack: 0, corrupted: 0, unanswered: 0, cut: 0, ...counts }
}
