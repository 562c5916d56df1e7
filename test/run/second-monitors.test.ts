import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Interval } from '../../src/result/result.ts'
import { withThreadSeconds } from '../../src/run/second-monitors.ts'
import type { ThreadSecond } from '../../src/worker/second-ring.ts'
import { intervals } from '../report/result-builder.ts'

function second(fromSeconds: number, toSeconds: number, changes: Partial<ThreadSecond> = {}): ThreadSecond {
  return {
    fromSeconds,
    toSeconds,
    eventLoopDelayP99Ms: 1,
    eventLoopDelayMaxMs: 2,
    eventLoopBusyPercent: 3,
    threadCpuPercent: 4,
    gcPauseMaxMs: 5,
    gcPauseTotalMs: 6,
    ...changes,
  }
}

/** Two seconds of warm-up and two measured, each cut some milliseconds late, as the main thread does. */
const late: readonly Interval[] = intervals(100, 2).map((interval) => ({
  ...interval,
  atSeconds: interval.atSeconds + 0.004,
}))

describe('R8.5: the seconds of the workers in the intervals of a cell', () => {
  test('each interval has the figure of the worker that fares worst in it, each for itself', () => {
    const merged = withThreadSeconds(late, [
      [second(0, 1), second(1, 2, { eventLoopDelayMaxMs: 30 }), second(2, 3), second(3, 4)],
      [second(0, 1, { gcPauseMaxMs: 8, gcPauseTotalMs: 9 }), second(1, 2, { threadCpuPercent: 95 }), second(2, 3)],
    ])
    const figures = merged.map((one) => [
      one.eventLoopDelayP99Ms,
      one.eventLoopDelayMaxMs,
      one.eventLoopBusyPercentMax,
      one.threadCpuPercentMax,
      one.gcPauseMaxMs,
      one.gcPauseTotalMs,
    ])
    assert.deepEqual(figures, [
      [1, 2, 3, 4, 8, 9],
      [1, 30, 3, 95, 5, 6],
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
    ])
  })

  test('a worker that stood still for three seconds did so in each of them', () => {
    const merged = withThreadSeconds(late, [[second(0, 3, { eventLoopDelayMaxMs: 2_900 }), second(3, 4)]])
    assert.deepEqual(
      merged.map((one) => one.eventLoopDelayMaxMs),
      [2_900, 2_900, 2_900, 2],
    )
  })

  test('what the main thread took for one long interval has the worst second in it', () => {
    const [first] = late
    assert.ok(first)
    const long = { ...first, atSeconds: 3.2, seconds: 3.2 }
    const merged = withThreadSeconds(
      [long],
      [[second(0, 1), second(1, 2, { gcPauseMaxMs: 40 }), second(2, 3), second(3, 4)]],
    )
    assert.equal(merged[0]?.gcPauseMaxMs, 40)
  })

  test('an interval that was cut short has the second that it began', () => {
    const [first] = late
    assert.ok(first)
    const short = { ...first, atSeconds: 2.2, seconds: 0.2 }
    const merged = withThreadSeconds([short], [[second(0, 1), second(1, 2), second(2, 3, { threadCpuPercent: 77 })]])
    assert.equal(merged[0]?.threadCpuPercentMax, 77)
  })

  test('the drain has none, unknown stays unknown, and without workers nothing changes', () => {
    const [first] = late
    assert.ok(first)
    const draining: Interval = { ...first, phase: 'drain' }
    assert.deepEqual(withThreadSeconds([draining], [[second(0, 1)]]), [draining])
    assert.deepEqual(withThreadSeconds(late, []), late)
    const unknown = withThreadSeconds(late, [[second(0, 1, { threadCpuPercent: null })]])
    assert.equal(unknown[0]?.threadCpuPercentMax, null)
    assert.equal(unknown[3]?.eventLoopDelayMaxMs, null)
  })
})
