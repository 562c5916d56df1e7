import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  carriesPercentile,
  effectiveSamples,
  tooFewSamplesText,
} from '../../../src/measure/statistics/effective-samples.ts'
import type { EffectiveSamples } from '../../../src/measure/statistics/effective-samples.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { ARRIVALS, sojournTimesUs } from './single-server-queue.ts'

/** What a run is worth whose messages are dealt out to seconds of `perSecond`. */
function worthOf(times: Float64Array, perSecond: number): EffectiveSamples {
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const mean = meanOf(times)
  const variance = times.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (times.length - 1)
  const seconds = Array.from({ length: times.length / perSecond }, (_, second) => {
    const one = times.subarray(second * perSecond, (second + 1) * perSecond)
    return { count: one.length, mean: meanOf(one) }
  })
  return effectiveSamples(seconds, variance)
}

describe('R3.2: effective samples', () => {
  test('R3.2 an M/M/1 run of 100,000 at rho 0.8 is worth fewer than 5,000 and p99.99 is withheld', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { recorded, effective } = worthOf(sojournTimesUs(100_000, new SeededRandom(seed)), ARRIVALS)
      assert.equal(recorded, 100_000)
      assert.ok(effective < 5_000 && effective > 300, `seed ${seed}: ${effective}`)
      assert.equal(carriesPercentile('p9999', effective), false)
      assert.equal(carriesPercentile('p9999', recorded), true)
    }
  })

  test('R3.2 seconds that are too short for the correlation give the same answer: 50 messages in each', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { effective } = worthOf(sojournTimesUs(100_000, new SeededRandom(seed)), 50)
      // By theory about 1,250; batches of 50 that are taken for unlike would say twice as many or more.
      assert.ok(effective < 2_200, `seed ${seed}: ${effective}`)
    }
  })

  test('R3.2 a run of 10,000 independent messages prints p99.99 as n/a', () => {
    const random = new SeededRandom(11)
    const text = 'n/a (needs 36,887 independent, has <= 10,000)'
    let printed = 0
    for (let run = 0; run < 200; run++) {
      const { effective } = worthOf(
        Float64Array.from({ length: 10_000 }, () => random.exponential()),
        500,
      )
      assert.equal(carriesPercentile('p9999', effective), false)
      if (tooFewSamplesText('p9999', effective) === text) printed++
    }
    // By chance, some runs look correlated: the estimate is from 20 batches.
    assert.ok(printed >= 185, String(printed))
  })

  test('independent messages are worth what they are in nearly every run', () => {
    const random = new SeededRandom(12)
    let whole = 0
    for (let run = 0; run < 200; run++) {
      const { effective } = worthOf(
        Float64Array.from({ length: 3_000 }, () => random.exponential()),
        100,
      )
      if (effective === 3_000) whole++
    }
    assert.ok(whole >= 180, String(whole))
  })

  /** Latencies of `seconds` at 500/s: 1, and what is left of a stall of 500 ms that began every so many seconds. */
  function withStalls(seconds: number, gapSeconds: () => number): Float64Array {
    const times = new Float64Array(seconds * 500).fill(1)
    for (let at = gapSeconds() / 2; at < seconds; at += gapSeconds()) {
      for (let message = Math.ceil(at * 500); message < Math.min(times.length, (at + 0.5) * 500); message++) {
        times[message] = (at + 0.5 - message / 500) * 1_000
      }
    }
    return times
  }

  test('a stall every five seconds makes seconds unlike, and yet hides nothing: each message counts', () => {
    for (const seconds of [30, 60, 120, 300]) {
      assert.equal(
        worthOf(
          withStalls(seconds, () => 5),
          500,
        ).effective,
        seconds * 500,
      )
    }
  })

  test('stalls that come when they like are what a run is worth, and not its messages', () => {
    const random = new SeededRandom(13)
    for (let run = 0; run < 20; run++) {
      const { effective } = worthOf(
        withStalls(120, () => 5 * random.exponential()),
        500,
      )
      // 24 stalls, in 60,000 messages.
      assert.ok(effective < 1_000, String(effective))
    }
  })

  test('a run of too few seconds is worth at most what was recorded', () => {
    const few = effectiveSamples([{ count: 400, mean: 5 }], 1)
    assert.deepEqual(few, { recorded: 400, autocorrelationTime: null, effective: 400 })
  })
})
