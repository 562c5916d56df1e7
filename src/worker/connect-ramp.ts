import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Opens connections at no more than `perSecond`, several under way at a time, and waits for all. When one fails the
 * rest is not begun, those under way are waited for, and the first error is thrown.
 * @param signal aborted: the rest is not begun and nothing is thrown for that. Absent: never.
 */
export async function rampUp(
  openings: readonly (() => Promise<void>)[],
  perSecond: number,
  signal?: AbortSignal,
): Promise<void> {
  const underWay: Promise<void>[] = []
  const failures: unknown[] = []
  const gapMs = 1_000 / perSecond
  const beganMs = performance.now()
  for (const [index, open] of openings.entries()) {
    const waitMs = beganMs + index * gapMs - performance.now()
    if (waitMs >= 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined)
    if (failures.length > 0 || signal?.aborted === true) break
    underWay.push(open().catch((error: unknown) => void failures.push(error)))
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
}
