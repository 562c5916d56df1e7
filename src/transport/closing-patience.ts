const STEPS = 4
const STEP_MS = 250

/**
 * Calls `giveUp` when a stream that is being closed has stood still for a second: nothing of what waits was taken in four
 * steps in a row. Steps instead of one time-out, because a machine that stood still has taken one, however long it was.
 * @param queuedBytes what waits to be sent. @returns ends the waiting.
 */
export function untilItStandsStill(queuedBytes: () => number, giveUp: () => void): () => void {
  let before = queuedBytes()
  let steps = 0
  const timer = setInterval(() => {
    const now = queuedBytes()
    steps = now < before ? 0 : steps + 1
    before = now
    if (steps < STEPS) return
    clearInterval(timer)
    giveUp()
  }, STEP_MS)
  return () => clearInterval(timer)
}
