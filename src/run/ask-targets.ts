/** Whether the targets answer, found out before anything that takes time: floors, the warm-up of clients, threads. */
import { toDriverError, type DriverError } from '../driver/driver-error.ts'
import type { CampaignPlan } from './campaign.ts'
import { findBroker } from './target-session.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Connects to every target that has cells in the plan, logs in and leaves, at all of them at once.
 * @param signal waits for nobody any more.
 * @returns those that do not answer, by label, with what a run would say of them. Never rejects.
 */
export async function askTargets(
  { targets, cells }: Pick<CampaignPlan, 'targets' | 'cells'>,
  signal: AbortSignal,
): Promise<CampaignPlan['unusable']> {
  const asked = targets.map(async (target, index): Promise<readonly (readonly [string, DriverError])[]> => {
    const cell = cells.find((one) => one.targetIndex === index)
    // The broker inside is started by the run, and the loopback is none.
    if (cell === undefined || target.kind !== 'broker') return []
    try {
      await untilAborted(findBroker(target, cell.connect.timeoutSeconds * 1_000), signal)
      return []
    } catch (error) {
      return [[target.label, toDriverError(error, `starting ${target.label}`)]]
    }
  })
  return new Map((await Promise.all(asked)).flat())
}
