/** The variation of a single run by its own seconds. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withinRunVariation } from '../../../src/measure/statistics/within-run-variation.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'

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
