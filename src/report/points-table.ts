/** Points over their repetitions: median, interval, variation and flags, one table per target. Pure. */
import type { FigureOverRuns, PointResult, Result } from '../result/result.ts'
import { detectableSentence } from './detectable-text.ts'
import { crewOf, type Grid } from './grid.ts'
import { axisNumber } from './headline.ts'
import { intervalSentence } from './interval-text.ts'
import { reasonsOfFlags } from './noted-reasons.ts'
import { countOf, figureText, millisecondsText, percentText, rateText, sizeText } from './number-text.ts'
import {
  NoteList,
  textCell,
  type ColumnGroup,
  type ReportTable,
  type TableCell,
  type TableColumn,
} from './report-table.ts'
import { ReasonNotes } from './reason-notes.ts'
import { helpRemarks } from './verdict-help.ts'

/** A figure with its interval: two columns. */
interface Figure {
  readonly label: string
  readonly of: (point: PointResult) => FigureOverRuns | null
  readonly text: (figure: number) => string
}

const figures: readonly Figure[] = [
  { label: 'TPS', of: (point) => point.throughputPerSecond, text: rateText },
  { label: 'p50 ms', of: (point) => point.latencyP50Us, text: millisecondsText },
  { label: 'p99 ms', of: (point) => point.latencyP99Us, text: millisecondsText },
  { label: 'p99.9 ms', of: (point) => point.latencyP999Us, text: millisecondsText },
  { label: 'CPU %', of: (point) => point.brokerCpuPercent, text: percentText },
  { label: 'Broker us', of: (point) => point.brokerCpuMicrosPerMessage, text: figureText },
]

/** The points of a result by the id of any of their cells. */
export function pointsByCell(result: Pick<Result, 'points'>): ReadonlyMap<string, PointResult> {
  return new Map(result.points.flatMap((point) => point.cellIds.map((id) => [id, point] as const)))
}

/** @returns the table; none where nothing was repeated: a single run has no interval. */
export function pointsTable(result: Result, grid: Grid, target: string): ReportTable[] {
  const known = pointsByCell(result)
  const rows = grid.points
    .filter((point) => point.target === target)
    .flatMap((place) => {
      const [first] = place.repetitions
      const point = first === undefined ? undefined : known.get(first.id)
      return first === undefined || point === undefined ? [] : [{ first, point, place }]
    })
  const points = rows.map(({ point }) => point)
  if (!points.some(({ cellIds }) => cellIds.length > 1)) return []
  const notes = new NoteList()
  const leftOut = leftOutNote(points, notes)
  const flags = rows.flatMap(({ place, point }) => reasonsOfFlags(place, point.flags))
  const reasons = new ReasonNotes(notes, flags, countOf(points.length, 'point'))
  const shown = figures.filter((figure) => points.some((point) => figure.of(point) !== null))
  const flagged = points.some(({ flags }) => flags.length > 0)
  let lastSize = ''
  return [
    {
      caption: `Point by point on ${target}${grid.combination === '' ? '' : `, ${grid.combination}`} (median of the repetitions, and its interval)`,
      keyColumns: 2,
      groups: groupsOf(shown, flagged),
      columns: columnsOf(shown, flagged),
      rows: rows.map(({ first, point }) => {
        const size = sizeText(axisNumber(first, 'messageBytes') ?? 0)
        const sizeCell = textCell(size === lastSize ? '' : size)
        lastSize = size
        return [
          sizeCell,
          textCell(crewOf(first).label),
          ...rowOf(point, shown, notes, [
            runsCell(point, leftOut),
            ...(flagged ? [flagsCell(point, reasons.numbersOf(first.id))] : []),
          ]),
        ]
      }),
      notes: notes.sentences,
      remarks: [...reasons.remarks, ...remarksOf(points)],
    },
  ]
}

function columnsOf(shown: readonly Figure[], flagged: boolean): TableColumn[] {
  const right = (label: string): TableColumn => ({ label, align: 'right' })
  return [
    { label: 'Size', align: 'left' },
    right('Pairs'),
    right('count'),
    ...(flagged ? [{ label: 'flags', align: 'left' as const }] : []),
    ...shown.flatMap(({ label }) => [
      right('median'),
      right('interval'),
      ...(label === 'TPS' ? [right('CV runs %'), right('CV sec. %')] : []),
    ]),
  ]
}

/** A figure and its interval stay together where a terminal is too narrow for the whole table. */
function groupsOf(shown: readonly Figure[], flagged: boolean): ColumnGroup[] {
  const group = (label: string, span: number): ColumnGroup => ({ label, title: label, span })
  return [group('Runs', flagged ? 2 : 1), ...shown.map(({ label }) => group(label, label === 'TPS' ? 4 : 2))]
}

function rowOf(point: PointResult, shown: readonly Figure[], notes: NoteList, before: TableCell[]): TableCell[] {
  return [
    ...before,
    ...shown.flatMap((figure) => {
      const over = figure.of(point)
      const cells = [
        over === null ? notes.missing(missingFigure(point)) : textCell(figure.text(over.median)),
        intervalCell(over, figure.text, notes),
      ]
      if (figure.label !== 'TPS') return cells
      return [...cells, variationCell(over?.cvOverRunsPercent ?? null), variationCell(point.cvOverSecondsPercent)]
    }),
  ]
}

/** What became of every repetition that does not count, in one note; none where all count. */
function leftOutNote(points: readonly PointResult[], notes: NoteList): number[] {
  const why = points.flatMap(({ leftOut }) =>
    leftOut.map(
      ({ cellId, verdict, reasonCodes }) =>
        `${cellId} ${verdict}${reasonCodes.length === 0 ? '' : ` (${[...new Set(reasonCodes)].join(', ')})`}`,
    ),
  )
  return why.length === 0 ? [] : [notes.number(`Not in the figures: ${why.join('; ')}.`)]
}

/** `3`, or `2 of 3` with what became of the others. */
function runsCell({ cellIds, counted, leftOut }: PointResult, note: readonly number[]): TableCell {
  if (leftOut.length === 0) return textCell(String(counted))
  return { text: `${counted} of ${cellIds.length}`, struck: false, notes: note, tone: 'bad' }
}

function missingFigure({ counted }: PointResult): string {
  return counted === 0 ? 'No repetition counts.' : 'Not measured in the repetitions that count, or of too few samples.'
}

/** `98.1..102`; `n/a` with the reason. */
export function intervalCell(
  over: FigureOverRuns | null,
  text: (figure: number) => string,
  notes: NoteList,
): TableCell {
  if (over === null) return textCell('', 'missing')
  if (over.interval !== null) {
    return textCell(`${text(over.interval.low)}..${text(over.interval.high)}`, 'missing')
  }
  return notes.missing('A single run has no interval: what varies is between runs.')
}

function variationCell(percent: number | null): TableCell {
  return textCell(percent === null ? '' : figureText(percent))
}

function flagsCell({ flags }: PointResult, notes: readonly number[]): TableCell {
  if (flags.length === 0) return textCell('')
  return { text: flags.map(({ code }) => code).join(', '), struck: false, notes, tone: 'bad' }
}

/** How sure the intervals are, which difference can be seen, and where it is explained. */
function remarksOf(points: readonly PointResult[]): string[] {
  const repeated = points.filter(({ counted }) => counted > 1)
  const interval = intervalSentence(repeated.flatMap((point) => figures.map((figure) => figure.of(point)?.runs ?? 0)))
  const detectable = detectableSentence(
    repeated.flatMap(({ throughputPerSecond: throughput }) => {
      const cvPercent = throughput?.cvOverRunsPercent ?? null
      return throughput === null || cvPercent === null ? [] : [{ cvPercent, runs: throughput.runs }]
    }),
  )
  return [
    ...(interval === null ? [] : [interval]),
    'CV runs, CV sec.: standard deviation of TPS over its mean, between repetitions and between the seconds of each.',
    ...(detectable === null ? [] : [detectable]),
    ...helpRemarks(points.map(({ flags }) => ({ verdict: { kind: 'valid', reasons: flags, checks: [] } }))),
  ]
}
