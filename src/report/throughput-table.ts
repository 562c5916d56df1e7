/**
 * The published form: per message size a TPS row and a CPU row, pairs of producers and consumers as columns, the targets
 * side by side. Pure.
 */
import type { CellResult, FigureOverRuns, PointResult, Result } from '../result/result.ts'
import { settingsOf } from './cell-settings.ts'
import { pointAt, type Crew, type Grid, type Point } from './grid.ts'
import { headlineRate, rateBasisText } from './headline.ts'
import { reasonsOfFlags, reasonsOfPoint } from './noted-reasons.ts'
import { countOf, percentText, rateText, sizeText } from './number-text.ts'
import { pointFigure, type PointFigure } from './point-figure.ts'
import { intervalCell, pointsByCell } from './points-table.ts'
import { ReasonNotes } from './reason-notes.ts'
import { NoteList, textCell, type ReportTable, type TableCell } from './report-table.ts'
import { helpRemarks } from './verdict-help.ts'

/** What one row shows of each point. */
interface RowKind {
  readonly label: string
  readonly figureOf: (cell: CellResult) => number | null
  /** The same over repetitions; null where the result does not hold it. */
  readonly overRuns: (point: PointResult) => FigureOverRuns | null
  readonly text: (figure: number) => string
  /** The verdict is a note of the TPS row only: once per point is enough. */
  readonly verdict: boolean
  readonly missing: (cell: CellResult) => string
}

const tpsRow: RowKind = {
  label: 'TPS',
  figureOf: (cell) => headlineRate(cell)?.perSecond ?? null,
  overRuns: (point) => point.throughputPerSecond,
  text: rateText,
  verdict: true,
  missing: () => 'No message was counted.',
}

/** Topics deliver a message once per subscription: what was published gets its own row (design.md section 10). */
const publishRow: RowKind = {
  label: 'Publish/s',
  figureOf: (cell) => cell.throughput?.confirmedPerSecond ?? cell.throughput?.sentPerSecond ?? null,
  overRuns: () => null,
  text: rateText,
  verdict: false,
  missing: () => 'The publish rate was not measured.',
}

/** @returns one table of the published form; its caption says what TPS counts. */
export function throughputTable(result: Result, grid: Grid): ReportTable {
  const notes = new NoteList()
  const known = pointsByCell(result)
  const reasons = reasonsOf(grid, known, notes)
  const rowKinds = hasTopics(result, grid) ? [tpsRow, publishRow, cpuRow(result)] : [tpsRow, cpuRow(result)]
  const columns = grid.targets.flatMap(({ target }) => crewsOf(grid, target).map((crew) => ({ target, crew })))
  const rows = grid.messageBytes.flatMap((bytes) => {
    const points = columns.map(({ target, crew }) => placeOf(pointAt(grid, target, bytes, crew), known))
    return rowKinds
      .flatMap((kind) => rowsOf(kind, points, notes, reasons))
      .map((row, place) => sized(row, place, bytes))
  })
  return {
    caption: caption(grid),
    keyColumns: 2,
    groups:
      grid.targets.length < 2
        ? []
        : grid.targets.map(({ target, name }) => ({ label: name, title: target, span: crewsOf(grid, target).length })),
    columns: [
      { label: 'Message size', align: 'left' },
      { label: '', align: 'left' },
      ...columns.map(({ crew }) => ({ label: crew.label, align: 'right' as const })),
    ],
    rows,
    notes: notes.sentences,
    remarks: helpRemarks(flagsOf(grid, known)),
  }
}

/** Verdicts of the repetitions, and flags of the points, whose table says right below what else was so meanwhile. */
function reasonsOf(grid: Grid, known: ReadonlyMap<string, PointResult>, notes: NoteList): ReasonNotes {
  const entries = grid.points.flatMap((point) => {
    const name = grid.targets.length < 2 ? '' : (grid.targets.find(({ target }) => target === point.target)?.name ?? '')
    const flags = placeOf(point, known)?.together?.flags ?? []
    const short = flags.map((flag) => ({ ...flag, text: flag.text.split(';')[0] ?? '' }))
    return [
      ...reasonsOfPoint(point, name),
      ...reasonsOfFlags(point, point.repetitions.length > 1 ? short : flags, name),
    ]
  })
  return new ReasonNotes(notes, entries, countOf(grid.points.length, 'point'))
}

/** One place of the table: the repetitions there, and what they say together. */
interface Place {
  readonly point: Point
  readonly together: PointResult | undefined
}

function placeOf(point: Point | undefined, known: ReadonlyMap<string, PointResult>): Place | undefined {
  const [first] = point?.repetitions ?? []
  return point === undefined || first === undefined ? undefined : { point, together: known.get(first.id) }
}

/** Flags in the form of verdicts, whose reasons are explained. */
function flagsOf(grid: Grid, known: ReadonlyMap<string, PointResult>): Pick<CellResult, 'verdict'>[] {
  return grid.points.flatMap((point) => {
    const flags = placeOf(point, known)?.together?.flags ?? []
    return flags.length === 0 ? [] : [{ verdict: { kind: 'valid' as const, reasons: [...flags], checks: [] } }]
  })
}

/** The crews that a target has at all, so that a target with fewer of them has no empty columns. */
function crewsOf(grid: Grid, target: string): Crew[] {
  return grid.crews.filter((crew) =>
    grid.points.some((point) => point.target === target && point.crew.label === crew.label),
  )
}

function caption(grid: Grid): string {
  const what = 'TPS and broker CPU by message size and concurrency'
  const columns = grid.crews.every((crew) => crew.producers === crew.consumers)
    ? 'columns are pairs of one producer and one consumer'
    : 'columns are producers -> consumers, one number where they are equal'
  return `${what}${grid.combination === '' ? '' : `, ${grid.combination}`}; ${columns}`
}

/** What TPS counts in this result. */
export function rateBasisSentence(result: Result): string {
  const bases = new Set(result.cells.flatMap((cell) => headlineRate(cell)?.basis ?? []))
  if (bases.size === 0) return 'nothing was counted'
  if (result.status === 'published') {
    return 'messages per second as published; the source does not define them further'
  }
  return [...bases].map(rateBasisText).join('; ')
}

function hasTopics(result: Result, grid: Grid): boolean {
  return grid.points.some((point) =>
    point.repetitions.some((cell) => settingsOf(result, cell).destinationKind === 'topic'),
  )
}

function cpuRow(result: Result): RowKind {
  return {
    label: 'CPU %',
    figureOf: (cell) => cell.broker?.cpuPercent ?? null,
    overRuns: (point) => point.brokerCpuPercent,
    text: percentText,
    verdict: false,
    missing: (cell) => {
      const others = result.cells.some((one) => one.target === cell.target && one.broker !== null)
      const target = result.targets.find((one) => one.target === cell.target)
      if (others || target === undefined) return 'Broker CPU was not sampled in this cell.'
      return `No broker CPU: ${target.cpuSource.replace(/\.$/, '')}.`
    },
  }
}

function rowsOf(
  kind: RowKind,
  places: readonly (Place | undefined)[],
  notes: NoteList,
  reasons: ReasonNotes,
): TableCell[][] {
  const row = [textCell(kind.label), ...places.map((place) => figureCell(kind, place, notes, reasons))]
  const figures = places.map((place) => (place === undefined ? null : pointFigure(place.point, kind.figureOf)))
  if (!figures.some((figure) => figure !== null && figure.repetitions > 1)) return [row]
  const together = places.map((place) => (place?.together === undefined ? null : kind.overRuns(place.together)))
  if (together.some((over) => over?.interval != null)) {
    return [row, [textCell(`${kind.label} interval`), ...together.map((over) => intervalCell(over, kind.text, notes))]]
  }
  return [row, [textCell(`${kind.label} range`), ...figures.map((figure) => rangeCell(kind, figure))]]
}

function rangeCell(kind: RowKind, figure: PointFigure | null): TableCell {
  if (figure === null || figure.repetitions < 2) return textCell('', 'missing')
  return {
    text: `${kind.text(figure.low)}..${kind.text(figure.high)}`,
    struck: figure.struck,
    notes: [],
    tone: 'missing',
  }
}

function figureCell(kind: RowKind, place: Place | undefined, notes: NoteList, reasons: ReasonNotes): TableCell {
  const [first] = place?.point.repetitions ?? []
  if (place === undefined || first === undefined) return textCell('', 'missing')
  const { point } = place
  const beside = kind.verdict ? reasons.numbersOf(first.id) : []
  const figure = pointFigure(point, kind.figureOf)
  if (figure !== null) {
    return { text: kind.text(figure.median), struck: figure.struck, notes: beside, tone: 'figure' }
  }
  if (point.repetitions.every((cell) => cell.verdict.kind === 'failed')) {
    return { text: 'failed', struck: false, notes: beside, tone: 'bad' }
  }
  return { ...notes.missing(kind.missing(first)), notes: [...beside, notes.number(kind.missing(first))] }
}

function sized(row: TableCell[], place: number, bytes: number): TableCell[] {
  return [textCell(place === 0 ? sizeText(bytes) : ''), ...row]
}
