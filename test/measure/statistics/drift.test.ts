import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { judgeDrift } from '../../../src/measure/statistics/drift.ts'

const TRIALS = 2_000

/** Share of matrices flagged when everything after `stepAt` (0 start, 1 middle, 2 end) is 5 % slower. */
function flagged(cv: number, repetitions: number, step: number, stepAt: number): number {
  const random = new SeededRandom(37)
  let drifted = 0
  for (let trial = 0; trial < TRIALS; trial++) {
    const place = (index: number) =>
      Array.from({ length: repetitions }, () => (index >= stepAt ? 1 - step : 1) * (1 + cv * random.normal()))
    if (judgeDrift({ start: place(0), middle: place(1), end: place(2) }, cv)?.drifted === true) drifted++
  }
  return drifted / TRIALS
}

describe('R3.7: the sentinel', () => {
  test('R3.7 flags a 5 % step in the middle of a matrix in at least 95 %, before or after its middle measurement', () => {
    for (const stepAt of [1, 2]) {
      assert.ok(flagged(0.0175, 5, 0.05, stepAt) >= 0.95, `five repetitions, step before ${stepAt}`)
      assert.ok(flagged(0.0078, 1, 0.05, stepAt) >= 0.95, `one repetition, step before ${stepAt}`)
    }
  })

  test('flags a machine that stays the same in about 1.5 %', () => {
    const share = flagged(0.0175, 5, 0, 1)
    assert.ok(share < 0.025, String(share))
  })

  test('is not judged where a place is missing or the variation is not known', () => {
    assert.equal(judgeDrift({ start: [1], middle: [], end: [1] }, 0.01), null)
    assert.equal(judgeDrift({ start: [1], middle: [1], end: [1] }, null), null)
  })
})
