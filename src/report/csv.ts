/** Comma-separated values (RFC 4180). Pure. */
import type { ReportTable } from './report-table.ts'

export type CsvValue = string | number | boolean | null

/**
 * Lines with CRLF, the last one too. Null is an empty field. A text that a spreadsheet would take for a formula gets a
 * leading apostrophe; numbers are left alone.
 */
export function csv(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

function csvField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A report table as CSV rows: heads, then rows with the keys repeated; figures without thousands separators. */
export function tableCsvRows(table: ReportTable): CsvValue[][] {
  const groups = table.groups.flatMap((group) => Array.from({ length: group.span }, () => group.title))
  const heads = table.columns.map((column, index) => {
    const group = groups[index - table.keyColumns]
    return group === undefined ? column.label : `${group} ${column.label}`
  })
  let size = ''
  const rows = table.rows.map((row) =>
    row.map((cell, index): CsvValue => {
      if (index === 0) {
        size = cell.text === '' ? size : cell.text
        return size
      }
      if (index < table.keyColumns) return cell.text
      if (cell.struck) return `invalid ${cell.text.replaceAll(',', '')}`
      const plain = cell.text.replaceAll(',', '')
      return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : plain
    }),
  )
  return [heads, ...rows]
}
