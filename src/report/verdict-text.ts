/** Verdicts as sentences. Pure. */
import type { CellResult, Reason } from '../result/result.ts'
import { quantityText } from './number-text.ts'

/** `invalid: sends left 12 ms late (generator-lag: 12.1, limit 5)`; just the kind where there is no reason. */
export function verdictText(cell: CellResult): string {
  const { kind, reasons } = cell.verdict
  return reasons.length === 0 ? kind : `${kind}: ${reasons.map(reasonText).join('; ')}`
}

/** One reason with its code, figure and limit. */
export function reasonText(reason: Reason): string {
  const figure = reason.figure === null ? '' : `: ${quantityText(reason.figure)}`
  const limit = reason.limit === null ? '' : `, limit ${quantityText(reason.limit)}`
  return `${reason.text.replace(/\.$/, '')} (${reason.code}${figure}${limit})`
}
