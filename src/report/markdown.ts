/** A report as GitHub-flavoured Markdown. Pure. */
import type { ReportDocument } from './document.ts'
import { WHERE_IN_FULL } from './reason-notes.ts'
import type { ReportTable, TableCell } from './report-table.ts'

/** @returns the report with a final line break; all text of the result is escaped. */
export function markdownDocument(document: ReportDocument): string {
  const blocks = [
    `# ${markdownText(document.title)}`,
    `Run ${markdownText(document.runId)}`,
    document.facts.map((fact) => `- **${markdownText(fact.label)}**: ${markdownText(fact.text)}`).join('\n'),
    ...document.throughput.flatMap(tableBlocks),
    ...document.points.flatMap(tableBlocks),
    ...document.sentinels.flatMap(tableBlocks),
    ...document.cells.flatMap(tableBlocks),
    ...(document.against === null
      ? []
      : [
          ...document.against.tables.flatMap(tableBlocks),
          list(document.against.reasonsHeading, document.against.reasons),
        ]),
    ...reasonsInFull(document),
    list('Notes', document.notes),
    list('Cautions', document.cautions),
    document.source === null ? '' : `Source: ${markdownText(document.source)}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** Text that Markdown and its HTML show as it is: no markup, no table cell boundary, no line break. */
export function markdownText(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_~[\]|]/g, (character) => `\\${character}`)
}

function list(heading: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return ''
  return [`## ${heading}`, '', ...sentences.map((sentence) => `- ${markdownText(sentence)}`)].join('\n')
}

function tableBlocks(table: ReportTable): string[] {
  return [`## ${markdownText(table.caption)}`, markdownTable(table), noteBlock(table)]
}

/** Folded away where Markdown is shown as a page; nothing where no note put several cells together. */
function reasonsInFull({ throughput, points, cells, reasons }: ReportDocument): string[] {
  const isCondensed = [...throughput, ...points, ...cells].some(({ remarks }) => remarks.includes(WHERE_IN_FULL))
  if (!isCondensed || reasons.rows.length === 0) return []
  return [
    `## Verdicts`,
    `<details><summary>${markdownText(reasons.caption)}</summary>`,
    markdownTable(reasons),
    '</details>',
  ]
}

function noteBlock(table: ReportTable): string {
  const notes = table.notes.map((note, place) => `<sup>${place + 1}</sup> ${markdownText(note)}`)
  return [...notes, ...table.remarks.map(markdownText)].join('<br>\n')
}

/** The table alone. Groups are written into the column heads, for Markdown has one head row only. */
export function markdownTable(table: ReportTable): string {
  const groups = table.groups.flatMap((group) => Array.from({ length: group.span }, () => group.label))
  const heads = table.columns.map((column, index) => {
    const group = groups[index - table.keyColumns]
    return markdownText(group === undefined ? column.label : `${group}: ${column.label}`)
  })
  const rules = table.columns.map((column) => (column.align === 'right' ? '---:' : '---'))
  const rows = table.rows.map((row) => row.map(markdownCell))
  return [heads, rules, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function markdownCell(cell: TableCell): string {
  const text = markdownText(cell.text)
  const struck = cell.struck && text !== '' ? `~~${text}~~` : text
  return cell.notes.length === 0 ? struck : `${struck} <sup>${cell.notes.join(',')}</sup>`
}
