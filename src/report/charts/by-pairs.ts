/** TPS and broker CPU over the number of pairs, one line per message size. Pure. */
import type { CellResult, Result } from '../../result/result.ts'
import { grids, type Crew, type Grid } from '../grid.ts'
import { headlineRate, rateBasisText } from '../headline.ts'
import { percentText, rateText, sizeText } from '../number-text.ts'
import { pointFigure } from '../point-figure.ts'
import type { Chart, ChartSpec } from './chart.ts'
import { legendChoice, panelName, panelSpec, seriesEncoding } from './panel.ts'

interface Measure {
  readonly name: string
  readonly title: string
  readonly axis: string
  readonly figureOf: (cell: CellResult) => number | null
  readonly text: (figure: number) => string
  /** Upper end of the axis; null = by the figures. */
  readonly top: number | null
}

/** Throughput by pairs; null where no cell has a rate. */
export function tpsByPairs(result: Result): Chart | null {
  const basis = result.cells.flatMap((cell) => headlineRate(cell)?.basis ?? [])[0] ?? 'delivered'
  return byPairs(result, {
    name: 'tps-by-pairs',
    title: 'Throughput by concurrency',
    axis: result.status === 'published' ? 'Messages per second' : `TPS: ${rateBasisText(basis)}`,
    figureOf: (cell) => headlineRate(cell)?.perSecond ?? null,
    text: rateText,
    top: null,
  })
}

/** Broker CPU by pairs; null where no broker was sampled. */
export function cpuByPairs(result: Result): Chart | null {
  return byPairs(result, {
    name: 'cpu-by-pairs',
    title: 'Broker CPU by concurrency',
    axis: 'Broker CPU, %',
    figureOf: (cell) => cell.broker?.cpuPercent ?? null,
    text: percentText,
    top: 100,
  })
}

function byPairs(result: Result, measure: Measure): Chart | null {
  const all = grids(result)
  const several = all.some((grid) => grid.targets.length > 1)
  const sizes = [...new Set(all.flatMap((grid) => grid.messageBytes))].sort((a, b) => a - b).map(sizeText)
  // With one size each small multiple would have one line: together in one panel they can be compared.
  const count = all.reduce((sum, grid) => sum + grid.targets.length, 0)
  const together = sizes.length === 1 && count > 1 && count <= linesMax
  const nameOf = (grid: Grid, target: string): string => (together ? lineName : panelName)(grid, target, several)
  const rows = all.flatMap((grid) => rowsOf(grid, nameOf, measure))
  if (rows.length === 0) return null
  const gaps = all.flatMap((grid) => gapsOf(grid, nameOf, measure))
  const panels = [...new Set(rows.map((row) => row.panel))]
  const lines: Lines = together
    ? { field: 'panel', title: 'Where', values: panels, legendColumns: legendColumns(panels) }
    : { field: 'size', title: 'Message size', values: sizes }
  const remark = remarkOf(rows)
  const summary = `${measure.title}, one line per ${together ? 'target or setting' : 'message size'}. ${summaryOf(rows, measure)}`
  const spec = panelSpec({
    title: measure.title,
    summary,
    result,
    remark: together ? `Messages of ${sizes.join('')}. ${remark}`.trim() : remark,
    rows: [...rows.map((row) => ({ ...row })), ...gaps],
    panels: together ? [''] : panels,
    layers: layersOf(crewsOf(all), lines, measure, rows),
  })
  const caption = `${measure.axis}. The figures are in the table above. ${remark}`.trim()
  return { name: measure.name, title: measure.title, summary, caption, spec, figures: null }
}

/** As many lines as there are colours. */
const linesMax = 8

/** What tells the lines of a panel apart. */
interface Lines {
  readonly field: 'size' | 'panel'
  readonly title: string
  readonly values: readonly string[]
  /** Entries of the legend beside each other; as the theme has it by default. */
  readonly legendColumns?: number
}

/** Name of a line in a legend: as short as a target may be called, unless that is only a letter. */
function lineName(grid: Grid, target: string, several: boolean): string {
  const name = grid.targets.find((each) => each.target === target)?.name ?? ''
  if (name.length < 3) return panelName(grid, target, several)
  return [several ? name : '', grid.combination].filter((part) => part !== '').join(', ')
}

/** So many long names as the width of a chart holds. */
function legendColumns(names: readonly string[]): number {
  const pixels = 36 + 7 * Math.max(...names.map((name) => name.length))
  return Math.max(1, Math.floor(600 / pixels))
}

/** What is said of marks that are not plain points. */
function remarkOf(rows: readonly Row[]): string {
  return [
    rows.some(isSpread) ? 'Points: medians of the repetitions; bars: lowest to highest.' : '',
    rows.some((row) => row.struck) ? 'Hollow: invalid, not a figure to use.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** Whether its repetitions had more than one figure. */
function isSpread(row: Row): boolean {
  return !row.struck && row.high > row.low
}

interface Row {
  readonly panel: string
  readonly size: string
  readonly crew: string
  readonly producers: number
  readonly figure: number
  readonly low: number
  readonly high: number
  readonly struck: boolean
}

type NameOf = (grid: Grid, target: string) => string

function rowsOf(grid: Grid, nameOf: NameOf, measure: Measure): Row[] {
  return grid.points.flatMap((point) => {
    const figure = pointFigure(point, measure.figureOf)
    if (figure === null) return []
    return [
      {
        panel: nameOf(grid, point.target),
        size: sizeText(point.messageBytes),
        crew: point.crew.label,
        producers: point.crew.producers,
        figure: figure.median,
        low: figure.low,
        high: figure.high,
        struck: figure.struck,
      },
    ]
  })
}

/** A row without a figure where the line must break: the point is missing, or struck. */
function gapsOf(grid: Grid, nameOf: NameOf, measure: Measure): ChartSpec[] {
  return grid.points.flatMap((point) => {
    if (pointFigure(point, measure.figureOf)?.struck === false) return []
    const { label: crew, producers } = point.crew
    const panel = nameOf(grid, point.target)
    return [{ panel, size: sizeText(point.messageBytes), crew, producers, figure: null, gap: true }]
  })
}

function summaryOf(rows: readonly Row[], measure: Measure): string {
  const lines = new Map<string, Row[]>()
  for (const row of rows) {
    const name = row.panel === '' ? row.size : `${row.panel}, ${row.size}`
    lines.set(name, [...(lines.get(name) ?? []), row])
  }
  return [...lines]
    .map(([name, line]) => {
      const [first] = line
      const last = line.at(-1)
      if (first === undefined || last === undefined) return ''
      const start = `${name}: ${measure.text(first.figure)} at ${first.crew}`
      return line.length === 1 ? `${start}.` : `${start}, ${measure.text(last.figure)} at ${last.crew}.`
    })
    .join(' ')
}

function crewsOf(all: readonly Grid[]): Crew[] {
  const crews = new Map(all.flatMap((grid) => grid.crews).map((crew) => [crew.label, crew]))
  return [...crews.values()].sort((a, b) => a.producers - b.producers || a.consumers - b.consumers)
}

/** Doubling steps get equal room on a log axis; crews that are no pairs stand side by side instead. */
function xEncoding(crews: readonly Crew[]): ChartSpec {
  const labels = crews.map((crew) => crew.label)
  const pairs = crews.every((crew) => crew.producers === crew.consumers && crew.producers > 0)
  if (!pairs || crews.length < 2) {
    const title = pairs ? 'Pairs of one producer and one consumer' : 'Producers -> consumers'
    return { field: 'crew', type: 'ordinal', scale: { domain: labels }, title, axis: { labelAngle: 0 } }
  }
  const values = crews.map((crew) => crew.producers)
  return {
    field: 'producers',
    type: 'quantitative',
    title: 'Pairs of one producer and one consumer',
    scale: { type: 'log', base: 2, domain: [Math.min(...values), Math.max(...values)], nice: false, padding: 16 },
    axis: { values, format: ',d', grid: false, labelOverlap: true },
  }
}

function layersOf(crews: readonly Crew[], lines: Lines, measure: Measure, rows: readonly Row[]): ChartSpec[] {
  const x = xEncoding(crews)
  const y = {
    field: 'figure',
    type: 'quantitative',
    title: measure.axis,
    scale: measure.top === null ? { zero: true } : { domain: [0, measure.top] },
    axis: { format: ',~f' },
  }
  const series = seriesEncoding(lines.field, lines.title, lines.values, lines.legendColumns)
  const tooltip = [
    { field: 'panel', title: 'where' },
    { field: 'size', title: 'message size' },
    { field: 'crew', title: 'producers and consumers' },
    { field: 'figure', title: measure.axis, format: ',.1f' },
    { field: 'low', title: 'lowest repetition', format: ',.1f' },
    { field: 'high', title: 'highest repetition', format: ',.1f' },
  ]
  const { color } = series
  const { opacity } = legendChoice
  return [
    {
      params: legendChoice.params(lines.field),
      transform: [{ filter: '!datum.struck' }],
      // A point that is missing or struck breaks the line: nothing was measured between its neighbours.
      mark: { type: 'line', invalid: 'break-paths-filter-domains' },
      encoding: { x, y, color, opacity },
    },
    ...(rows.some(isSpread)
      ? [
          {
            transform: [{ filter: '!datum.struck && !datum.gap && datum.high > datum.low' }],
            mark: { type: 'rule', strokeWidth: 1.5 },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color, opacity },
          },
        ]
      : []),
    {
      transform: [{ filter: '!datum.struck && !datum.gap' }],
      mark: { type: 'point', filled: true },
      encoding: { x, y, ...series, tooltip, opacity },
    },
    ...(rows.some((row) => row.struck)
      ? [
          {
            transform: [{ filter: 'datum.struck' }],
            mark: { type: 'point', filled: false },
            encoding: { x, y, ...series, tooltip, opacity },
          },
        ]
      : []),
  ]
}
