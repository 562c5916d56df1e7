/** What a benchmark leaves behind: its tables on stdout, and a Markdown page with where and how they were measured. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { markdownTable, markdownText } from '../../../src/report/markdown.ts'
import { textCell, type ReportTable, type TableCell } from '../../../src/report/report-table.ts'
import { terminalTable } from '../../../src/report/terminal-table.ts'

/** Wide enough for any table here: lines are not cut into blocks, a terminal may wrap them. */
const LINE_WIDTH = 1000

export interface BenchPage {
  readonly title: string
  /** The command that makes it again. */
  readonly command: string
  /** How it was measured and what the figures are, one paragraph each. */
  readonly paragraphs: readonly string[]
  readonly tables: readonly ReportTable[]
}

/**
 * Prints the tables; writes the page too, unless `path` is null.
 * @param path relative to the root of the checkout, where benchmarks are started; its folder is made.
 */
export function publish(page: BenchPage, path: string | null): void {
  for (const table of page.tables) {
    process.stdout.write(`\n${terminalTable(table, LINE_WIDTH, false).join('\n')}\n`)
  }
  if (path === null) return
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, markdownPage(page))
  process.stdout.write(`\nwritten: ${path}\n`)
}

/** A table without groups: heads, the number of columns that name the row, and texts; figures stand right. */
export function plainTable(
  caption: string,
  heads: readonly string[],
  keyColumns: number,
  rows: readonly (readonly (string | TableCell)[])[],
  remarks: readonly string[] = [],
): ReportTable {
  return {
    caption,
    keyColumns,
    groups: [],
    columns: heads.map((label, index) => ({ label, align: index < keyColumns ? 'left' : 'right' })),
    rows: rows.map((row) => row.map((cell) => (typeof cell === 'string' ? textCell(cell) : cell))),
    notes: [],
    remarks,
  }
}

/** `2026-11-21, Node 20.20.2, 2 x AMD EPYC 7B13`. */
export function machineText(now = new Date()): string {
  const cores = cpus()
  const model = cores[0]?.model.trim() ?? 'unknown CPU'
  return `${now.toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cores.length} x ${model}`
}

function markdownPage(page: BenchPage): string {
  const blocks = [
    `# ${markdownText(page.title)}`,
    `${markdownText(machineText())}. Made by \`${page.command}\`.`,
    ...page.paragraphs.map(markdownText),
    ...page.tables.flatMap((table) => [
      `## ${markdownText(table.caption)}`,
      markdownTable(table),
      table.remarks.map((remark) => `- ${markdownText(remark)}`).join('\n'),
    ]),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}
