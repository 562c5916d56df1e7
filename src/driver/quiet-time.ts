import { setTimeout as delay } from 'node:timers/promises'

const STEP_MS = 25
const STEPS = 10
/** A step that takes so long says that this machine stood still: then the silence of a peer says nothing. */
const LATE_MS = 2 * STEP_MS
/** On a machine that is late all the time, so many steps of any length are enough. */
const STEPS_MAX = 40

/** Passes a quarter of a second in which this machine ran: what a peer has under way on it arrives meanwhile. */
export async function quietTime(): Promise<void> {
  for (let steps = 0, inTime = 0; inTime < STEPS && steps < STEPS_MAX; steps++) {
    const fromMs = performance.now()
    await delay(STEP_MS)
    if (performance.now() - fromMs < LATE_MS) inTime++
  }
}
