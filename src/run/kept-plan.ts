/** What of a plan is kept in the run's folder beside its workload and cells, so that a resumed run goes on as it began. */
import { z } from 'zod'
import type { PlannedRun } from '../result/run-header.ts'
import type { CampaignPlan } from './campaign.ts'

const keptPlanSchema = z.object({
  /** False: `--no-floor`. Null: the run is older than this key. */
  floor: z.boolean().nullable().default(null),
  brokerWarmupGiven: z.boolean().default(false),
})
export type KeptPlan = z.infer<typeof keptPlanSchema>

/** What `createRun` stores of a plan. */
export function plannedOf(plan: CampaignPlan): PlannedRun {
  const { cells, workload, floors, brokerWarmupGiven } = plan
  const kept: KeptPlan = { floor: floors !== null, brokerWarmupGiven }
  return {
    cellIds: cells.map((cell) => cell.id),
    plan: { workload: JSON.parse(JSON.stringify(workload)) as PlannedRun['plan'], ...kept },
  }
}

/** What was kept of the plan of a stored run; of one from before a key was kept, the default. */
export function keptPlanOf({ plan }: PlannedRun): KeptPlan {
  const found = keptPlanSchema.safeParse(plan)
  return found.success ? found.data : keptPlanSchema.parse({})
}
