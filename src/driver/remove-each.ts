import { setTimeout as delay } from 'node:timers/promises'
import { DriverError } from './driver-error.ts'
import type { KeptSubscription } from './driver.ts'

const AGAIN_MS = 50
/** Ten seconds for all of them together: somebody else may have the name for good. */
const TIMES_AGAIN_MAX = 200

/**
 * Removes one after the other; what the broker refuses does not keep the others. Tried again as long as the broker says
 * that the client, or its subscription, is still there: ActiveMQ notices the end of a connection a moment after it ended.
 * @returns whether all are gone.
 */
export async function removeEach(
  kept: readonly KeptSubscription[],
  remove: (one: KeptSubscription) => Promise<void>,
): Promise<boolean> {
  let areGone = true
  let timesAgain = 0
  for (const one of kept) {
    let refusal = await refusalOf(remove(one))
    for (; refusal !== null && isStillThere(refusal) && timesAgain < TIMES_AGAIN_MAX; timesAgain++) {
      await delay(AGAIN_MS)
      refusal = await refusalOf(remove(one))
    }
    if (refusal !== null) areGone = false
  }
  return areGone
}

async function refusalOf(removing: Promise<void>): Promise<DriverError | null> {
  try {
    await removing
    return null
  } catch (error) {
    if (error instanceof DriverError) return error
    throw error
  }
}

function isStillThere({ message }: DriverError): boolean {
  return /already connected|is in use/i.test(message)
}
