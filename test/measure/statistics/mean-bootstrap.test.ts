/** The bootstrap of a mean over runs and seconds, and the variation of a single run. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bootstrapMean } from '../../../src/measure/statistics/mean-bootstrap.ts'
import { withinRunVariation } from '../../../src/measure/statistics/within-run-variation.ts'
import { studentQuantile } from '../../../src/measure/statistics/student-distribution.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'

/** Seconds of one run around its own mean. */
function runOf(random: SeededRandom, betweenRuns: number, withinRun: number, seconds: number): number[] {
  const mean = 1_000 * (1 + betweenRuns * random.normal())
  return Array.from({ length: seconds }, () => mean * (1 + withinRun * random.normal()))
}

function coverage(runs: number, betweenRuns: number, withinRun: number): number {
  const random = new SeededRandom(36)
  let covered = 0
  const campaigns = 300
  for (let campaign = 0; campaign < campaigns; campaign++) {
    const seconds = Array.from({ length: runs }, () => runOf(random, betweenRuns, withinRun, 10))
    const interval = bootstrapMean(seconds, { seed: campaign, resamples: 500 })
    if (interval !== null && interval.low <= 1_000 && interval.high >= 1_000) covered++
  }
  return covered / campaigns
}

describe('The bootstrap of a mean', () => {
  test('holds the truth where the seconds vary, and too seldom where only runs do and they are few', () => {
    for (const runs of [3, 5]) assert.ok(coverage(runs, 0, 0.1) > 0.9, `${runs} runs: ${coverage(runs, 0, 0.1)}`)
    const few = [2, 3, 5].map((runs) => coverage(runs, 0.03, 0.001))
    // docs/method/repetitions.md names these.
    for (const [index, claimed] of [0.5, 0.75, 0.85].entries())
      assert.ok(Math.abs((few[index] ?? 0) - claimed) < 0.07, JSON.stringify(few))
  })

  test('is the same for the same seed, a point for runs that are alike, and nothing for one run or an empty one', () => {
    const runs = [
      [10, 11, 12],
      [12, 13, 14],
    ]
    assert.deepEqual(bootstrapMean(runs, { seed: 4 }), bootstrapMean(runs, { seed: 4 }))
    assert.deepEqual(bootstrapMean([[5, 5], [5]], { seed: 1 }), { low: 5, high: 5, confidence: 0.95 })
    assert.equal(bootstrapMean([[1, 2]], { seed: 1 }), null)
    assert.equal(bootstrapMean([[1, 2], []], { seed: 1 }), null)
  })

  test('draws blocks of seconds from long runs, of the same mean', () => {
    const long = Array.from({ length: 1_000 }, (_, second) => (second % 10 === 0 ? 190 : 90))
    const interval = bootstrapMean([long, long], { seed: 1 })
    assert.ok(interval !== null && interval.low > 95 && interval.high < 105, JSON.stringify(interval))
  })
})

describe('The variation of one run by its own seconds', () => {
  test('is the standard error of its mean, larger by the autocorrelation of the seconds', () => {
    const random = new SeededRandom(38)
    const spread = (correlation: number) => {
      let estimated = 0
      const means: number[] = []
      for (let run = 0; run < 400; run++) {
        let state = random.normal()
        const seconds = Array.from({ length: 60 }, () => {
          state = correlation * state + Math.sqrt(1 - correlation ** 2) * random.normal()
          return 1_000 * (1 + 0.05 * state)
        })
        means.push(seconds.reduce((sum, value) => sum + value, 0) / 60 / 1_000 - 1)
        estimated += (withinRunVariation(seconds)?.cv ?? 0) / 400
      }
      return estimated / Math.sqrt(means.reduce((sum, mean) => sum + mean ** 2, 0) / 400)
    }
    for (const correlation of [0, 0.5, 0.8]) {
      const ratio = spread(correlation)
      assert.ok(ratio > 0.8 && ratio < 1.25, `correlation ${correlation}: ${ratio}`)
    }
  })

  test('is none of too few seconds, or of seconds that are all alike', () => {
    assert.equal(withinRunVariation([1, 2, 3, 4, 5, 6, 7]), null)
    assert.equal(withinRunVariation(Array<number>(20).fill(5)), null)
  })
})

test("Student's quantiles are those of the tables from 3 degrees of freedom on", () => {
  const tables = [
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
  ] as const
  for (const [degrees, t] of tables) {
    const found = studentQuantile(1.959964, degrees)
    assert.ok(Math.abs(found / t - 1) < 0.01, `${degrees}: ${found}`)
  }
  assert.equal(studentQuantile(1.96, Infinity), 1.96)
})
