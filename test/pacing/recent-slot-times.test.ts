import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { poisson } from '../../src/pacing/poisson.ts'
import { constantRate } from '../../src/pacing/rate-curves.ts'
import { RecentSlotTimes } from '../../src/pacing/recent-slot-times.ts'
import { inTurn, type Schedule } from '../../src/pacing/schedule.ts'

/** The first slots of a producer, by the cursor that its messages leave by. */
function slotsOf(schedule: Schedule, producer: number, count: number): number[] {
  const cursor = schedule.cursor()
  const times: number[] = []
  while (times.length < count) {
    if (cursor.producer === producer) times.push(cursor.atUs)
    cursor.advance()
  }
  return times
}

describe('the times of slots by producer and sequence number', () => {
  for (const [name, schedule] of [
    ['in turn', inTurn(constantRate(3_333.3), 3)],
    ['Poisson', poisson(3_333.3, 7, 3)],
  ] as const) {
    test(`are those of the cursor, in whatever order they are asked for (${name})`, () => {
      const slots = [0, 1, 2].map((producer) => slotsOf(schedule, producer, 500))
      const question = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 499 }))
      fc.assert(
        fc.property(fc.array(question, { maxLength: 50 }), (questions) => {
          const times = schedule.slotTimes([0, 1, 2])
          for (const [producer, sequence] of questions) {
            assert.equal(times.atUs(producer, sequence, Infinity), slots[producer]?.[sequence])
          }
        }),
      )
    })
  }
})

describe('recent slot times', () => {
  test('of a long run are forgotten when their place is needed, and not before', () => {
    const schedule = poisson(1_000, 7, 2)
    const slots = slotsOf(schedule, 0, 5_000)
    const times = new RecentSlotTimes(schedule.cursor(), [0, 1], 2 * 2_048)
    assert.equal(times.atUs(0, 4_999, Infinity), slots[4_999])
    assert.equal(times.atUs(0, 5_000 - 2_048, Infinity), slots[5_000 - 2_048])
    assert.ok(Number.isNaN(times.atUs(0, 4_999 - 2_048, Infinity)))
  })

  test('are not walked to further than they are asked for: a made-up sequence number costs no walk', () => {
    const times = poisson(1_000, 7, 1).slotTimes([0])
    assert.ok(Number.isNaN(times.atUs(0, 2 ** 52, 1e6)))
    assert.equal(times.atUs(0, 0, 1e6), slotsOf(poisson(1_000, 7, 1), 0, 1)[0])
  })

  test('are kept of the producers alone that are heard', () => {
    const times = poisson(1_000, 7, 3).slotTimes([1])
    assert.ok(Number.isNaN(times.atUs(0, 0, Infinity)))
    assert.equal(times.atUs(1, 99, Infinity), slotsOf(poisson(1_000, 7, 3), 1, 100)[99])
  })
})
