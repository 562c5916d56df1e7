/** Poisson arrivals are truly exponential (method.md R1.3). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { poisson } from '../../src/pacing/poisson.ts'

const MESSAGES = 100_000
/** Of the Kolmogorov-Smirnov statistic times the root of n: beyond it, p is below 0.01. */
const KOLMOGOROV_LIMIT = 1.63

/** Gaps of the messages of one producer, or of all. */
function gapsUs(seed: number, producers: number, only: number | null): number[] {
  const cursor = poisson(1_000, seed, producers).cursor()
  const gaps: number[] = []
  let lastUs = 0
  while (gaps.length < MESSAGES) {
    if (only === null || cursor.producer === only) {
      gaps.push(cursor.atUs - lastUs)
      lastUs = cursor.atUs
    }
    cursor.advance()
  }
  return gaps
}

/** The largest distance between the observed distribution and the exponential one of that mean, times the root of n. */
function kolmogorov(gaps: readonly number[], meanUs: number): number {
  const sorted = gaps.toSorted((a, b) => a - b)
  const distance = sorted.reduce((largest, gap, index) => {
    const expected = 1 - Math.exp(-gap / meanUs)
    return Math.max(largest, (index + 1) / sorted.length - expected, expected - index / sorted.length)
  }, 0)
  return distance * Math.sqrt(sorted.length)
}

describe('R1.3: Poisson arrivals', () => {
  test('have exponential gaps of the mean that the rate says', () => {
    for (const seed of [1, 7, 42]) {
      const statistic = kolmogorov(gapsUs(seed, 1, null), 1_000)
      assert.ok(statistic < KOLMOGOROV_LIMIT, `seed ${seed}: ${statistic}`)
    }
  })

  test('have exponential gaps for each producer too', () => {
    const statistic = kolmogorov(gapsUs(3, 5, 2), 5_000)
    assert.ok(statistic < KOLMOGOROV_LIMIT, String(statistic))
  })

  test('are told from a metronome by this very test', () => {
    assert.ok(kolmogorov(new Array<number>(MESSAGES).fill(1_000), 1_000) > 100)
  })

  test('are the same for the same seed and others for another', () => {
    assert.deepEqual(gapsUs(9, 3, null).slice(0, 100), gapsUs(9, 3, null).slice(0, 100))
    assert.notDeepEqual(gapsUs(9, 3, null).slice(0, 100), gapsUs(10, 3, null).slice(0, 100))
  })
})
