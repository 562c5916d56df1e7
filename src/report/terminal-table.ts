/** One table as aligned text. A table too wide is cut into blocks of columns, each with the key columns again. Pure. */
import { withoutSpareColumns, type ReportTable, type TableCell } from './report-table.ts'
import { paint, plainText, wrapText, type Ink } from './terminal-text.ts'

const gap = '  '

/** A column with its width: figures line up on their own right edge, marks follow in a place of their own. */
interface Measured {
  readonly index: number
  readonly textWidth: number
  readonly markWidth: number
  readonly width: number
}

/** @returns lines, none longer than `width` unless a key or a single column is. */
export function terminalTable(whole: ReportTable, width: number, colour: boolean): string[] {
  const table = fitting(whole, width)
  const measured = widenedForGroups(
    table,
    table.columns.map((_, index) => measure(table, index)),
  )
  const blocks = columnBlocks(table, measured, width)
  return [
    ...wrapText(table.caption, width, '  ').map((line) => paint(line, 'bold', colour)),
    ...blocks.flatMap((block, place) => [...(place === 0 ? [] : ['']), ...blockLines(table, block, colour)]),
    ...noteLines(table, width, colour),
  ]
}

/** Without the spare columns where they are in the way. */
function fitting(table: ReportTable, width: number): ReportTable {
  if (table.columns.every((column) => column.spare !== true)) return table
  const needed = totalWidth(table.columns.map((_, index) => measure(table, index)))
  return needed <= width ? table : withoutSpareColumns(table)
}

function noteLines(table: ReportTable, width: number, colour: boolean): string[] {
  const struck = table.rows.some((row) => row.some((cell) => cell.struck))
  const key = struck ? ['! invalid: not a figure to use'] : []
  const notes = table.notes.flatMap((note, place) => wrapText(`*${place + 1} ${note}`, width, '   '))
  const remarks = table.remarks.flatMap((remark) => wrapText(remark, width, '   '))
  return [...key, ...notes, ...remarks].map((line) => paint(line, 'dim', colour))
}

function marks(cell: TableCell): string {
  const numbers = cell.notes.length === 0 ? '' : `*${cell.notes.join(',')}`
  return `${cell.struck ? '!' : ''}${numbers}`
}

function measure(table: ReportTable, index: number): Measured {
  const cells = table.rows.flatMap((row) => row[index] ?? [])
  const textWidth = Math.max(0, ...cells.map((cell) => plainText(cell.text).length))
  const markWidth = Math.max(0, ...cells.map((cell) => marks(cell).length))
  const label = plainText(table.columns[index]?.label ?? '').length
  return { index, textWidth, markWidth, width: Math.max(label, textWidth + markWidth) }
}

/** The last column of a group takes what the group's name needs beyond its columns. */
function widenedForGroups(table: ReportTable, measured: readonly Measured[]): Measured[] {
  const widened = [...measured]
  let end = table.keyColumns - 1
  for (const group of table.groups) {
    const columns = measured.slice(end + 1, end + 1 + group.span)
    end += group.span
    const last = widened[end]
    const missing = plainText(group.label).length - totalWidth(columns)
    if (last !== undefined && missing > 0) widened[end] = { ...last, width: last.width + missing }
  }
  return widened
}

/** Figure columns in blocks that fit; where groups fit whole, a block never cuts one. */
function columnBlocks(table: ReportTable, measured: readonly Measured[], width: number): Measured[][] {
  const keys = measured.slice(0, table.keyColumns)
  const room = width - totalWidth(keys)
  const units = columnUnits(table, measured).flatMap((unit) =>
    totalWidth(unit) <= room ? [unit] : unit.map((column) => [column]),
  )
  const blocks: Measured[][] = []
  for (const unit of units) {
    const last = blocks.at(-1)
    if (last !== undefined && totalWidth([...last, ...unit]) <= width) last.push(...unit)
    else blocks.push([...keys, ...unit])
  }
  return blocks
}

function columnUnits(table: ReportTable, measured: readonly Measured[]): Measured[][] {
  const figures = measured.slice(table.keyColumns)
  if (table.groups.length === 0) return figures.map((column) => [column])
  let start = 0
  return table.groups.map((group) => {
    const unit = figures.slice(start, start + group.span)
    start += group.span
    return unit
  })
}

function totalWidth(columns: readonly Measured[]): number {
  return columns.reduce((sum, column) => sum + column.width + gap.length, -gap.length)
}

function blockLines(table: ReportTable, block: readonly Measured[], colour: boolean): string[] {
  const heads = block.map((column) => {
    const { label, align } = table.columns[column.index] ?? { label: '', align: 'left' as const }
    const text = plainText(label)
    if (align === 'left') return text.padEnd(column.width)
    return text.padStart(Math.max(column.width - column.markWidth, text.length)).padEnd(column.width)
  })
  const rows = table.rows.map((row) =>
    block
      .map((column) => cellText(table, row, column, colour))
      .join(gap)
      .trimEnd(),
  )
  const lines = [heads.join(gap).trimEnd(), ...rows]
  return table.groups.length === 0 ? lines : [groupLine(table, block), ...lines]
}

function groupLine(table: ReportTable, block: readonly Measured[]): string {
  let line = ''
  let start = table.keyColumns
  for (const group of table.groups) {
    const first = block.findIndex((column) => column.index >= start && column.index < start + group.span)
    start += group.span
    if (first < 0) continue
    const offset = block.slice(0, first).reduce((sum, column) => sum + column.width + gap.length, 0)
    line = `${line.padEnd(offset)}${plainText(group.label)}`
  }
  return line
}

function cellText(table: ReportTable, row: readonly TableCell[], column: Measured, colour: boolean): string {
  const cell = row[column.index]
  if (cell === undefined) return ' '.repeat(column.width)
  const text = plainText(cell.text)
  const align = table.columns[column.index]?.align ?? 'left'
  const aligned = align === 'left' ? text : text.padStart(column.width - column.markWidth)
  const padded = `${aligned}${marks(cell)}`.padEnd(column.width)
  const ink = inkOf(cell)
  return ink === null ? padded : padded.replace(/\S.*\S|\S/, (inked) => paint(inked, ink, colour))
}

function inkOf(cell: TableCell): Ink | null {
  if (cell.struck || cell.tone === 'bad') return 'red'
  if (cell.tone === 'missing') return 'dim'
  return cell.tone === 'good' ? 'green' : null
}
