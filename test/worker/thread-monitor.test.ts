import assert from 'node:assert/strict'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { startThreadMonitor } from '../../src/worker/thread-monitor.ts'

/** Keeps this thread from turning its event loop. */
function block(milliseconds: number): void {
  const untilMs = performance.now() + milliseconds
  while (performance.now() < untilMs);
}

/** The monitor keeps delays to three digits, rounded up: of a machine that stood still for seconds that is milliseconds. */
const ROUNDED_UP = 1.001

/** Makes garbage until the collector must have run: the young generation is 16 MB by default. */
function collectGarbage(): void {
  const kept: number[][] = []
  for (let round = 0; round < 20_000; round++) kept[round % 100] = Array.from({ length: 1_000 }, (_, index) => index)
}

/**
 * Lets the sampling timer run, which first has to see that it was held up; and then whole turns, in which Node tells of
 * pauses: two timers may come in one turn where the machine holds the thread up between them.
 */
async function turnAround(): Promise<void> {
  await sleep(5)
  for (let turn = 0; turn < 3; turn++) await setImmediate()
}

describe('R8.5: the monitor of a thread', () => {
  test('sees a block of 30 ms, and takes no sampling period for one', async () => {
    const monitor = startThreadMonitor()
    await turnAround()
    monitor.reset()
    // The first sample after a reset only begins an interval.
    await turnAround()
    block(30)
    await turnAround()
    const { eventLoopDelayP99Ms } = monitor.stop()
    assert.ok(eventLoopDelayP99Ms !== null && eventLoopDelayP99Ms >= 28, String(eventLoopDelayP99Ms))
  })

  test('tells the blocks of each second apart, and forgets none of the whole window', async () => {
    const monitor = startThreadMonitor()
    await turnAround()
    monitor.reset()
    await turnAround()
    block(400)
    await turnAround()
    const fromMs = performance.now()
    const busy = monitor.cut()
    await turnAround()
    const quiet = monitor.cut()
    const quietMs = performance.now() - fromMs
    assert.ok((busy.eventLoopDelayMaxMs ?? 0) > 390, String(busy.eventLoopDelayMaxMs))
    // A machine with other work may hold the thread up here too, but for no longer than the stretch lasted.
    assert.ok(
      (quiet.eventLoopDelayMaxMs ?? 0) <= quietMs * ROUNDED_UP,
      `${String(quiet.eventLoopDelayMaxMs)} in ${quietMs} ms`,
    )
    assert.ok((monitor.stop().eventLoopDelayMaxMs ?? 0) > 390)
  })

  test('sees a block that begins right after a cut', async () => {
    const monitor = startThreadMonitor()
    await turnAround()
    monitor.cut()
    block(30)
    await turnAround()
    const { eventLoopDelayMaxMs } = monitor.cut()
    monitor.stop()
    assert.ok(eventLoopDelayMaxMs !== null && eventLoopDelayMaxMs >= 27, String(eventLoopDelayMaxMs))
  })

  test('adds the pauses of the garbage collector up', async () => {
    const monitor = startThreadMonitor()
    monitor.reset()
    collectGarbage()
    await turnAround()
    const { gcPauseMaxMs, gcPauseTotalMs } = monitor.cut()
    assert.ok(gcPauseMaxMs > 0 && gcPauseTotalMs >= gcPauseMaxMs, `${gcPauseMaxMs} of ${gcPauseTotalMs} ms`)
    assert.ok(monitor.stop().gcPauseTotalMs >= gcPauseTotalMs)
  })

  test('forgets what was before the measurement, and does not look at what comes after it', async () => {
    const monitor = startThreadMonitor()
    await turnAround()
    block(300)
    await turnAround()
    const fromMs = performance.now()
    monitor.reset()
    await turnAround()
    monitor.end()
    const measuredMs = performance.now() - fromMs
    block(300)
    await turnAround()
    const { eventLoopDelayMaxMs } = monitor.stop()
    assert.ok(
      (eventLoopDelayMaxMs ?? 0) <= measuredMs * ROUNDED_UP,
      `${String(eventLoopDelayMaxMs)} in ${measuredMs} ms`,
    )
  })
})
