/**
 * The files of a report, made from a result and nothing else: the same result gives the same bytes. What touches the disk
 * is in render.ts.
 */
import type { Result } from '../result/result.ts'
import { cellsCsv } from './cells-csv.ts'
import { allCharts } from './charts/all-charts.ts'
import type { Chart, Curves } from './charts/chart.ts'
import { specText } from './charts/spec-text.ts'
import { csv, tableCsvRows } from './csv.ts'
import { reportDocument } from './document.ts'
import { htmlPage, type DrawnChart } from './html/html-page.ts'
import { markdownDocument } from './markdown.ts'
import { pointsCsv } from './points-csv.ts'
import { chartLibraries, renderPng, renderSvg, sha256, writeFiles, type ReportFile } from './render.ts'
import { terminalDocument } from './terminal.ts'

export interface WriteReportOptions {
  /** Where the files go; made when it is not there. */
  readonly folder: string
  /** Decoded histograms by cell id; an empty map leaves out the chart of latency by percentile. */
  readonly curves: Curves
  /** Published figures to put beside the measured ones. */
  readonly against?: Result | null
}

export interface WrittenReport {
  /** The report as plain terminal text, 100 columns, no colours. */
  readonly table: string
  /** Paths of all files, the page first. */
  readonly files: string[]
}

/**
 * Writes report.html, table.md, table.csv, cells.csv, points.csv and charts/ (SVG, PNG and the Vega-Lite specification of each).
 *
 * @throws StoreError where the folder cannot be written.
 */
export async function writeReport(result: Result, options: WriteReportOptions): Promise<WrittenReport> {
  const document = reportDocument(result, options.against ?? null)
  const drawn = await drawCharts(allCharts(result, options.curves))
  const parts = { libraries: drawn.length === 0 ? [] : chartLibraries(), sha256 }
  const files: ReportFile[] = [
    { path: 'report.html', content: htmlPage(result, document, drawn, parts) },
    { path: 'table.md', content: markdownDocument(document) },
    { path: 'table.csv', content: document.throughput.map((table) => csv(tableCsvRows(table))).join('\r\n') },
    { path: 'cells.csv', content: cellsCsv(result) },
    ...(result.points.length === 0 ? [] : [{ path: 'points.csv', content: pointsCsv(result) }]),
    ...chartFiles(drawn, 'charts/'),
  ]
  return { table: terminalDocument(document, { colour: false, width: 100 }), files: writeFiles(options.folder, files) }
}

/** Static pictures of all charts, one after the other. */
export async function drawCharts(charts: readonly Chart[]): Promise<DrawnChart[]> {
  const drawn: DrawnChart[] = []
  for (const chart of charts) drawn.push({ chart, svg: await renderSvg(chart.spec, chart.name) })
  return drawn
}

/** SVG, PNG and specification of each chart. @param prefix put before every file name: a folder, or the start of a name. */
export function chartFiles(drawn: readonly DrawnChart[], prefix: string): ReportFile[] {
  return drawn.flatMap(({ chart, svg }) => [
    { path: `${prefix}${chart.name}.svg`, content: `${svg}\n` },
    { path: `${prefix}${chart.name}.png`, content: renderPng(svg) },
    { path: `${prefix}${chart.name}.vl.json`, content: specText(chart.spec) },
  ])
}
