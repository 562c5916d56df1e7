/** One run beside another, point by point: figures, and what differs between the two. No statistics, no verdict. Pure. */
import { CORE_MICROS_PER_MESSAGE, CPU_PERCENT, TPS, type ComparedFigure } from './compared-figure.ts'
import type { Result } from '../result/result.ts'
import type { AgainstReport } from './against.ts'
import { grids, type Grid, type Point } from './grid.ts'
import { headlineLatency } from './headline.ts'
import { reasonsOfPoint } from './noted-reasons.ts'
import { countOf, millisecondsText, ratioText, sizeText } from './number-text.ts'
import { pointFigure, type PointFigure } from './point-figure.ts'
import { ReasonNotes } from './reason-notes.ts'
import { runDifferences } from './run-differences.ts'
import { NoteList, textCell, type ReportTable, type TableCell } from './report-table.ts'

interface Pair {
  readonly one: Point
  readonly other: Point
}

const comparisons: readonly ComparedFigure[] = [
  TPS,
  {
    label: 'p50 ms',
    figureOf: (cell) => headlineLatency(cell).latency?.p50 ?? null,
    text: millisecondsText,
    missing: 'No latency was measured.',
  },
  {
    label: 'p99 ms',
    figureOf: (cell) => headlineLatency(cell).latency?.p99 ?? null,
    text: millisecondsText,
    missing: 'Too few samples for a p99, or no latency.',
  },
  CORE_MICROS_PER_MESSAGE,
  CPU_PERCENT,
]

/**
 * Pairs points of the same size, crew and further axes: on the same target where the other run has it, else on its only
 * target. @param other comparable with it (result/comparable.ts), and measured, not published.
 */
export function againstRun(result: Result, other: Result): AgainstReport {
  const theirs = grids(other)
  const tables = grids(result).flatMap((grid) =>
    grid.targets.flatMap(({ target }) => {
      const pairs = pairsOf(grid, target, theirs)
      return pairs.length === 0 ? [] : [tableOf(grid, target, other, pairs)]
    }),
  )
  const none =
    tables.length > 0 ? [] : ['No point in common: neither size, pairs and further axes, nor target, are the same.']
  return {
    reference: other.runId,
    heading: `Beside run ${other.runId}`,
    tables,
    reasonsHeading: 'What to know of the two runs',
    reasons: [...none, ...runDifferences(result, other)],
  }
}

function pairsOf(grid: Grid, target: string, theirs: readonly Grid[]): Pair[] {
  const targets = new Set(theirs.flatMap((one) => one.targets.map((entry) => entry.target)))
  const [only] = targets.size === 1 ? targets : []
  const counterpart = targets.has(target) ? target : only
  const same = theirs.find((one) => one.combination === grid.combination)
  return grid.points.flatMap((point) => {
    const other = same?.points.find((one) => one.target === counterpart && samePlace(one, point))
    return point.target !== target || other === undefined ? [] : [{ one: point, other }]
  })
}

function samePlace(a: Point, b: Point): boolean {
  return a.messageBytes === b.messageBytes && a.crew.label === b.crew.label
}

function tableOf(grid: Grid, target: string, other: Result, pairs: readonly Pair[]): ReportTable {
  const notes = new NoteList()
  const whole = countOf(pairs.length, 'point')
  const reasonsOf = (points: readonly Point[], whose: string): ReasonNotes =>
    new ReasonNotes(
      notes,
      points.flatMap((point) => reasonsOfPoint(point, whose)),
      whole,
    )
  const reasons = [
    reasonsOf(
      pairs.map(({ one }) => one),
      'this run',
    ),
    reasonsOf(
      pairs.map(({ other: theirs }) => theirs),
      'the other run',
    ),
  ] as const
  const counterpart = pairs[0]?.other.target ?? target
  const on = counterpart === target ? target : `${target} beside ${counterpart}`
  const right = (label: string): ReportTable['columns'][number] => ({ label, align: 'right' })
  return {
    caption: `This run beside ${other.runId}, on ${on}${grid.combination === '' ? '' : `, ${grid.combination}`}`,
    keyColumns: 2,
    groups: comparisons.map(({ label }) => ({ label, title: label, span: 3 })),
    columns: [
      { label: 'Size', align: 'left' },
      right('Pairs'),
      ...comparisons.flatMap(() => [right('this'), right('other'), right('ratio')]),
    ],
    rows: pairs.map(({ one, other: theirs }) => [
      textCell(sizeText(one.messageBytes)),
      textCell(one.crew.label),
      ...comparisons.flatMap((comparison) => figureCells(comparison, one, theirs, notes, reasons)),
    ]),
    notes: notes.sentences,
    remarks: ['Ratios are this over other, of medians over repetitions: without intervals they are no finding.'],
  }
}

function figureCells(
  comparison: ComparedFigure,
  one: Point,
  other: Point,
  notes: NoteList,
  [ofThis, ofOther]: readonly [ReasonNotes, ReasonNotes],
): TableCell[] {
  const [own, theirs] = [pointFigure(one, comparison.figureOf), pointFigure(other, comparison.figureOf)]
  const cell = (figure: PointFigure | null, point: Point, reasons: ReasonNotes): TableCell => {
    if (figure === null) return notes.missing(comparison.missing)
    const noted = comparison.label === 'TPS' ? reasons.numbersOf(point.repetitions[0]?.id ?? '') : []
    return { ...textCell(comparison.text(figure.median)), struck: figure.struck, notes: noted }
  }
  return [cell(own, one, ofThis), cell(theirs, other, ofOther), ratioCell(own, theirs)]
}

function ratioCell(own: PointFigure | null, theirs: PointFigure | null): TableCell {
  if (own === null || theirs === null || theirs.median === 0) return textCell('', 'missing')
  return { ...textCell(ratioText(own.median / theirs.median)), struck: own.struck || theirs.struck }
}
