/** A report as plain text for a terminal: aligned, without boxes, within a width. Pure. */
import type { Result } from '../result/result.ts'
import { reportDocument, type ReportDocument } from './document.ts'
import { terminalTable } from './terminal-table.ts'
import { paint, plainText, wrapText, type Ink } from './terminal-text.ts'

export interface TerminalOptions {
  /** ANSI colours; off unless asked for. */
  readonly colour: boolean
  /** Characters per line, 40 or more; 100 is what the tables are made for. */
  readonly width: number
}

/** @returns the report with a final line break. Control characters in texts of the result are made visible. */
export function renderTerminal(result: Result, options: TerminalOptions, against: Result | null = null): string {
  return terminalDocument(reportDocument(result, against), options)
}

/** A document as terminal text. */
export function terminalDocument(document: ReportDocument, options: TerminalOptions): string {
  const { colour } = options
  const width = Math.max(40, options.width)
  const heading = (text: string): string[] => wrapText(text, width, '').map((line) => paint(line, 'bold', colour))
  const blocks = [
    heading(document.title),
    document.facts.flatMap((fact) => wrapText(`${fact.label}: ${fact.text}`, width, '  ')),
    ...document.throughput.map((table) => terminalTable(table, width, colour)),
    ...document.points.map((table) => terminalTable(table, width, colour)),
    ...document.sentinels.map((table) => terminalTable(table, width, colour)),
    ...document.cells.map((table) => terminalTable(table, width, colour)),
    ...againstBlocks(document, width, colour),
    sentences('Notes', document.notes, width, colour, 'dim'),
    sentences('Cautions', document.cautions, width, colour, 'yellow'),
    document.source === null ? [] : wrapText(`Source: ${document.source}`, width, '  '),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function againstBlocks(document: ReportDocument, width: number, colour: boolean): string[][] {
  if (document.against === null) return []
  return [
    ...document.against.tables.map((table) => terminalTable(table, width, colour)),
    sentences(document.against.reasonsHeading, document.against.reasons, width, colour, 'yellow'),
  ]
}

function sentences(heading: string, list: readonly string[], width: number, colour: boolean, ink: Ink): string[] {
  if (list.length === 0) return []
  const lines = list.flatMap((sentence) => wrapText(`- ${plainText(sentence)}`, width, '  '))
  return [paint(heading, ink, colour), ...lines]
}
