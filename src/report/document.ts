/** A whole report before it is text: what the terminal and Markdown renderers print, and the HTML one builds on. Pure. */
import type { Result } from '../result/result.ts'
import { againstTable, type AgainstReport } from './against.ts'
import { againstRun } from './against-run.ts'
import { cellTable } from './cell-table.ts'
import { grids } from './grid.ts'
import { headFacts, reportTitle, type Fact } from './head.ts'
import { pointsTable } from './points-table.ts'
import type { ReportTable } from './report-table.ts'
import { sentinelTables } from './sentinel-table.ts'
import { soakTable } from './soak-table.ts'
import { throughputTable } from './throughput-table.ts'
import { reasonsTable } from './verdict-table.ts'

export interface ReportDocument {
  readonly title: string
  readonly runId: string
  readonly facts: readonly Fact[]
  /** The published form, one table per combination of the remaining axes. */
  readonly throughput: readonly ReportTable[]
  /** Medians and intervals over repetitions, one table per combination and target; none without repetitions. */
  readonly points: readonly ReportTable[]
  /** Empty where no sentinel was measured. */
  readonly sentinels: readonly ReportTable[]
  /** Cell by cell, one table per combination and target. */
  readonly cells: readonly ReportTable[]
  /** Every reason of every cell that has one, in full. */
  readonly reasons: ReportTable
  readonly against: AgainstReport | null
  /** Sentences from the cells and targets that belong beside the figures, each once. */
  readonly notes: readonly string[]
  readonly cautions: readonly string[]
  readonly source: string | null
}

/** @param against published figures, or another run, to print beside the measured ones; null for none. */
export function reportDocument(result: Result, against: Result | null): ReportDocument {
  const all = grids(result)
  return {
    title: reportTitle(result),
    runId: result.runId,
    facts: headFacts(result),
    throughput: all.map((grid) => throughputTable(result, grid)),
    points: all.flatMap((grid) => grid.targets.flatMap(({ target }) => pointsTable(result, grid, target))),
    sentinels: sentinelTables(result),
    cells: all.flatMap((grid) =>
      grid.targets.flatMap(({ target }) => [cellTable(grid, target), ...soakTable(grid, target)]),
    ),
    reasons: reasonsTable(result),
    against:
      against === null
        ? null
        : against.status === 'published'
          ? againstTable(result, against)
          : againstRun(result, against),
    notes: notesOf(result),
    cautions: result.cautions,
    source: result.source,
  }
}

function notesOf(result: Result): string[] {
  const remains = result.targets.flatMap(remainsNote)
  const coLocated = result.cells.some((cell) => cell.generator?.coLocated === true)
    ? ['Broker and generator share the cores of one host: each takes CPU from the other.']
    : []
  return [...new Set([...result.cells.flatMap((cell) => cell.notes), ...coLocated, ...remains])]
}

/** Names that a note lists; the rest are in the result. */
const REMAINS_LISTED = 3

function remainsNote({ target, remains }: Result['targets'][number]): string[] {
  if (remains.length === 0) return []
  const listed = remains.slice(0, REMAINS_LISTED).join(', ')
  const more = remains.length > REMAINS_LISTED ? ` and ${remains.length - REMAINS_LISTED} more` : ''
  const what = remains.length === 1 ? 'a destination' : `${remains.length} destinations`
  return [`Left behind on ${target}: ${what} (${listed}${more}); ?management=URL in the target has them deleted.`]
}
