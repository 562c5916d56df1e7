/** What Little's law says of open cells: in flight by the counters, beside rate times latency (method.md R5.6). Pure. */
import type { Result } from '../result/result.ts'
import { cellName } from './cell-name.ts'
import { figureText, millisecondsText } from './number-text.ts'
import { textCell, type ReportTable } from './report-table.ts'

/** @returns one row per cell of which the law says something; no table where it says nothing of any. */
export function littlesLawTable(result: Result): readonly ReportTable[] {
  const hasTargets = new Set(result.cells.map(({ target }) => target)).size > 1
  const rows = result.cells.flatMap((cell) => {
    const law = cell.littlesLaw
    if (law === null) return []
    return [
      [
        cellName(cell, hasTargets),
        law.flow === 'endToEnd' ? 'to delivery' : 'to confirm',
        figureText(law.inFlightMean),
        figureText(law.expectedInFlight),
        millisecondsText(law.latencyMeanUs),
        `${law.deviation < 0 ? '-' : '+'}${shareText(Math.abs(law.deviation))}`,
        shareText(law.uncertainty),
        law.judged ? shareText(law.limit) : 'not judged',
      ].map((text) => textCell(text)),
    ]
  })
  if (rows.length === 0) return []
  return [
    {
      caption: "Little's law in open models (mean latency in ms, from the actual send)",
      keyColumns: 1,
      groups: [],
      columns: [
        { label: 'Cell', align: 'left' },
        { label: 'From sending', align: 'left' },
        ...['In flight, counted', 'Rate x latency', 'Latency', 'Deviation', 'Known to', 'Limit'].map((label) => ({
          label,
          align: 'right' as const,
        })),
      ],
      rows,
      notes: [],
      remarks: [
        'Counted at random moments without a look at latencies. A deviation beyond its limit and what it is known to makes a cell invalid; where it is known less well than the limit, it decides nothing.',
      ],
    },
  ]
}

function shareText(share: number): string {
  return `${figureText(share * 100)} %`
}
