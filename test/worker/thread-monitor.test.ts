import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { startThreadMonitor } from '../../src/worker/thread-monitor.ts'

/** Keeps this thread from turning its event loop. */
function block(milliseconds: number): void {
  const untilMs = performance.now() + milliseconds
  while (performance.now() < untilMs);
}

/** Makes garbage until the collector must have run: the young generation is 16 MB by default. */
function collectGarbage(): void {
  const kept: number[][] = []
  for (let round = 0; round < 20_000; round++) kept[round % 100] = Array.from({ length: 1_000 }, (_, index) => index)
}

/** Lets the sampling timer run, which first has to see that it was held up. */
async function turnAround(): Promise<void> {
  await sleep(5)
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
    const busy = monitor.cut()
    await turnAround()
    const quiet = monitor.cut()
    assert.ok((busy.eventLoopDelayMaxMs ?? 0) > 390, String(busy.eventLoopDelayMaxMs))
    assert.ok((quiet.eventLoopDelayMaxMs ?? 0) < 350, String(quiet.eventLoopDelayMaxMs))
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
    // Pauses are told in the turn after the next: the first timer comes in the one in which the loop's clock moves on.
    await turnAround()
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
    monitor.reset()
    await turnAround()
    monitor.end()
    block(300)
    await turnAround()
    const { eventLoopDelayP99Ms } = monitor.stop()
    assert.ok(eventLoopDelayP99Ms === null || eventLoopDelayP99Ms < 250, String(eventLoopDelayP99Ms))
  })
})
