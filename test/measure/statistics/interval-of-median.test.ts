/** Intervals from run level, of the median over runs: exact, by simulation, and against the p99 of the M/M/1 queue. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { intervalOfMedian, rankOfMedianInterval } from '../../../src/measure/statistics/interval-of-median.ts'
import type { Interval } from '../../../src/measure/statistics/interval-of-median.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { ARRIVALS, sojournTimesUs, trueQuantileUs } from './single-server-queue.ts'

const CAMPAIGNS = 200
const SECONDS = 10
const RUNS = 6

/** Share of campaigns whose interval holds the truth. */
function coverage(intervals: readonly (Interval | null)[], truth: number): number {
  const covered = intervals.filter((interval) => interval !== null && interval.low <= truth && truth <= interval.high)
  return covered.length / intervals.length
}

const upTo = (runs: number) => Array.from({ length: runs }, (_, index) => index + 1)

test('R3.3 of 200 campaigns of M/M/1 at rho 0.8, the 95 % interval of the median of runs covers the true p99 in 90 to 98 %', () => {
  const random = new SeededRandom(33)
  const intervals = Array.from({ length: CAMPAIGNS }, () => {
    const times = Array.from({ length: RUNS }, () => sojournTimesUs(SECONDS * ARRIVALS, random))
    return intervalOfMedian(times.map((run) => run.toSorted()[Math.ceil(0.99 * run.length) - 1] ?? 0))
  })
  const share = coverage(intervals, trueQuantileUs(0.99))
  assert.ok(share >= 0.9 && share <= 0.98, String(share))
})

describe('The interval of the median', () => {
  test('of 2 to 5 runs is the lowest and the highest, and says how much less than 95 % that is', () => {
    const exact = [2, 3, 4, 5].map((runs) => intervalOfMedian(upTo(runs).reverse()))
    assert.deepEqual(exact, [
      { low: 1, high: 2, confidence: 0.5 },
      { low: 1, high: 3, confidence: 0.75 },
      { low: 1, high: 4, confidence: 0.875 },
      { low: 1, high: 5, confidence: 0.9375 },
    ])
  })

  test('of one run or none is none', () => {
    assert.equal(intervalOfMedian([]), null)
    assert.equal(intervalOfMedian([5]), null)
  })

  test('covers 95 % or more from six runs on: lowest and highest of six, second and ninth of ten, sixth and fifteenth of twenty', () => {
    const found = [6, 8, 9, 10, 20].map((runs) => intervalOfMedian(upTo(runs)))
    assert.deepEqual(
      found.map((interval) => [interval?.low, interval?.high, interval?.confidence.toFixed(5)]),
      [
        [1, 6, '0.96875'],
        [1, 8, '0.99219'],
        [2, 8, '0.96094'],
        [2, 9, '0.97852'],
        [6, 15, '0.95861'],
      ],
    )
    for (let runs = 6; runs <= 200; runs++) assert.ok((rankOfMedianInterval(runs)?.confidence ?? 0) >= 0.95, `${runs}`)
  })

  test('covers exactly what it says, however skewed the runs: 20,000 simulated campaigns each', () => {
    const random = new SeededRandom(34)
    for (const runs of [2, 3, 4, 5, 6, 10]) {
      // Log-normal, sigma 1: its median is 1.
      const campaign = () => intervalOfMedian(upTo(runs).map(() => Math.exp(random.normal())))
      const share = coverage(Array.from({ length: 20_000 }, campaign), 1)
      const claimed = rankOfMedianInterval(runs)?.confidence ?? 0
      const standardError = Math.sqrt((claimed * (1 - claimed)) / 20_000)
      assert.ok(Math.abs(share - claimed) < 4 * standardError, `${runs} runs: ${share}, claimed ${claimed}`)
    }
  })

  test('of runs that are all alike is a point', () => {
    assert.deepEqual(intervalOfMedian([5, 5, 5]), { low: 5, high: 5, confidence: 0.75 })
  })
})
