/** Verdicts cell by cell: kind, reasons, and the checks that were made. Pure. */
import type { CellResult, Result } from '../result/result.ts'
import { cellName } from './cell-name.ts'
import { textCell, type ReportTable } from './report-table.ts'
import { helpRemarks } from './verdict-help.ts'
import { reasonText } from './verdict-text.ts'

/** Only the cells that have a reason, for a report whose tables hold notes that put several cells together. */
export function reasonsTable(result: Result): ReportTable {
  const table = verdictTable({ ...result, cells: result.cells.filter(({ verdict }) => verdict.reasons.length > 0) })
  return { ...table, caption: 'Reasons in full, cell by cell', remarks: [] }
}

/** @returns one row per cell, in the order of the result. */
export function verdictTable(result: Result): ReportTable {
  const targets = new Set(result.cells.map((cell) => cell.target))
  // A failed cell ends before its checks: that alone is no difference worth a column.
  const judged = result.cells.filter((cell) => cell.verdict.kind !== 'failed')
  const checks = [...new Set(judged.map((cell) => checksText(cell)))]
  const alike = checks.length <= 1
  return {
    caption: 'Verdicts; a check that is not named was not made',
    keyColumns: 1,
    groups: [],
    columns: [
      { label: 'Cell', align: 'left' },
      { label: 'Verdict', align: 'left' },
      { label: 'Reasons', align: 'left' },
      ...(alike ? [] : [{ label: 'Checks made', align: 'left' as const }]),
    ],
    rows: result.cells.map((cell) => {
      const { kind, reasons } = cell.verdict
      return [
        textCell(cellName(cell, targets.size > 1)),
        textCell(kind, kind === 'valid' ? 'good' : kind === 'published' ? 'figure' : 'bad'),
        textCell(reasons.length === 0 ? 'none' : `${reasons.map(reasonText).join('; ')}.`),
        ...(alike ? [] : [textCell(checksText(cell))]),
      ]
    }),
    notes: [],
    remarks: [
      ...helpRemarks(result.cells),
      ...(alike && checks.length === 1 ? [`Checks made in every cell that did not fail: ${checks.join('')}.`] : []),
    ],
  }
}

function checksText(cell: CellResult): string {
  return cell.verdict.checks.length === 0 ? 'none' : cell.verdict.checks.join(', ')
}

/** `24 cells: 22 valid, 1 invalid, 1 failed.` */
export function verdictCounts(result: Result): string {
  const counts = new Map<string, number>()
  for (const cell of result.cells) counts.set(cell.verdict.kind, (counts.get(cell.verdict.kind) ?? 0) + 1)
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`)
  const sentinels = result.cells.filter(({ sentinel }) => sentinel !== null).length
  const all = result.cells.length === 1 ? '1 cell' : `${result.cells.length} cells`
  const cells = sentinels === 0 ? all : `${all} (${sentinels} of them sentinels)`
  return parts.length === 0 ? 'No cell was measured.' : `${cells}: ${parts.join(', ')}.`
}
