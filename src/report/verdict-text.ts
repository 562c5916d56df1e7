/** Verdicts as sentences. Pure. */
import type { CellResult, Reason } from '../result/result.ts'
import type { Point } from './grid.ts'
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

/** What must be said beside the figures of a point: every repetition that is neither valid nor published; else null. */
export function pointVerdictText(point: Point): string | null {
  const remarkable = point.repetitions.filter(
    (cell) => cell.verdict.kind !== 'valid' && cell.verdict.kind !== 'published',
  )
  if (remarkable.length === 0) return null
  const numbered = point.repetitions.length > 1
  return remarkable
    .map((cell) => (numbered ? `repetition ${cell.repetition} ${verdictText(cell)}` : verdictText(cell)))
    .join('; ')
}
