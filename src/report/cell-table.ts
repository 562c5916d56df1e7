/** The second table, one per target: one row per cell with latency, CPU cost per message, ledger and verdict. Pure. */
import type { CellResult, Latency } from '../result/result.ts'
import { floorRemarks } from './floor-text.ts'
import type { Grid } from './grid.ts'
import { crewOf } from './grid.ts'
import { axisNumber, headlineLatency, impliedSendMs, percentileMissing } from './headline.ts'
import { countOf, countText, figureText, millisecondsText, sizeText } from './number-text.ts'
import { NoteList, textCell, type ReportTable, type TableCell, type TableColumn } from './report-table.ts'
import { reasonsOfCells } from './noted-reasons.ts'
import { ReasonNotes } from './reason-notes.ts'
import { helpRemarks } from './verdict-help.ts'

interface Column extends TableColumn {
  /** A figure that is struck out where the cell is invalid or failed; a ledger and a verdict hold all the same. */
  readonly isFigure?: boolean
  readonly cell: (cell: CellResult, notes: NoteList) => TableCell
}

const ABOVE_CAPACITY = 'Above capacity a latency only says for how long was measured.'
const latencyNames = ['p50', 'p90', 'p99', 'p999', 'p9999'] as const
/** Reasons that a column without figures names: cells of a matrix lack the same percentile each by another number. */
const REASONS_MAX = 2

/** @returns the table; a column that no cell has a figure for is left out, and a note says why. */
export function cellTable(grid: Grid, target: string): ReportTable {
  const cells = grid.points.filter((point) => point.target === target).flatMap((point) => point.repetitions)
  const keys = keyColumns(cells)
  const notes = new NoteList()
  const reasons = new ReasonNotes(notes, reasonsOfCells(cells), countOf(cells.length, 'cell'))
  const verdicts = verdictColumn(reasons)
  const figureColumns = [...figureColumnsOf(cells), verdicts]
  const figuresOf = (column: Column, cell: CellResult, list: NoteList): TableCell =>
    struckWhereInvalid(
      column,
      cell,
      cell.verdict.kind === 'failed' && column !== verdicts
        ? withoutNotes(column.cell(cell, new NoteList()))
        : column.cell(cell, list),
    )
  const kept = figureColumns.filter((column) => cells.some((cell) => column.cell(cell, new NoteList()).text !== 'n/a'))
  const columns: Column[] = [...keys, ...kept]
  const rows = cells.map((cell, place) => {
    const row = columns.map((column) => figuresOf(column, cell, notes))
    const above = cells[place - 1]
    const repeated = above !== undefined && above.axes['messageBytes'] === cell.axes['messageBytes']
    return repeated ? [textCell(''), ...row.slice(1)] : row
  })
  return {
    caption: caption(grid, target, cells),
    keyColumns: keys.length,
    groups: [],
    columns: columns.map(({ label, align, spare = false }) => ({ label, align, spare })),
    rows,
    notes: notes.sentences,
    remarks: [
      ...reasons.remarks,
      ...helpRemarks(cells),
      ...floorRemarks(cells),
      ...unitRemarks(kept),
      ...leftOut(figureColumns, kept, cells),
    ],
  }
}

function struckWhereInvalid({ isFigure = false }: Column, { verdict }: CellResult, shown: TableCell): TableCell {
  const isUnusable = verdict.kind === 'invalid' || verdict.kind === 'failed'
  return isFigure && isUnusable && shown.tone === 'figure' ? { ...shown, struck: true } : shown
}

/** A failed cell has its reason beside the verdict; every missing figure need not say it again. */
function withoutNotes(cell: TableCell): TableCell {
  return { ...cell, notes: [] }
}

function caption(grid: Grid, target: string, cells: readonly CellResult[]): string {
  const labels = [
    ...new Set(cells.filter((cell) => cell.latencyUs !== null).map((cell) => headlineLatency(cell).label)),
  ]
  const latency = labels.length === 0 ? '' : ` (percentiles in ms: ${labels.join(', or ')})`
  return `Cell by cell on ${target}${grid.combination === '' ? '' : `, ${grid.combination}`}${latency}`
}

function keyColumns(cells: readonly CellResult[]): Column[] {
  const columns: Column[] = [
    { label: 'Size', align: 'left', cell: (cell) => textCell(sizeText(axisNumber(cell, 'messageBytes') ?? 0)) },
    { label: 'Pairs', align: 'right', cell: (cell) => textCell(crewOf(cell).label) },
  ]
  if (cells.some((cell) => cell.repetition > 1)) {
    columns.push({ label: 'Rep.', align: 'right', cell: (cell) => textCell(String(cell.repetition)) })
  }
  return columns
}

function figureColumnsOf(cells: readonly CellResult[]): Column[] {
  const closed = cells.some((cell) => cell.model.kind === 'closed')
  return [
    ...latencyNames.map((name) => latencyColumn(name, cells)),
    latencyColumn('max', cells),
    { label: 'Broker us', align: 'right', isFigure: true, cell: brokerCost },
    { label: 'Gen. us', align: 'right', isFigure: true, cell: generatorCost },
    ...(closed ? [{ label: 'Send ms', align: 'right' as const, isFigure: true, cell: sendTime }] : []),
    { label: 'Ledger', align: 'right', cell: ledger },
  ]
}

function latencyColumn(name: (typeof latencyNames)[number] | 'max', cells: readonly CellResult[]): Column {
  const label = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', p9999: 'p99.99', max: 'max' }[name]
  const percentile = name === 'max' ? 'p50' : name
  const lacking = cells.flatMap((cell) => headlineLatency(cell).latency ?? []).filter((one) => one[name] === null)
  return {
    label,
    align: 'right',
    spare: name === 'p9999',
    isFigure: true,
    cell: (cell, notes) => {
      if (cell.verdict.kind === 'unsustainable') return notes.missing(ABOVE_CAPACITY)
      const { latency, missing } = headlineLatency(cell)
      if (latency === null) return notes.missing(missing ?? 'Not measured.')
      const microseconds = latency[name]
      if (microseconds === null) return notes.missing(percentileMissing(percentile, latency, lacking))
      return { ...textCell(millisecondsText(microseconds)), notes: name === 'p50' ? remarks(latency, notes) : [] }
    },
  }
}

/** Latencies that the percentiles do not contain, or only at the top of the range, are said beside them (R2.5). */
function remarks(latency: Latency, notes: NoteList): number[] {
  const sentences: string[] = []
  if (latency.negative > 0) {
    sentences.push(
      `${countText(latency.negative)} latencies below zero are not in the percentiles: the clocks disagree.`,
    )
  }
  if (latency.overflow > 0) {
    sentences.push(`${countText(latency.overflow)} latencies were above one hour and stand at the top of the range.`)
  }
  return sentences.map((sentence) => notes.number(sentence))
}

function brokerCost(cell: CellResult, notes: NoteList): TableCell {
  const cost = cell.broker?.cpuMicrosPerMessage ?? null
  if (cost !== null) return textCell(figureText(cost))
  return notes.missing(
    cell.broker === null ? 'Broker CPU was not sampled.' : 'Broker CPU per message: no sample inside the measurement.',
  )
}

function generatorCost(cell: CellResult, notes: NoteList): TableCell {
  const cost = cell.generator?.cpuMicrosPerMessage ?? null
  if (cost !== null) return textCell(figureText(cost))
  if (cell.verdict.kind === 'published') return notes.missing('The source does not publish what the generator cost.')
  return notes.missing('The CPU of the generator was not sampled.')
}

function sendTime(cell: CellResult, notes: NoteList): TableCell {
  const milliseconds = impliedSendMs(cell)
  if (milliseconds !== null) return textCell(figureText(milliseconds))
  return notes.missing(
    cell.model.kind === 'open' ? 'Send time follows from TPS in a closed model only.' : 'No send time without a rate.',
  )
}

function ledger(cell: CellResult, notes: NoteList): TableCell {
  const counts = cell.integrity
  if (counts === null) {
    return notes.missing(
      cell.verdict.kind === 'published' ? 'The source publishes no ledger.' : 'There is no ledger of this cell.',
    )
  }
  const text = [counts.lost, counts.duplicated, counts.late, counts.unknown].map(countText).join('/')
  const sentences: string[] = []
  if (counts.indeterminate > 0) {
    sentences.push(`${countText(counts.indeterminate)} messages were missing when the drain gave up: indeterminate.`)
  }
  if (counts.refused > 0)
    sentences.push(`${countText(counts.refused)} messages were refused${refusals(counts.refusals)}.`)
  if (counts.corrupt > 0) sentences.push(`${countText(counts.corrupt)} messages were corrupt.`)
  if (counts.unexpected > 0)
    sentences.push(`${countText(counts.unexpected)} messages were unexpected: not of this run.`)
  const bad = counts.lost > 0 || counts.corrupt > 0
  return { text, struck: false, notes: sentences.map((one) => notes.number(one)), tone: bad ? 'bad' : 'figure' }
}

function refusals(codes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(codes).map(([code, count]) => `${code}: ${countText(count)}`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function verdictColumn(reasons: ReasonNotes): Column {
  return {
    label: 'Verdict',
    align: 'left',
    cell: ({ id, verdict: { kind } }) => ({
      text: kind,
      struck: false,
      notes: reasons.numbersOf(id),
      tone: kind === 'valid' ? 'good' : kind === 'published' ? 'figure' : 'bad',
    }),
  }
}

function unitRemarks(kept: readonly Column[]): string[] {
  const has = (start: string): boolean => kept.some((column) => column.label.startsWith(start))
  return [
    ...(has('Broker us') || has('Gen.')
      ? ['Broker us, Gen. us: core-microseconds of CPU that broker and generator spent per message.']
      : []),
    ...(has('Send ms') ? ['Send ms: implied time of one send, producers x in flight x 1,000 / TPS.'] : []),
    ...(has('Ledger') ? ['Ledger: messages lost/duplicated/late (out of order)/of unknown outcome.'] : []),
  ]
}

/** `Not shown: p50, p90. The source publishes no latency.`, one sentence per reason. */
function leftOut(all: readonly Column[], kept: readonly Column[], cells: readonly CellResult[]): string[] {
  const byReason = new Map<string, string[]>()
  for (const column of all) {
    if (kept.includes(column)) continue
    const reasons = new NoteList()
    cells.forEach((cell) => column.cell(cell, reasons))
    const more = reasons.sentences.length - REASONS_MAX
    const reason = [
      ...reasons.sentences.slice(0, REASONS_MAX),
      ...(more > 0 ? [`And ${more} more like these.`] : []),
    ].join(' ')
    byReason.set(reason, [...(byReason.get(reason) ?? []), column.label])
  }
  return [...byReason].map(([reason, labels]) => `Not shown: ${labels.join(', ')}. ${reason}`)
}
