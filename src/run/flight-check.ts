/** From Little's check to what the result says of it. Pure. */
import { isResolved, type LittleCheck } from '../measure/statistics/littles-law.ts'
import type { LittlesLaw } from '../result/result.ts'
import type { Cell } from '../workload/cell.ts'
import { followedFlow } from './cell-plan.ts'

/** Null where nothing was followed, or the law says nothing. */
export function littlesLawOf(cell: Cell, check: LittleCheck | null): LittlesLaw | null {
  const flow = followedFlow(cell)
  if (check === null || flow === null) return null
  return { flow: flow.metric === 'endToEndService' ? 'endToEnd' : 'publish', ...check, judged: isResolved(check) }
}
