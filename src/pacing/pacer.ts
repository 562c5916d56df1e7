import type { Timing } from './timing.ts'

/**
 * How a thread waits for the next slot of its schedule (method.md R8.4). `timer` sleeps: about 0.6 ms late at the
 * median, 2.6 ms at p99. `spin` looks at the clock on every turn of the loop: about 2 us late, and a whole core.
 */
export type PacerMode = 'timer' | 'spin'

/** Below this period between two wakes a timer's lateness would show in the figures. */
const TIMER_PERIOD_MIN_US = 20_000
/** A spinning pacer sleeps until this long before the slot. */
const SPIN_AHEAD_US = 2_000

/** `spin` for periods under 20 ms between the messages of one worker, else `timer`. */
export function pacerModeFor(workerRatePerSecond: number): PacerMode {
  return 1e6 / workerRatePerSecond >= TIMER_PERIOD_MIN_US ? 'timer' : 'spin'
}

/** Timing on the real event loop of this thread. */
export function realTiming(nowUs: () => number, mode: PacerMode): Timing {
  let timer: NodeJS.Timeout | null = null
  let immediate: NodeJS.Immediate | null = null

  function cancelWake(): void {
    if (timer !== null) clearTimeout(timer)
    if (immediate !== null) clearImmediate(immediate)
    timer = null
    immediate = null
  }

  function wakeAt(atUs: number, wake: () => void): void {
    cancelWake()
    const waitUs = atUs - nowUs()
    const sleepUs = mode === 'spin' ? waitUs - SPIN_AHEAD_US : waitUs
    if (sleepUs >= 1_000) {
      timer = setTimeout(() => wakeAt(atUs, wake), Math.floor(sleepUs / 1_000))
      return
    }
    if (mode === 'timer' && waitUs > 0) {
      // Under a millisecond left: a timer would come a whole one late, a turn of the loop comes in time.
      immediate = setImmediate(() => wakeAt(atUs, wake))
      return
    }
    spin(atUs, wake)
  }

  function spin(atUs: number, wake: () => void): void {
    immediate = setImmediate(() => {
      immediate = null
      if (nowUs() >= atUs) wake()
      else spin(atUs, wake)
    })
  }

  return { nowUs, wakeAt, cancelWake, soon: (run) => void setImmediate(run) }
}
