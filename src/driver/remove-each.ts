import { DriverError } from './driver-error.ts'
import type { KeptSubscription } from './driver.ts'

/** Removes one after the other; what the broker refuses does not keep the others. @returns whether all are gone. */
export async function removeEach(
  kept: readonly KeptSubscription[],
  remove: (one: KeptSubscription) => Promise<void>,
): Promise<boolean> {
  let areGone = true
  for (const one of kept) {
    try {
      await remove(one)
    } catch (error) {
      if (!(error instanceof DriverError)) throw error
      areGone = false
    }
  }
  return areGone
}
