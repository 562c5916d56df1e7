/** The sentinels: the same cell at the start, in the middle and at the end of each block, and what it says. Pure. */
import type { CellResult, Result, SentinelResult } from '../result/result.ts'
import { crewOf } from './grid.ts'
import { axisNumber, headlineRate } from './headline.ts'
import { reasonsOfSentinels } from './noted-reasons.ts'
import { countOf, rateText, sizeText } from './number-text.ts'
import { ReasonNotes } from './reason-notes.ts'
import { NoteList, textCell, type ReportTable, type TableCell } from './report-table.ts'
import { helpRemarks } from './verdict-help.ts'

const places = ['start', 'middle', 'end'] as const

/** @returns one table with a row per repetition; none where there is no sentinel. */
export function sentinelTables(result: Result): ReportTable[] {
  if (result.sentinels.length === 0) return []
  const notes = new NoteList()
  const measured = result.cells.filter(({ sentinel }) => sentinel !== null)
  const reasons = new ReasonNotes(notes, reasonsOfSentinels(measured), countOf(measured.length, 'sentinel'))
  return [
    {
      caption: 'Sentinel, TPS of one cell measured again and again: whether machine and broker stayed the same',
      keyColumns: 2,
      groups: [],
      columns: [
        { label: 'Target', align: 'left' },
        { label: 'Rep.', align: 'right' },
        ...places.map((place) => ({ label: place, align: 'right' as const })),
      ],
      rows: result.sentinels.flatMap((sentinel) => rowsOf(result, sentinel, reasons)),
      notes: notes.sentences,
      remarks: [...result.sentinels.map((sentinel) => sentenceOf(result, sentinel)), ...help(result.sentinels)],
    },
  ]
}

function rowsOf(result: Result, { target, cellIds }: SentinelResult, reasons: ReasonNotes): TableCell[][] {
  const cells = result.cells.filter(({ id }) => cellIds.includes(id))
  const repetitions = [...new Set(cells.map(({ repetition }) => repetition))].sort((a, b) => a - b)
  return repetitions.map((repetition, index) => [
    textCell(index === 0 ? target : ''),
    textCell(String(repetition)),
    ...places.map((place) => {
      const cell = cells.find((one) => one.repetition === repetition && one.sentinel === place)
      return cell === undefined ? textCell('', 'missing') : rateCell(cell, reasons)
    }),
  ])
}

function rateCell(cell: CellResult, reasons: ReasonNotes): TableCell {
  const rate = headlineRate(cell)
  const why = reasons.numbersOf(cell.id)
  if (rate === null) return { text: cell.verdict.kind, struck: false, notes: why, tone: 'bad' }
  return { text: rateText(rate.perSecond), struck: cell.verdict.kind === 'invalid', notes: why, tone: 'figure' }
}

function sentenceOf(result: Result, sentinel: SentinelResult): string {
  const cell = result.cells.find(({ id }) => sentinel.cellIds.includes(id))
  const point = cell === undefined ? '' : ` (${sizeText(axisNumber(cell, 'messageBytes') ?? 0)}, ${crewText(cell)})`
  const where = `${sentinel.target}${point}`
  const { movedPercent, minimumDetectableEffectPercent: limit, drifted } = sentinel
  const { movedOverCampaignPercent: movedOver, minimumDetectableEffectOverCampaignPercent: limitOver } = sentinel
  if (drifted === null || movedPercent === null || limit === null) {
    return `${where}: not judged: ${whyNotJudged(sentinel)}.`
  }
  const over =
    movedOver === null || limitOver === null
      ? ''
      : `, and by ${movedOver.toFixed(1)} % between thirds of the campaign (${limitOver.toFixed(1)} %)`
  return `${where}: ${drifted ? 'drifted' : 'did not drift'}: it moved by ${movedPercent.toFixed(1)} % between places, of which chance explains up to ${limit.toFixed(1)} %${over}; ${sourceText(sentinel)}.`
}

function whyNotJudged({ cvSource, startPerSecond, middlePerSecond, endPerSecond }: SentinelResult): string {
  if ([startPerSecond, middlePerSecond, endPerSecond].some((rates) => rates.length === 0)) {
    return 'it was not measured at all three places'
  }
  return cvSource === null
    ? 'what it varies by is not known'
    : 'its rate did not vary at all, as that of a schedule that is kept'
}

function sourceText({ cvOverRunsPercent, cvSource }: SentinelResult): string {
  const cv = `CV ${(cvOverRunsPercent ?? 0).toFixed(2)} %`
  switch (cvSource) {
    case 'history':
      return `${cv} over runs, of an earlier result`
    case 'own-seconds':
      return `${cv} from its own seconds, corrected for autocorrelation and optimistic all the same`
    default:
      return `${cv} over repetitions`
  }
}

function help(sentinels: readonly SentinelResult[]): string[] {
  const reason = { code: 'drifted', text: '', figure: null, limit: null }
  return sentinels.some(({ drifted }) => drifted === true)
    ? helpRemarks([{ verdict: { kind: 'valid', reasons: [reason], checks: [] } }])
    : []
}

/** `10 pairs`, `10 -> 5`. */
function crewText(cell: CellResult): string {
  const { label } = crewOf(cell)
  return label.includes('->') ? label : `${label} ${label === '1' ? 'pair' : 'pairs'}`
}
