/** The Mann-Whitney U test: tabulated values, ties, and what the order of running does to it under drift (R3.4). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mannWhitney } from '../../../src/measure/statistics/mann-whitney.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'

const upTo = (count: number, from = 1): number[] => Array.from({ length: count }, (_, index) => from + index)

describe('The Mann-Whitney U test', () => {
  test('of samples that do not overlap has the least p that there is: 2 / (n over k), 0.1 for three against three', () => {
    assert.deepEqual(mannWhitney([1, 2, 3], [4, 5, 6]), { u: 0, p: 0.1, method: 'exact' })
    assert.equal(mannWhitney([4, 5, 6], [1, 2, 3]).u, 9)
    assert.equal(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).p.toFixed(4), '0.0286')
    assert.equal(mannWhitney(upTo(10), upTo(10, 11)).p.toFixed(8), (2 / 184_756).toFixed(8))
  })

  test('has the critical value of the tables: U = 23 of ten against ten is below 5 %, U = 24 is not', () => {
    const withU = (u: number): number => {
      // One value of `a` moved past u values of `b` at a time.
      const b = upTo(10, 11)
      const a = upTo(10).map((value, index) => {
        const passed = Math.min(10, Math.max(0, u - 10 * (9 - index)))
        return passed === 0 ? value : 10.5 + passed
      })
      const outcome = mannWhitney(a, b)
      assert.equal(outcome.u, u)
      return outcome.p
    }
    assert.ok(withU(23) < 0.05, String(withU(23)))
    assert.ok(withU(24) > 0.05, String(withU(24)))
  })

  test('counts a tie half, and is sure of nothing where all values are equal', () => {
    assert.deepEqual(mannWhitney([5, 5], [5, 5, 5]), { u: 3, p: 1, method: 'exact' })
    // Of the ten choices of two of the ranks 1, 2.5, 2.5, 4, 5 (middle 6), three lie 2.5 or more from it: 3.5 twice, and 9.
    assert.deepEqual(mannWhitney([1, 2], [2, 3, 4]), { u: 0.5, p: 0.3, method: 'exact' })
    assert.equal(mannWhitney([], [1, 2]).p, 1)
  })

  test('finds a difference in at most 5 % of samples that have none, counted out or by the normal distribution', () => {
    const random = new SeededRandom(34)
    for (const [count, method] of [
      [10, 'exact'],
      [30, 'normal'],
    ] as const) {
      let found = 0
      for (let trial = 0; trial < 2_000; trial++) {
        const side = () => Array.from({ length: count }, () => random.exponential())
        const outcome = mannWhitney(side(), side())
        assert.equal(outcome.method, method)
        if (outcome.p < 0.05) found++
      }
      // Three standard errors of 2,000 trials.
      assert.ok(found / 2_000 > 0.025 && found / 2_000 < 0.065, `${method}: ${found / 2_000}`)
    }
  })

  test('finds a difference of 5 % at CV 5 % with ten runs per side about every other time (method.md: 51 %)', () => {
    const random = new SeededRandom(35)
    let found = 0
    for (let trial = 0; trial < 2_000; trial++) {
      const side = (mean: number) => Array.from({ length: 10 }, () => mean * (1 + 0.05 * random.normal()))
      if (mannWhitney(side(1), side(1.05)).p < 0.05) found++
    }
    assert.ok(Math.abs(found / 2_000 - 0.51) < 0.05, String(found / 2_000))
  })
})
