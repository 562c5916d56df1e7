import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { startThreadMonitor } from '../../src/worker/thread-monitor.ts'

/** Keeps this thread from turning its event loop. */
function block(milliseconds: number): void {
  const untilMs = performance.now() + milliseconds
  while (performance.now() < untilMs);
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
