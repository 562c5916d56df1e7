/** The floor before the run: what the plan's clients cost and carry on this host, and whether that is enough for the plan. */
import { answeringCells } from '../run/answering-cells.ts'
import type { CampaignPlan } from '../run/campaign.ts'
import { needsOf, wishesOf } from '../run/floor/plan-floors.ts'
import { planThreads } from '../run/floor/plan-threads.ts'
import { UsageError } from '../workload/problem.ts'
import { calibratingLine } from './calibrate.ts'
import type { CliContext } from './context.ts'
import { coreCount } from './host-limits.ts'
import type { RunFlags } from './run-flags.ts'

/**
 * Measures what the cache lacks; nothing on the broker inside, where the result is the floor.
 * @returns the plan with its floors, and with more threads where it needs and may have them.
 * @throws UsageError for a rate that this host cannot generate (method.md R8.7).
 */
export async function addFloors(
  plan: CampaignPlan,
  flags: Pick<RunFlags, 'quiet'>,
  context: CliContext,
  signal: AbortSignal,
): Promise<CampaignPlan> {
  const cells = answeringCells(plan)
  const wishes = wishesOf(needsOf(cells, plan.targets, plan.threads))
  if (wishes.length === 0) return { ...plan, floors: [] }
  const { calibrate } = await import('../run/floor/calibrate.ts')
  const { floorCachePath } = await import('../run/floor/floor-cache.ts')
  const { floors } = await calibrate({
    wishes,
    cachePath: floorCachePath(context.environment),
    force: false,
    signal,
    onStep: (step) => {
      if (flags.quiet !== true) context.stderr.write(calibratingLine(step))
    },
    onWarning: (sentence) => context.stderr.write(`warning: ${sentence}\n`),
  })
  const onBrokers = cells.filter((cell) => plan.targets[cell.targetIndex]?.kind === 'broker')
  const given = plan.workload.threads !== null
  const found = planThreads(onBrokers, floors, { threads: plan.threads, given, cores: coreCount() })
  if (found.problems.length > 0) throw new UsageError(found.problems)
  for (const note of found.notes) context.stderr.write(`warning: ${note}\n`)
  return { ...plan, floors, threads: found.threads }
}
