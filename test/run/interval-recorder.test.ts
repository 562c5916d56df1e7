/** What a cell leaves behind of its course: intervals, the histogram log, effective samples; from recorders as they are. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { COUNTER } from '../../src/measure/counters.ts'
import { allocateMeasurements, METRICS, measurementWriter } from '../../src/measure/shared-measurements.ts'
import { summarizeLatency } from '../../src/measure/latency-summary.ts'
import { latencyGroup } from '../../src/run/cell-result.ts'
import { effectiveCounts } from '../../src/run/effective-counts.ts'
import { histogramLogOf } from '../../src/run/histogram-intervals.ts'
import { IntervalRecorder } from '../../src/run/interval-recorder.ts'
import { readHistogramLog } from '../../src/result/histogram-log.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import { sojournTimesUs } from '../measure/statistics/single-server-queue.ts'

const START_US = 5_000_000
const OPEN = { isOpen: true, hasProducers: true, hasConsumers: true, confirm: true, times: 'carried' } as const

/** A cell of `warmup` and `measured` seconds on two workers, which nobody but the test writes. */
function cellOf(warmup: number, measured: number, metric: 'endToEndResponse' | 'endToEndService' = 'endToEndResponse') {
  const memories = [allocateMeasurements(), allocateMeasurements()]
  const measureFromUs = START_US + warmup * 1e6
  const phases = { startUs: START_US, measureFromUs, measureToUs: measureFromUs + measured * 1e6 }
  const recorder = new IntervalRecorder(memories, metric, phases, null, 2, 1)
  const [first, second] = memories.map(measurementWriter)
  assert.ok(first && second)
  return {
    recorder,
    writers: [first, second] as const,
    cutAt: (at: number) => recorder.cut(START_US + at * 1e6, false),
  }
}

describe('the course of a cell', () => {
  test('the lines of the histogram log are merged into exactly the percentiles of the result', () => {
    const random = new SeededRandom(3)
    const { recorder, writers, cutAt } = cellOf(2, 150)
    for (let at = 0; at < 152; at++) {
      for (const { warmup, measured } of writers) {
        const recorders = at < 2 ? warmup : measured
        for (const metric of METRICS) {
          for (let message = 0; message < 40; message++)
            recorders[metric].record(random.exponential() * 2_000 * (1 + at))
        }
      }
      // Between the end of the warm-up and its cut.
      if (at === 1) writers[0].measured.endToEndResponse.record(55_000_000)
      cutAt(at + 1)
    }
    // What was still under way at the end of the window.
    writers[0].measured.endToEndResponse.record(77_000_000)
    recorder.cut(START_US + 152.5e6, true)
    const { latencies, blocks } = recorder.course
    assert.deepEqual([blocks[0]?.fromSeconds, blocks.at(-1)?.toSeconds], [2, 152.5])
    const text = histogramLogOf({ startedAtMs: 1_000_000, blocks })
    const merged = readHistogramLog(text)
    for (const [metric, tag] of [
      ['endToEndResponse', 'endToEnd.response'],
      ['endToEndService', 'endToEnd.service'],
      ['publishResponse', 'publish.response'],
      ['publishService', 'publish.service'],
      ['lagGenerator', 'sendLag.generator'],
      ['lagBlocked', 'sendLag.blocked'],
    ] as const) {
      const whole = summarizeLatency(latencies[metric])
      const log = merged.get(tag) ?? assert.fail(tag)
      assert.equal(log.totalCount, whole.count)
      assert.equal(whole.count, 150 * 2 * 40 + (metric === 'endToEndResponse' ? 2 : 0))
      for (const [percentile, us] of [
        [50, whole.p50],
        [90, whole.p90],
        [99, whole.p99],
        [99.9, whole.p999],
        [100, whole.max],
      ] as const) {
        assert.equal(log.getValueAtPercentile(percentile), us, `${tag} p${percentile}`)
      }
      const lines = text.split('\n').filter((line) => line.startsWith(`Tag=${tag},`))
      assert.ok(lines.length >= 60 && lines.length <= 120, `${lines.length} lines`)
    }
  })

  test('an interval has the percentiles, lag and slots of its own second alone', () => {
    const { writers, cutAt } = cellOf(0, 3)
    const [{ counters, measured }] = writers
    for (let message = 0; message < 4_000; message++) {
      measured.endToEndResponse.record(100)
      measured.lagGenerator.record(message < 3_990 ? 5 : 1_500)
    }
    counters[COUNTER.offered] = 4_010
    counters[COUNTER.skipped] = 10
    const first = cutAt(1)
    assert.deepEqual([first.p50Us, first.maxUs, first.offered, first.skipped], [100, 100, 4_010, 10])
    assert.deepEqual([first.generatorLagP99Us, first.generatorLagP999Us], [5, 1_500])
    measured.endToEndResponse.record(900)
    measured.lagGenerator.record(7)
    counters[COUNTER.offered] = 4_011
    const second = cutAt(2)
    assert.deepEqual([second.p50Us, second.maxUs, second.offered, second.skipped], [900, 900, 1, 0])
    assert.deepEqual([second.generatorLagP99Us, second.generatorLagP999Us], [null, null])
    const third = cutAt(3)
    assert.deepEqual([third.p50Us, third.offered, third.phase], [null, 0, 'measure'])
    assert.ok((third.residentBytes ?? 0) > 1e6)
  })

  test('a closed model has no schedule by the second either', () => {
    const { cutAt } = cellOf(0, 1, 'endToEndService')
    const { offered, skipped, generatorLagP99Us } = cutAt(1)
    assert.deepEqual([offered, skipped, generatorLagP99Us], [null, null, null])
  })

  test('R3.2 a queue at 0.8 of its capacity has fewer independent messages than messages, and p99.99 is withheld', () => {
    const times = sojournTimesUs(100_000, new SeededRandom(5))
    const { recorder, writers, cutAt } = cellOf(0, 100)
    for (let at = 0; at < 100; at++) {
      for (const us of times.subarray(at * 1_000, (at + 1) * 1_000))
        writers[at % 2]?.measured.endToEndResponse.record(us)
      cutAt(at + 1)
    }
    const { latencies, means } = recorder.course
    const response = latencyGroup(latencies, OPEN, effectiveCounts(latencies, means)).endToEnd?.response
    assert.ok(response)
    assert.equal(response.count, 100_000)
    assert.ok(response.effectiveCount !== null && response.effectiveCount < 5_000, String(response.effectiveCount))
    assert.equal(response.p9999, null)
    assert.ok(response.p99 !== null)
    assert.ok(latencyGroup(latencies, OPEN).endToEnd?.response?.p9999 !== null)
  })

  test('R3.2 a cell of nine seconds cannot tell, and counts each message', () => {
    const random = new SeededRandom(6)
    const { recorder, writers, cutAt } = cellOf(0, 9)
    for (let at = 0; at < 9; at++) {
      for (let message = 0; message < 1_000; message++)
        writers[0].measured.endToEndResponse.record(1_000 * at + random.uniform())
      cutAt(at + 1)
    }
    const { latencies, means } = recorder.course
    const response = latencyGroup(latencies, OPEN, effectiveCounts(latencies, means)).endToEnd?.response
    assert.equal(response?.effectiveCount, null)
    assert.ok(response.p999 !== null && response.p9999 === null)
  })
})
