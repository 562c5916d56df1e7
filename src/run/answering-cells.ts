import type { Cell } from '../workload/cell.ts'
import type { CampaignPlan } from './campaign.ts'

/** The cells of a plan whose targets answered. */
export function answeringCells({
  cells,
  targets,
  unusable,
}: Pick<CampaignPlan, 'cells' | 'targets' | 'unusable'>): readonly Cell[] {
  return cells.filter(({ targetIndex }) => !unusable.has(targets[targetIndex]?.label ?? ''))
}
