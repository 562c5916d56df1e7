/** Intervals from run level: of the median of runs, and of a quantile by bootstrap; both against the M/M/1 queue. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { indexOfValue } from '../../../src/measure/bucket-layout.ts'
import { intervalOfMedian } from '../../../src/measure/statistics/interval-of-median.ts'
import type { Interval } from '../../../src/measure/statistics/interval-of-median.ts'
import { bootstrapQuantile } from '../../../src/measure/statistics/quantile-bootstrap.ts'
import type { SecondHistogram } from '../../../src/measure/statistics/quantile-bootstrap.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { ARRIVALS, sojournTimesUs, trueQuantileUs } from './single-server-queue.ts'

const CAMPAIGNS = 200
const SECONDS = 10
const RUNS = 6
const FAR_BELOW_US = 8_000

function histogramOf(times: Float64Array): SecondHistogram {
  const counts = new Map<number, number>()
  for (const time of times) {
    // What lies far below the p99 is counted in one bucket: the same p99 for a tenth of the buckets.
    const bucket = time < FAR_BELOW_US ? 0 : indexOfValue(Math.floor(time))
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  const buckets = [...counts.keys()].sort((a, b) => a - b)
  return { buckets, counts: buckets.map((bucket) => counts.get(bucket) ?? 0) }
}

function secondsOf(times: Float64Array): SecondHistogram[] {
  return Array.from({ length: times.length / ARRIVALS }, (_, second) =>
    histogramOf(times.subarray(second * ARRIVALS, (second + 1) * ARRIVALS)),
  )
}

/** Share of campaigns whose interval holds the true p99. */
function coverage(intervals: readonly (Interval | null)[]): number {
  const truth = trueQuantileUs(0.99)
  const covered = intervals.filter((interval) => interval !== null && interval.low <= truth && truth <= interval.high)
  return covered.length / intervals.length
}

describe('R3.3: intervals from run level', () => {
  test('R3.3 of 200 campaigns of M/M/1 at rho 0.8, the bootstrap and the median of runs cover the true p99 in 90 to 98 %', () => {
    const random = new SeededRandom(33)
    const bootstrapped: (Interval | null)[] = []
    const medians: (Interval | null)[] = []
    for (let campaign = 0; campaign < CAMPAIGNS; campaign++) {
      const times = Array.from({ length: RUNS }, () => sojournTimesUs(SECONDS * ARRIVALS, random))
      const options = { quantile: 0.99, seed: campaign }
      bootstrapped.push(bootstrapQuantile(times.map(secondsOf), options))
      medians.push(intervalOfMedian(times.map((run) => run.toSorted()[Math.ceil(0.99 * run.length) - 1] ?? 0)))
    }
    const shares = { bootstrap: coverage(bootstrapped), median: coverage(medians) }
    for (const share of Object.values(shares)) assert.ok(share >= 0.9 && share <= 0.98, JSON.stringify(shares))
  })
})

describe('The interval of the median', () => {
  test('exists from six runs on', () => {
    assert.equal(intervalOfMedian([1, 2, 3, 4, 5]), null)
    assert.equal(intervalOfMedian([]), null)
    assert.deepEqual(intervalOfMedian([6, 1, 5, 2, 4, 3]), { low: 1, high: 6, confidence: 0.96875 })
  })

  test('of ten runs is the second and the ninth, of twenty the sixth and the fifteenth', () => {
    const upTo = (runs: number) => Array.from({ length: runs }, (_, index) => index + 1)
    const ten = intervalOfMedian(upTo(10))
    const twenty = intervalOfMedian(upTo(20))
    assert.deepEqual([ten?.low, ten?.high, ten?.confidence.toFixed(4)], [2, 9, '0.9785'])
    assert.deepEqual([twenty?.low, twenty?.high, twenty?.confidence.toFixed(4)], [6, 15, '0.9586'])
  })
})

describe('The hierarchical bootstrap', () => {
  const runs = [1, 2, 3].map((seed) => secondsOf(sojournTimesUs(3 * ARRIVALS, new SeededRandom(seed))))

  test('gives the same interval for the same seed and another for another', () => {
    const interval = (seed: number) => bootstrapQuantile(runs, { quantile: 0.99, seed, resamples: 200 })
    assert.deepEqual(interval(1), interval(1))
    assert.notDeepEqual(interval(1), interval(2))
  })

  test('of runs that are all alike is a point, exact to the bucket', () => {
    const second = { buckets: [10, 20, 30], counts: [50, 49, 1] }
    const alike = [
      [second, second],
      [second, second],
    ]
    assert.deepEqual(bootstrapQuantile(alike, { quantile: 0.99, seed: 1 }), { low: 20, high: 20, confidence: 0.95 })
    assert.equal(bootstrapQuantile(alike, { quantile: 0.991, seed: 1 })?.low, 30)
    assert.equal(bootstrapQuantile(alike, { quantile: 0.5, seed: 1 })?.high, 10)
  })

  test('of one run, or of one that recorded nothing, is none', () => {
    assert.equal(bootstrapQuantile(runs.slice(0, 1), { quantile: 0.99, seed: 1 }), null)
    assert.equal(bootstrapQuantile([...runs, []], { quantile: 0.99, seed: 1 }), null)
  })
})
