/** The beginning of a soak against its end (method.md R3.2). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allocateMeasurements, measurementWriter, readLatency } from '../../src/measure/shared-measurements.ts'
import type { Interval } from '../../src/result/result.ts'
import { soakEdges, soakPartSeconds } from '../../src/run/soak.ts'
import { PLAIN_DELIVERY } from '../support/delivery-plan.ts'
import { cellOf } from '../oracle/virtual-cell.ts'
import { intervalsOf } from './verdict/intervals.ts'

/** One second of a cell: what its interval says, and the latencies that were recorded in it. */
interface Second {
  readonly change: Partial<Interval>
  readonly latenciesUs: readonly number[]
}

function soakOf(
  warmupSeconds: number,
  measureSeconds: number,
  second: (index: number) => Second,
  endAfter = Infinity,
  effective: number | null = null,
) {
  const memory = allocateMeasurements()
  const { measured } = measurementWriter(memory)
  const cell = cellOf({ load: { model: 'closed', inFlight: 1 }, warmupSeconds, measureSeconds })
  const read = () => readLatency([memory], 'measure', 'endToEndService')
  const edges = soakEdges({ ...cell, profile: 'soak' }, read)
  assert.ok(edges !== null)
  const intervals = intervalsOf(warmupSeconds, measureSeconds, (index) => second(index).change).slice(0, endAfter)
  for (const [index, interval] of intervals.entries()) {
    if (interval.phase === 'measure') for (const us of second(index).latenciesUs) measured.endToEndService.record(us)
    edges.onInterval(interval)
  }
  return edges.compare(intervals, read(), effective)
}

describe('R3.2: a soak', () => {
  test('compares hours from two hours on, and quarters below', () => {
    assert.deepEqual([7_200, 36_000, 7_199, 8].map(soakPartSeconds), [3_600, 3_600, 1_799.75, 2])
  })

  test('sets rate, CPU and memory of its first quarter beside those of its last, the middle and the warm-up left out', () => {
    const soak = soakOf(2, 8, (index) => ({
      change: {
        delivered: [9, 9, 100, 200, 9, 9, 9, 9, 40, 60][index] ?? 0,
        brokerCpuPercent: [99, 99, 10, 20, 99, 99, 99, 99, 50, 70][index] ?? 0,
        brokerMemoryBytes: [1e9, 1e9, 5e6, 6e6, 1e9, 1e9, 1e9, 1e9, 8e6, 7e6][index] ?? 0,
        residentBytes: index * 1e6,
      },
      latenciesUs: [],
    }))
    assert.deepEqual(soak, {
      part: 'quarter',
      first: {
        fromSeconds: 2,
        toSeconds: 4,
        messagesPerSecond: 150,
        p50Us: null,
        p99Us: null,
        brokerCpuPercent: 15,
        brokerMemoryBytesMax: 6e6,
        generatorResidentBytesMax: 3e6,
      },
      last: {
        fromSeconds: 8,
        toSeconds: 10,
        messagesPerSecond: 50,
        p50Us: null,
        p99Us: null,
        brokerCpuPercent: 60,
        brokerMemoryBytesMax: 8e6,
        generatorResidentBytesMax: 9e6,
      },
    })
  })

  test('R1.9: its percentiles are those of all messages of a part, not means over its seconds', () => {
    // A second of 990 at 1 ms and one of 10 at 100 ms: their p99 are 1 and 100 ms, of both together it is 1 ms.
    const soak = soakOf(0, 8, (index) => ({
      change: {},
      latenciesUs: index % 2 === 0 ? Array<number>(990).fill(1_000) : Array<number>(10).fill(index === 7 ? 9 : 100_000),
    }))
    assert.deepEqual([soak?.first.p50Us, soak?.first.p99Us], [1_000, 1_000])
    const slow = soakOf(0, 4, (index) => ({
      change: {},
      latenciesUs: Array<number>(1_000).fill(index === 3 ? 5_000 : 1_000),
    }))
    assert.deepEqual([slow?.first.p99Us, slow?.last.p50Us, slow?.last.p99Us], [1_000, 5_003, 5_003])
  })

  test('has no p99 where the independent samples of a part do not carry one, however many messages there were', () => {
    const second = () => ({ change: {}, latenciesUs: Array<number>(1_000).fill(1_000) })
    const p99 = (effective: number | null) => soakOf(0, 4, second, Infinity, effective)?.last.p99Us
    assert.deepEqual([p99(null), p99(4 * 368), p99(4 * 360), p99(90)], [1_000, 1_000, null, null])
  })

  test('of which the end was not reached has no comparison', () => {
    const second = () => ({ change: {}, latenciesUs: [] })
    assert.equal(soakOf(1, 8, second, 7), null)
    assert.notEqual(soakOf(1, 8, second, 8), null)
    assert.equal(soakOf(1, 8, second, 0), null)
  })

  test('is what the profile says, and nothing else is', () => {
    const cell = cellOf({ load: { model: 'closed', inFlight: 1 } })
    for (const profile of ['smoke', 'standard', 'tail', null] as const) {
      assert.equal(
        soakEdges({ ...cell, delivery: PLAIN_DELIVERY, profile }, () => assert.fail()),
        null,
      )
    }
  })
})
