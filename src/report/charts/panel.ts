/** Panels: one chart for one target and combination, small multiples for several. Pure. */
import type { Result } from '../../result/result.ts'
import type { Grid } from '../grid.ts'
import { modelSentences, reportTitle } from '../head.ts'
import { wrapText } from '../terminal-text.ts'
import type { ChartSpec } from './chart.ts'
import { lightConfig } from './theme.ts'

/** Colour and shape of one field, with its values in reading order and a legend when there are several. */
export function seriesEncoding(
  field: string,
  title: string,
  values: readonly string[],
  legendColumns?: number,
): ChartSpec {
  const columns = legendColumns === undefined ? {} : { columns: legendColumns, labelLimit: 560 }
  const legend = values.length > 1 ? { title, ...columns } : null
  const scale = { domain: [...values] }
  const common = { field, type: 'nominal', scale, legend, sort: null }
  return { color: common, shape: common }
}

/** Fades all but the chosen entries of the legend; in a file nothing is chosen and all are shown. */
export const legendChoice = {
  params: (field: string) => [{ name: 'chosen', select: { type: 'point', fields: [field] }, bind: 'legend' }],
  opacity: { condition: { param: 'chosen', value: 1 }, value: 0.15 },
} as const

/** A longer one would be cut off over its panel, and with it what else the panel is named by. */
const TARGET_LENGTH_MAX = 40

/** Name of a panel: target (with its product, where that is known) and combination, only as far as they vary in the report. */
export function panelName(grid: Grid, target: string, several: boolean): string {
  const { broker = null, name: shortName = target } = grid.targets.find((each) => each.target === target) ?? {}
  // A URL says nothing of the product; the name of an instance type, among published figures, does.
  const shown = target.length > TARGET_LENGTH_MAX ? shortName : target
  const name = broker !== null && target.includes('://') ? `${broker}, ${shown}` : shown
  return [several ? name : '', grid.combination].filter((part) => part !== '').join(', ')
}

export interface PanelChart {
  readonly title: string
  readonly summary: string
  readonly result: Result
  /** A sentence under the title beside model and result. */
  readonly remark: string
  readonly rows: readonly ChartSpec[]
  readonly panels: readonly string[]
  readonly layers: readonly ChartSpec[]
  /** Each panel has a y axis of its own: for shapes, not for comparing panels. */
  readonly ownAxes?: boolean
}

/**
 * A layered chart; with several `panels` one small chart each, split by the field `panel`, all on the same axes.
 */
export function panelSpec(chart: PanelChart): ChartSpec {
  const several = chart.panels.length > 1
  const subtitle = [reportTitle(chart.result), ...modelSentences(chart.result.cells), chart.remark]
    .filter((line) => line !== '')
    .flatMap((line) => wrapText(line, several ? 84 : 72, ''))
  const head = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.summary,
    title: { text: chart.title, subtitle },
    config: lightConfig,
    data: { values: [...chart.rows] },
  }
  if (!several) return { ...head, width: 600, height: 340, layer: [...chart.layers] }
  return {
    ...head,
    facet: { field: 'panel', type: 'nominal', title: null, sort: [...chart.panels] },
    columns: COLUMNS,
    spacing: { row: 24, column: 44 },
    spec: { width: 330, height: 220, layer: [...chart.layers] },
    ...resolveOf(chart),
  }
}

/** An odd panel leaves a place empty at the end: the one above it would stand without its x axis. */
function resolveOf({ ownAxes, panels }: PanelChart): ChartSpec {
  const scale = ownAxes === true ? { scale: { y: 'independent' } } : {}
  const axis = panels.length % COLUMNS === 0 ? {} : { axis: { x: 'independent' } }
  const resolve = { ...scale, ...axis }
  return Object.keys(resolve).length === 0 ? {} : { resolve }
}

/** Small multiples beside each other. */
const COLUMNS = 2

/** A log axis for latencies in milliseconds, over whole powers of ten with few enough grid lines to read. */
export function latencyAxis(values: readonly number[]): ChartSpec {
  const [low, high] = decadesAround(values)
  const decades = Math.round(Math.log10(high / low))
  const steps = decades > 3 ? [1] : [1, 2, 5]
  const ticks = Array.from({ length: decades + 1 }, (_, place) => low * 10 ** place)
    .flatMap((decade) => steps.map((step) => Number((decade * step).toPrecision(1))))
    .filter((tick) => tick <= high)
  return {
    field: 'ms',
    type: 'quantitative',
    title: 'Latency, ms (log)',
    scale: { type: 'log', domain: [low, high] },
    axis: { format: ',~g', values: ticks },
  }
}

/** Whole powers of ten around the values, for a log axis that is readable whatever they are. */
function decadesAround(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return [1, 10]
  const low = Math.floor(Math.log10(smallest(positive)))
  const high = Math.ceil(Math.log10(-smallest(positive.map((value) => -value))))
  // 10 ** -1 is 0.1 exactly only by way of its text.
  return [Number(`1e${low}`), Number(`1e${Math.max(high, low + 1)}`)]
}

/** By a loop, for there may be more values than a call takes arguments. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity)
}
