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
  const rows = all.flatMap((grid) => rowsOf(grid, several, measure))
  if (rows.length === 0) return null
  const gaps = all.flatMap((grid) => gapsOf(grid, several, measure))
  const crews = crewsOf(all)
  const sizes = [...new Set(all.flatMap((grid) => grid.messageBytes))].sort((a, b) => a - b).map(sizeText)
  const panels = [...new Set(rows.map((row) => row.panel))]
  const remark = rows.some((row) => row.struck) ? 'Hollow: invalid, not a figure to use.' : ''
  const summary = `${measure.title}, one line per message size. ${summaryOf(rows, measure)}`
  const layers = layersOf(crews, sizes, measure).filter(
    (_, place) => place !== hollowLayer || rows.some((row) => row.struck),
  )
  const spec = panelSpec({
    title: measure.title,
    summary,
    result,
    remark,
    rows: [...rows.map((row) => ({ ...row })), ...gaps],
    panels,
    layers,
  })
  const caption = `${measure.axis}. The figures are in the table above. ${remark}`.trim()
  return { name: measure.name, title: measure.title, summary, caption, spec, figures: null }
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

function rowsOf(grid: Grid, several: boolean, measure: Measure): Row[] {
  return grid.points.flatMap((point) => {
    const figure = pointFigure(point, measure.figureOf)
    if (figure === null) return []
    return [
      {
        panel: panelName(grid, point.target, several),
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
function gapsOf(grid: Grid, several: boolean, measure: Measure): ChartSpec[] {
  return grid.points.flatMap((point) => {
    if (pointFigure(point, measure.figureOf)?.struck === false) return []
    const { label: crew, producers } = point.crew
    const panel = panelName(grid, point.target, several)
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

/** Place of the layer of struck figures, which stands only where there are any. */
const hollowLayer = 2

function layersOf(crews: readonly Crew[], sizes: readonly string[], measure: Measure): ChartSpec[] {
  const x = xEncoding(crews)
  const y = {
    field: 'figure',
    type: 'quantitative',
    title: measure.axis,
    scale: measure.top === null ? { zero: true } : { domain: [0, measure.top] },
    axis: { format: ',~f' },
  }
  const series = seriesEncoding('size', 'Message size', sizes)
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
      params: legendChoice.params('size'),
      transform: [{ filter: '!datum.struck' }],
      // A point that is missing or struck breaks the line: nothing was measured between its neighbours.
      mark: { type: 'line', invalid: 'break-paths-filter-domains' },
      encoding: { x, y, color, opacity },
    },
    {
      transform: [{ filter: '!datum.struck && !datum.gap' }],
      mark: { type: 'point', filled: true },
      encoding: { x, y, ...series, tooltip, opacity },
    },
    {
      transform: [{ filter: 'datum.struck' }],
      mark: { type: 'point', filled: false },
      encoding: { x, y, ...series, tooltip, opacity },
    },
  ]
}
