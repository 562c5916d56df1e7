import type { CellResult } from '../../result/result.ts'
import type { Cell } from '../../workload/cell.ts'
import { emptyCell } from '../cell-record.ts'
import { placeOf } from '../cell-place.ts'
import type { RepetitionEvents, RepetitionPlan } from '../repetition.ts'
import type { ProcessWatch } from './process-watch.ts'

/**
 * Records what a client process took with it when it died: the cell under way; where it died before any, the cells of the
 * target that it was at, lest the next one die there again and again.
 * @param why `it was ended by SIGKILL`.
 * @param isInterrupted the user had asked for the end: the cell can be measured again, and no other is begun.
 * @returns what is left to do for a fresh process; null for nothing. Rejects with StoreError.
 */
export async function buryProcess(
  plan: RepetitionPlan,
  watch: ProcessWatch,
  why: string,
  events: RepetitionEvents,
  isInterrupted: boolean,
): Promise<RepetitionPlan | null> {
  const { declared } = watch
  if (declared !== null) events.tell({ kind: 'removed', target: declared.target, remains: declared.destinations })
  const missing = plan.cells.filter((cell) => !watch.isHandedOver(cell.id))
  const taken = takenCells(missing, watch)
  const sentence = `the client process of repetition ${plan.cells[0].repetition} died: ${why}`
  // Ctrl-C in a terminal ends the client as well, where it had nothing to end in order yet.
  if (!isInterrupted) events.tell({ kind: 'warning', sentence })
  for (const cell of taken) {
    if (isInterrupted && watch.underWay === null) break
    await events.store({
      result: await takenCell(plan, cell, watch, isInterrupted ? null : sentence),
      histograms: null,
    })
  }
  const [first, ...others] = missing.filter((cell) => !taken.includes(cell))
  if (first === undefined || isInterrupted) return null
  return { ...plan, cells: [first, ...others], orderFrom: plan.orderFrom + plan.cells.indexOf(first) }
}

function takenCells(missing: readonly Cell[], { underWay }: ProcessWatch): readonly Cell[] {
  if (underWay !== null) return missing.filter((cell) => cell.id === underWay.cellId)
  return missing.filter((cell) => cell.targetIndex === missing[0]?.targetIndex)
}

/** @param sentence null: the user interrupted it. */
async function takenCell(
  plan: RepetitionPlan,
  cell: Cell,
  { underWay }: ProcessWatch,
  sentence: string | null,
): Promise<CellResult> {
  const empty = emptyCell(cell, await placeOf(plan, cell), underWay?.startedAtMs ?? Date.now(), null)
  const result = { ...empty, intervals: [...(underWay?.intervals ?? [])] }
  if (sentence === null) return result
  const reason = { code: 'client-process-died', text: sentence, figure: null, limit: null }
  return { ...result, verdict: { kind: 'failed', reasons: [reason], checks: ['connections'] } }
}
