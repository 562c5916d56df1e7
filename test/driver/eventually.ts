import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 5

/**
 * Resolves as soon as `condition` is true; rejects with `what` and the state that `describe` gives at the deadline.
 * @param deadlineMs only a bound for failure, never part of a judgement. Default 60 s.
 */
export async function eventually(
  condition: () => boolean,
  what: string,
  describe: () => string = () => '',
  deadlineMs = 60_000,
): Promise<void> {
  const attempts = Math.ceil(deadlineMs / POLL_MS)
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (condition()) return
    await delay(POLL_MS)
  }
  throw new Error(`never happened: ${what} ${describe()}`)
}
