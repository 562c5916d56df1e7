import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { build } from 'hdr-histogram-js'
import {
  COUNTS_LENGTH,
  HIGHEST_VALUE_US,
  highestValueAt,
  indexOfValue,
  middleValueAt,
} from '../../src/measure/bucket-layout.ts'
import { LatencyRecorder, mergeSlots, RECORDER_SLOTS, subtractCounts } from '../../src/measure/latency-recorder.ts'
import { summarizeLatency, totalCount, valueAtQuantile } from '../../src/measure/latency-summary.ts'

function recorded(values: readonly number[]): Float64Array {
  const slots = new Float64Array(RECORDER_SLOTS)
  const recorder = new LatencyRecorder(slots)
  for (const value of values) recorder.record(value)
  return slots
}

/** Values over the whole range, each order of magnitude as likely as the next. */
const latency = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([power, share]) => Math.min(HIGHEST_VALUE_US, Math.floor(2 ** power * (1 + share)) - 1))

describe('the latency recorder', () => {
  test('agrees with HdrHistogram at every percentile, on a million values', () => {
    const oracle = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_VALUE_US,
      numberOfSignificantValueDigits: 3,
      bitBucketSize: 64,
    })
    const slots = new Float64Array(RECORDER_SLOTS)
    const recorder = new LatencyRecorder(slots)
    let state = 12345
    for (let index = 0; index < 1_000_000; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const value = Math.floor(2 ** ((state / 2 ** 32) * 31))
      recorder.record(value)
      oracle.recordValue(value)
    }
    const { counts } = mergeSlots([slots])
    for (const percentile of [0.1, 25, 50, 75, 90, 99, 99.9, 99.99, 99.999, 100]) {
      assert.equal(
        valueAtQuantile(counts, 1_000_000, percentile / 100),
        oracle.getValueAtPercentile(percentile),
        `p${percentile}`,
      )
    }
    const mean = summarizeLatency(mergeSlots([slots])).mean ?? 0
    assert.ok(Math.abs(mean / oracle.mean - 1) < 1e-9)
  })

  test('takes the same rank as HdrHistogram for any number of samples', () => {
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1),
        (values, quantile) => {
          const oracle = build({
            lowestDiscernibleValue: 1,
            highestTrackableValue: HIGHEST_VALUE_US,
            numberOfSignificantValueDigits: 3,
            bitBucketSize: 64,
          })
          values.forEach((value) => oracle.recordValue(value))
          const { counts } = mergeSlots([recorded(values)])
          assert.equal(valueAtQuantile(counts, values.length, quantile), oracle.getValueAtPercentile(quantile * 100))
        },
      ),
    )
  })

  test('counts every value in a bucket that is at most 0.1 % wide', () => {
    fc.assert(
      fc.property(latency, (value) => {
        const index = indexOfValue(value)
        assert.ok(index >= 0 && index < COUNTS_LENGTH)
        assert.ok(highestValueAt(index) >= value)
        assert.ok(index === 0 || highestValueAt(index - 1) < value)
        assert.ok(Math.abs(middleValueAt(index) - value) <= Math.max(1, value / 1_000))
      }),
    )
  })

  test('holds a value above the range at its top and counts it as overflow, without throwing', () => {
    const merged = mergeSlots([recorded([HIGHEST_VALUE_US * 10])])
    assert.equal(merged.overflow, 1)
    assert.equal(totalCount(merged.counts), 1)
  })

  test('counts values below zero apart and keeps their magnitude', () => {
    const merged = mergeSlots([recorded([-1_999, 5, -0.5])])
    assert.equal(merged.negative, 2)
    assert.equal(totalCount(merged.counts), 1)
    assert.equal(merged.negativeMagnitudeMaxUs, 2_048)
  })

  test('merging is pooling: 1 ms on one worker and 100 ms on another, 99 to 1', () => {
    const merged = mergeSlots([recorded(Array<number>(9_900).fill(1_000)), recorded(Array<number>(100).fill(100_000))])
    const summary = summarizeLatency(merged)
    assert.equal(summary.p99, 1_000)
    assert.ok(Math.abs((summary.p999 ?? 0) - 100_000) <= 100)
  })

  test('the difference of two readings is what came between', () => {
    const slots = recorded([10, 10, 20])
    const earlier = mergeSlots([slots])
    new LatencyRecorder(slots).record(30)
    const between = subtractCounts(mergeSlots([slots]), earlier)
    assert.equal(totalCount(between.counts), 1)
    assert.equal(valueAtQuantile(between.counts, 1, 0.5), 30)
  })

  test('a percentile without enough samples is not given', () => {
    const of = (count: number) => summarizeLatency(mergeSlots([recorded(Array<number>(count).fill(7))]))
    assert.deepEqual([of(0).p50, of(0).mean, of(0).max], [null, null, null])
    assert.equal(of(367).p99, null)
    assert.equal(of(368).p99, 7)
    assert.equal(of(3_687).p999, null)
    assert.equal(of(3_688).p999, 7)
    assert.equal(of(36_886).p9999, null)
    assert.equal(of(36_887).p9999, 7)
  })
})
