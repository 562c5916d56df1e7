import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Opens connections at no more than `perSecond`, several under way at a time, and waits for all. When one fails the
 * rest is not begun, those under way are waited for, and the first error is thrown.
 */
export async function rampUp(openings: readonly (() => Promise<void>)[], perSecond: number): Promise<void> {
  const underWay: Promise<void>[] = []
  const failures: unknown[] = []
  const gapMs = 1_000 / perSecond
  const beganMs = performance.now()
  for (const [index, open] of openings.entries()) {
    const waitMs = beganMs + index * gapMs - performance.now()
    if (waitMs >= 1) await sleep(waitMs)
    if (failures.length > 0) break
    underWay.push(open().catch((error: unknown) => void failures.push(error)))
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
}
