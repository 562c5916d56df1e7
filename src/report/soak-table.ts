/** The beginning of long cells beside their end: rates, latency, CPU and memory, and what became of each. Pure. */
import type { CellResult } from '../result/result.ts'
import type { SoakPart } from '../result/soak.ts'
import type { Grid } from './grid.ts'
import { crewOf } from './grid.ts'
import { axisNumber, headlineLatency } from './headline.ts'
import { megabytesText, millisecondsText, percentText, rateText, sizeText } from './number-text.ts'
import { NoteList, textCell, type ReportTable, type TableCell } from './report-table.ts'

interface Figure {
  readonly label: string
  readonly of: (part: SoakPart) => number | null
  readonly text: (figure: number) => string
  readonly missing: string
}

const figures: readonly Figure[] = [
  { label: 'TPS', of: (part) => part.messagesPerSecond, text: rateText, missing: 'No message was counted.' },
  { label: 'p50', of: (part) => part.p50Us, text: millisecondsText, missing: 'No latency in this part.' },
  { label: 'p99', of: (part) => part.p99Us, text: millisecondsText, missing: 'Too few samples in this part.' },
  {
    label: 'Broker CPU %',
    of: (part) => part.brokerCpuPercent,
    text: percentText,
    missing: 'Broker CPU was not sampled.',
  },
  {
    label: 'Broker memory',
    of: (part) => part.brokerMemoryBytesMax,
    text: megabytesText,
    missing: 'The memory of the broker was not sampled.',
  },
  {
    label: 'Gen. memory',
    of: (part) => part.generatorResidentBytesMax,
    text: megabytesText,
    missing: 'The memory of the generator was not sampled.',
  },
]

/** @returns no table where no cell of the target was compared with itself. */
export function soakTable(grid: Grid, target: string): readonly ReportTable[] {
  const cells = grid.points.filter((point) => point.target === target).flatMap((point) => point.repetitions)
  const compared = cells.flatMap((cell) => (cell.soak === null ? [] : [{ cell, soak: cell.soak }]))
  const [one] = compared
  if (one === undefined) return []
  const notes = new NoteList()
  const repeated = cells.some((cell) => cell.repetition > 1)
  const rows = compared.flatMap(({ cell, soak }) => {
    const names = [
      textCell(sizeText(axisNumber(cell, 'messageBytes') ?? 0)),
      textCell(crewOf(cell).label),
      ...(repeated ? [textCell(String(cell.repetition))] : []),
    ]
    const blank = names.map(() => textCell(''))
    const struck = isStruck(cell)
    return [
      [
        ...names,
        textCell(partText(soak.first)),
        ...figures.map((figure) => partCell(figure, soak.first, struck, notes)),
      ],
      [...blank, textCell(partText(soak.last)), ...figures.map((figure) => partCell(figure, soak.last, struck, notes))],
      [...blank, textCell('change'), ...figures.map((figure) => changeCell(figure, soak.first, soak.last, struck))],
    ]
  })
  const parts = [...new Set(compared.map(({ soak }) => soak.part))].join(' or ')
  const combination = grid.combination === '' ? '' : `, ${grid.combination}`
  const table: ReportTable = {
    caption: `First ${parts} against last ${parts} on ${target}${combination} (ms: ${headlineLatency(one.cell).label})`,
    keyColumns: repeated ? 4 : 3,
    groups: [],
    columns: [
      { label: 'Size', align: 'left' },
      { label: 'Pairs', align: 'right' },
      ...(repeated ? [{ label: 'Rep.', align: 'right' as const }] : []),
      { label: 'Part', align: 'left' },
      ...figures.map(({ label }) => ({ label, align: 'right' as const })),
    ],
    rows,
    notes: notes.sentences,
    remarks: [
      'Percentiles are of all messages of a part together. CPU is the mean of a part, memory its largest; 1 MB is 10^6 bytes.',
    ],
  }
  return [table]
}

/** Seconds are exact to the interval in which a part began or ended, which is about one. */
function partText({ fromSeconds, toSeconds }: SoakPart): string {
  const [from, to] = [Math.round(fromSeconds), Math.round(toSeconds)]
  return to - from < 600 ? `${from} to ${to} s` : `${Math.round(from / 60)} to ${Math.round(to / 60)} min`
}

function partCell(figure: Figure, part: SoakPart, struck: boolean, notes: NoteList): TableCell {
  const value = figure.of(part)
  return value === null ? notes.missing(figure.missing) : { ...textCell(figure.text(value)), struck }
}

function changeCell(figure: Figure, first: SoakPart, last: SoakPart, struck: boolean): TableCell {
  const [before, after] = [figure.of(first), figure.of(last)]
  if (before === null || after === null || before === 0) return textCell('', 'missing')
  const percent = (after / before - 1) * 100
  return { ...textCell(`${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(1)} %`), struck }
}

/** Not to be used, as in the other tables. */
function isStruck({ verdict }: CellResult): boolean {
  return verdict.kind === 'invalid'
}
