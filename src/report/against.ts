/** Measured beside published, point by point. Pure. */
import { CORE_MICROS_PER_MESSAGE, CPU_PERCENT, TPS, type ComparedFigure } from './compared-figure.ts'
import type { Result } from '../result/result.ts'
import { differenceReasons } from './difference-reasons.ts'
import { grids, type Grid, type Point } from './grid.ts'
import { impliedSendMs } from './headline.ts'
import { reasonsOfPoint } from './noted-reasons.ts'
import { countOf, figureText, ratioText, sizeText } from './number-text.ts'
import { pointFigure, type PointFigure } from './point-figure.ts'
import { ReasonNotes } from './reason-notes.ts'
import { NoteList, textCell, type ReportTable, type TableCell } from './report-table.ts'

export interface AgainstReport {
  /** Name of the reference, `mq.m5.2xlarge`, or id of the other run. */
  readonly reference: string
  /** `Beside published mq.m5.2xlarge`. */
  readonly heading: string
  readonly reasonsHeading: string
  /** One table per target and combination that has points in common with the reference. */
  readonly tables: readonly ReportTable[]
  /** Why absolute levels differ: first what this result's own facts show, then the cautions of the reference. */
  readonly reasons: readonly string[]
}

interface Pair {
  readonly measured: Point
  readonly published: Point
}

/**
 * Compares by message size and producers x consumers; points that only one side has are left out, and a reason says so.
 *
 * @param measured the user's own result.
 * @param reference published figures, as `results/reference` holds them.
 */
export function againstTable(measured: Result, reference: Result): AgainstReport {
  const name = reference.cells[0]?.target ?? reference.runId
  const published = grids(reference).flatMap((grid) => grid.points)
  const tables: ReportTable[] = []
  for (const grid of grids(measured)) {
    for (const { target } of grid.targets) {
      const pairs = pairsOf(grid, target, published)
      if (pairs.length > 0) tables.push(tableOf(grid, target, name, pairs))
    }
  }
  const reasons = [
    ...commonSentence(measured, published, tables),
    ...differenceReasons(measured, reference),
    ...reference.cautions,
  ]
  return {
    reference: name,
    heading: `Beside published ${name}`,
    reasonsHeading: 'Why absolute levels differ',
    tables,
    reasons: [...new Set(reasons)],
  }
}

function pairsOf(grid: Grid, target: string, published: readonly Point[]): Pair[] {
  return grid.points.flatMap((point) => {
    if (point.target !== target) return []
    const other = published.find((one) => samePlace(one, point))
    return other === undefined ? [] : [{ measured: point, published: other }]
  })
}

function samePlace(a: Point, b: Point): boolean {
  return (
    a.messageBytes === b.messageBytes && a.crew.producers === b.crew.producers && a.crew.consumers === b.crew.consumers
  )
}

function commonSentence(measured: Result, published: readonly Point[], tables: readonly ReportTable[]): string[] {
  const points = grids(measured).flatMap((grid) => grid.points)
  const common = points.filter((point) => published.some((one) => samePlace(one, point))).length
  if (tables.length === 0) {
    return ['No point in common: the reference has none of the measured sizes and numbers of producers and consumers.']
  }
  return common === points.length
    ? []
    : [`${points.length - common} of ${points.length} measured points have no published counterpart and are not shown.`]
}

const comparisons: readonly ComparedFigure[] = [
  TPS,
  CPU_PERCENT,
  CORE_MICROS_PER_MESSAGE,
  {
    label: 'Send ms',
    figureOf: impliedSendMs,
    text: figureText,
    missing: 'Send time follows from TPS in a closed model only.',
  },
]

function tableOf(grid: Grid, target: string, reference: string, pairs: readonly Pair[]): ReportTable {
  const notes = new NoteList()
  const entries = pairs.flatMap((pair) => reasonsOfPoint(pair.measured))
  const reasons = new ReasonNotes(notes, entries, countOf(pairs.length, 'point'))
  let lastBytes = -1
  const rows = pairs.map((pair) => {
    const size = pair.measured.messageBytes === lastBytes ? '' : sizeText(pair.measured.messageBytes)
    lastBytes = pair.measured.messageBytes
    return [textCell(size), textCell(pair.measured.crew.label), ...figureCells(pair, notes, reasons)]
  })
  const right = (label: string): ReportTable['columns'][number] => ({ label, align: 'right' })
  return {
    caption: `Measured on ${target} beside published ${reference}${grid.combination === '' ? '' : `, ${grid.combination}`}`,
    keyColumns: 2,
    groups: comparisons.map(({ label }) => ({ label, title: label, span: label === 'TPS' ? 3 : 2 })),
    columns: [
      { label: 'Size', align: 'left' },
      right('Pairs'),
      ...comparisons.flatMap(({ label }) => [
        right('meas.'),
        right('publ.'),
        ...(label === 'TPS' ? [right('ratio')] : []),
      ]),
    ],
    rows,
    notes: notes.sentences,
    remarks: [],
  }
}

function figureCells(pair: Pair, notes: NoteList, reasons: ReasonNotes): TableCell[] {
  const noted = reasons.numbersOf(pair.measured.repetitions[0]?.id ?? '')
  const failed = pair.measured.repetitions.every((cell) => cell.verdict.kind === 'failed')
  return comparisons.flatMap((comparison) => {
    const measured = pointFigure(pair.measured, comparison.figureOf)
    const published = pointFigure(pair.published, comparison.figureOf)
    const cells = [
      failed ? textCell('failed', 'bad') : sideCell(measured, comparison, notes),
      published === null ? textCell('', 'missing') : textCell(comparison.text(published.median)),
    ]
    if (comparison.label !== 'TPS') return cells
    return [
      ...cells.map((cell, place) => (place === 0 ? { ...cell, notes: [...cell.notes, ...noted] } : cell)),
      ratio(measured, published),
    ]
  })
}

function sideCell(figure: PointFigure | null, comparison: ComparedFigure, notes: NoteList): TableCell {
  if (figure === null) return notes.missing(comparison.missing)
  return { ...textCell(comparison.text(figure.median)), struck: figure.struck }
}

function ratio(measured: PointFigure | null, published: PointFigure | null): TableCell {
  if (measured === null || published === null || published.median === 0) return textCell('', 'missing')
  return { ...textCell(ratioText(measured.median / published.median)), struck: measured.struck }
}
