import type { DriverError } from '../driver/driver-error.ts'
import type { Cell } from '../workload/cell.ts'
import { placeOf } from './cell-place.ts'
import { emptyCell } from './cell-record.ts'
import type { RepetitionEvents, RepetitionPlan } from './repetition.ts'

/**
 * A target cannot be used at all: `cells` of `plan`, all of that target, say so. Rejects with StoreError.
 * @param target its label.
 */
export async function giveUpTarget(
  plan: RepetitionPlan,
  events: RepetitionEvents,
  target: string,
  cells: readonly Cell[],
  error: DriverError,
): Promise<void> {
  events.tell({ kind: 'unusable-target', target, sentence: error.message })
  for (const cell of cells) {
    const result = emptyCell(cell, await placeOf(plan, cell), Date.now(), error)
    await events.store({ result, histograms: null })
  }
}
