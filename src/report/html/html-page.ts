/** The report as one HTML file that needs nothing else: no network, no other file. Pure. */
import type { Result } from '../../result/result.ts'
import type { Chart } from '../charts/chart.ts'
import { specRows, withRows } from '../charts/spec-text.ts'
import { darkConfig, lightConfig } from '../charts/theme.ts'
import type { ReportDocument } from '../document.ts'
import { figureOrigins, methodSentences } from '../figure-origins.ts'
import { modelSentences } from '../head.ts'
import { littlesLawTable } from '../littles-law-table.ts'
import { verdictCounts, verdictTable } from '../verdict-table.ts'
import { packRows } from './packed-rows.ts'
import { htmlScript } from './html-script.ts'
import { htmlStyle } from './html-style.ts'
import { htmlTable } from './html-table.ts'
import { htmlFacts, htmlJson, htmlList, htmlText } from './html-text.ts'

/** A chart with its static picture. */
export interface DrawnChart {
  readonly chart: Chart
  readonly svg: string
}

/** What the page cannot make from the result: program texts, and the hash that lets them run. */
export interface PageParts {
  /** Vega, Vega-Lite and vega-embed, in this order. */
  readonly libraries: readonly string[]
  /** SHA-256 of a text in base64, as a Content-Security-Policy wants it. */
  readonly sha256: (text: string) => string
}

/** @returns the page; every text of the result is escaped, and only the scripts it brings may run. */
export function htmlPage(
  result: Result,
  document: ReportDocument,
  drawn: readonly DrawnChart[],
  parts: PageParts,
): string {
  const scripts = drawn.length === 0 ? [] : [...parts.libraries, htmlScript]
  const sections = sectionsOf(result, document, drawn).filter(({ body }) => body !== '')
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(scripts.map(parts.sha256))}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="generator" content="brokermark">',
    `<title>${htmlText(document.title)}</title>`,
    `<style>\n${htmlStyle}\n</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#main">To the tables</a>',
    headOf(result, document),
    `<nav aria-label="Sections"><ul>${sections.map(({ id, heading }) => `<li><a href="#${id}">${heading}</a></li>`).join('')}</ul></nav>`,
    '<main id="main">',
    ...sections.map(({ id, heading, body }) => `<section id="${id}">\n<h2>${heading}</h2>\n${body}\n</section>`),
    '</main>',
    ...(drawn.length === 0 ? [] : [dataOf(drawn), ...scripts.map(inlineScript)]),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** Nothing may be loaded; scripts run by their hash only; Vega sets styles on the elements that it draws. */
function policy(hashes: readonly string[]): string {
  const scripts = hashes.length === 0 ? "'none'" : hashes.map((hash) => `'sha256-${hash}'`).join(' ')
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

function inlineScript(text: string): string {
  if (/<\/script|<!--/i.test(text)) throw new Error('a script that is to stand in the page would end its own element')
  return `<script>${text}</script>`
}

function dataOf(drawn: readonly DrawnChart[]): string {
  const charts = drawn.map(({ chart }) => ({
    name: chart.name,
    spec: { ...withRows(chart.spec, []), config: {} },
    rows: packRows(specRows(chart.spec)),
  }))
  return `<script type="application/json" id="charts">${htmlJson({ charts, lightConfig, darkConfig })}</script>`
}

function headOf(result: Result, document: ReportDocument): string {
  return [
    '<header>',
    `<h1>${htmlText(document.title)}</h1>`,
    ...modelSentences(result.cells).map((sentence) => `<p class="lead">${htmlText(sentence)}</p>`),
    `<p>${htmlText(verdictCounts(result))} Run <code>${htmlText(result.runId)}</code>, ${htmlText(result.createdAt)}.</p>`,
    htmlFacts(document.facts.filter((fact) => fact.label !== 'Model')),
    '</header>',
  ].join('\n')
}

interface Section {
  readonly id: string
  /** Plain text of ours, or escaped. */
  readonly heading: string
  readonly body: string
}

function sectionsOf(result: Result, document: ReportDocument, drawn: readonly DrawnChart[]): Section[] {
  const charts = (...names: string[]): string =>
    drawn
      .filter(({ chart }) => names.includes(chart.name))
      .map(figureOf)
      .join('\n')
  const tables = (list: ReportDocument['cells'], id: string): string =>
    list.map((table, place) => htmlTable(table, `${id}-${place + 1}`)).join('\n')
  return [
    {
      id: 'throughput',
      heading: 'Throughput and broker CPU',
      body: [tables(document.throughput, 'tps'), charts('tps-by-pairs', 'cpu-by-pairs')].join('\n'),
    },
    {
      id: 'repetitions',
      heading: 'Repetitions',
      body: tables([...document.points, ...document.sentinels], 'points'),
    },
    {
      id: 'against',
      heading: htmlText(document.against?.heading ?? ''),
      body: againstBody(document, tables),
    },
    {
      id: 'latency',
      heading: 'Latency, cost and ledger',
      body: [tables(document.cells, 'cells'), charts('latency-percentiles', 'latency-by-percentile')].join('\n'),
    },
    { id: 'time', heading: 'Over time', body: charts('tps-over-time', 'generator-over-time') },
    {
      id: 'verdicts',
      heading: 'Verdicts',
      body: [htmlTable(verdictTable(result), 'verdict'), tables(littlesLawTable(result), 'littles-law')].join('\n'),
    },
    { id: 'notes', heading: 'Notes', body: htmlList(document.notes) },
    { id: 'cautions', heading: 'Cautions', body: htmlList(document.cautions) },
    { id: 'method', heading: 'Method and environment', body: methodBody(result) },
    { id: 'origins', heading: 'Where each figure comes from', body: originsBody(result) },
  ]
}

function againstBody(document: ReportDocument, tables: (list: ReportDocument['cells'], id: string) => string): string {
  if (document.against === null) return ''
  return [
    tables(document.against.tables, 'against'),
    `<h3>${htmlText(document.against.reasonsHeading)}</h3>`,
    htmlList(document.against.reasons),
  ].join('\n')
}

/** One image to a screen reader, with the summary as its text; the tables have the figures. */
function figureOf({ chart, svg }: DrawnChart): string {
  const figures =
    chart.figures === null
      ? ''
      : `<details><summary>${htmlText(chart.title)} as a table</summary>\n${htmlTable(chart.figures, `figures-${chart.name}`)}\n</details>`
  return [
    `<figure id="chart-${chart.name}">`,
    `<h3>${htmlText(chart.title)}</h3>`,
    `<div role="img" aria-label="${htmlText(chart.summary)}"><div class="live"></div><div class="drawn">${svg}</div></div>`,
    `<figcaption>${htmlText(chart.caption)}</figcaption>`,
    figures,
    '</figure>',
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function methodBody(result: Result): string {
  const facts = Object.entries(result.environment).map(([label, value]) => ({
    label,
    text: value === null ? 'n/a' : String(value),
  }))
  const { name, version, commit } = result.tool
  return [
    ...(result.status === 'published' ? [] : [htmlList(methodSentences)]),
    '<h3>Environment</h3>',
    htmlFacts([{ label: 'tool', text: `${name} ${version}${commit === null ? '' : ` (${commit})`}` }, ...facts]),
    '<details><summary>The workload as it was run</summary>',
    `<pre>${htmlText(JSON.stringify(result.workload, null, 2))}</pre>`,
    '</details>',
  ].join('\n')
}

function originsBody(result: Result): string {
  const source = result.source === null ? '' : `<p>Source: ${htmlText(result.source)}</p>`
  return [source, htmlFacts(figureOrigins(result))].filter((part) => part !== '').join('\n')
}
