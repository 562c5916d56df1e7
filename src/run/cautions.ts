/** What every report on a result has to say of it, as far as the plan tells. Pure. */
import type { CampaignPlan } from './campaign.ts'

/** Sentences; none where there is nothing to warn of. */
export function cautionsOf({ targets, workload }: Pick<CampaignPlan, 'targets' | 'workload'>): string[] {
  const isOnlyEmbedded = targets.every((target) => target.kind !== 'broker')
  return [
    ...(isOnlyEmbedded ? ['Made on the broker inside brokermark: it measures the harness, not a product.'] : []),
    ...(workload.profile === 'smoke'
      ? ['smoke profile: at most 30 s in each cell. It shows that things work, and is not a measurement to quote.']
      : []),
  ]
}
