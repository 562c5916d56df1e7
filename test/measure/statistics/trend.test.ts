import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import {
  backlogVerdict,
  isTrending,
  mannKendall,
  theilSenSlope,
  trendOf,
} from '../../../src/measure/statistics/trend.ts'

const line = (points: number, at: (second: number) => number) =>
  Array.from({ length: points }, (_, second) => at(second))

describe('Mann-Kendall', () => {
  test('of ten rising values has S 45, variance 125 and p of z 3.935', () => {
    const { s, variance, p } = mannKendall(line(10, (second) => second))
    assert.deepEqual({ s, variance }, { s: 45, variance: 125 })
    assert.ok(Math.abs(p - 8.3e-5) < 1e-6, String(p))
  })

  test('takes the variance of ties off: two threes among ten leave 125 - 2 x 66 / 18', () => {
    const { variance } = mannKendall([1, 1, 1, 2, 3, 4, 5, 6, 6, 6])
    assert.ok(Math.abs(variance - (125 - 132 / 18)) < 1e-9, String(variance))
  })

  test('of equal values says nothing', () => {
    assert.deepEqual(mannKendall(new Array<number>(20).fill(4)), { s: 0, variance: 0, p: 1 })
  })

  test('calls 1 % of noise a trend at p < 0.01', () => {
    const random = new SeededRandom(5)
    let found = 0
    for (let trial = 0; trial < 2_000; trial++) if (mannKendall(line(60, () => random.normal())).p < 0.01) found++
    assert.ok(found >= 8 && found <= 35, String(found))
  })
})

describe('Theil-Sen', () => {
  test('is the slope of a line whatever one outlier says', () => {
    const slope = theilSenSlope(line(41, (second) => (second === 20 ? 1e9 : 3 * second + 1)))
    assert.ok(slope !== null && Math.abs(slope - 3) < 1e-9, String(slope))
    assert.equal(theilSenSlope([1]), null)
  })

  test('of a series of hours is per second still', () => {
    const trend = trendOf(line(7_200, (second) => 2 * second))
    assert.ok(trend !== null && Math.abs(trend.slopePerSecond - 2) < 1e-9, JSON.stringify(trend))
  })
})

describe('R3.1: a trend', () => {
  test('R3.1 counts from 2 % over the window on, up or down', () => {
    assert.equal(isTrending(line(100, (second) => 100 + 0.015 * second)), false)
    assert.equal(isTrending(line(100, (second) => 100 + 0.03 * second)), true)
    assert.equal(isTrending(line(100, (second) => 100 - 0.03 * second)), true)
  })

  test('is not judged below ten points', () => {
    assert.equal(isTrending(line(9, (second) => second)), null)
  })
})

describe('R1.8: the backlog', () => {
  test('R1.8 of 6,000/s offered to a stub of 5,000/s grows by 1,000 per second', () => {
    const random = new SeededRandom(8)
    const verdict = backlogVerdict(
      line(30, (second) => 1_000 * second + 200 * random.uniform()),
      6_000,
    )
    assert.ok(verdict.judged && verdict.growing, JSON.stringify(verdict))
    assert.ok(Math.abs(verdict.growthPerSecond - 1_000) < 20, String(verdict.growthPerSecond))
  })

  test('R1.8 that gains less than 1 % of the rate, or shrinks, does not grow', () => {
    const slow = backlogVerdict(
      line(30, (second) => 50 * second),
      6_000,
    )
    const shrinking = backlogVerdict(
      line(30, (second) => 50_000 - 1_000 * second),
      6_000,
    )
    assert.ok(slow.judged && !slow.growing && slow.p < 0.01)
    assert.ok(shrinking.judged && !shrinking.growing)
  })

  test('R1.8 that only fluctuates does not grow', () => {
    const random = new SeededRandom(9)
    let grew = 0
    for (let trial = 0; trial < 500; trial++) {
      const verdict = backlogVerdict(
        line(60, () => 500 * random.exponential()),
        5_000,
      )
      if (verdict.judged && verdict.growing) grew++
    }
    assert.equal(grew, 0)
  })

  test('of a cell below ten seconds is not judged', () => {
    assert.deepEqual(
      backlogVerdict(
        line(5, (second) => second),
        1,
      ),
      { judged: false, points: 5, needed: 10 },
    )
  })
})
