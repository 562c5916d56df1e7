/** p50, p90, p99 and p99.9 of every cell: a panel per target and message size, pairs across. Pure. */
import type { CellResult, Latency, Result } from '../../result/result.ts'
import { crewOf, grids, type Grid } from '../grid.ts'
import { headlineLatency } from '../headline.ts'
import { figureText, sizeText } from '../number-text.ts'
import { capitalised } from '../verdict-text.ts'
import type { Chart, ChartSpec } from './chart.ts'
import { latencyAxis, legendChoice, panelName, panelSpec, seriesEncoding } from './panel.ts'

const percentiles = ['p50', 'p90', 'p99', 'p99.9'] as const

interface Row {
  readonly panel: string
  readonly crew: string
  readonly repetition: number
  readonly percentile: (typeof percentiles)[number]
  readonly ms: number
}

/** The chart; null where no cell has a latency. Invalid and failed cells are not in it. */
export function latencyPercentiles(result: Result): Chart | null {
  const all = grids(result)
  const several = all.some((grid) => grid.targets.length > 1)
  const rows = all.flatMap((grid) => rowsOf(grid, several))
  if (rows.length === 0) return null
  const labels = [...new Set(soundCells(all).map((cell) => headlineLatency(cell).label))]
  const title = 'Latency percentiles by concurrency'
  const summary = `${title}, in milliseconds: ${labels.join(', or ')}. ${summaryOf(rows)}`
  const panels = [...new Set(rows.map((row) => row.panel))]
  const crews = [...new Set(all.flatMap((grid) => grid.crews.map((crew) => crew.label)))]
  const said = `${labels.join(', or ')}; log axis; invalid cells are left out.`
  const remark = capitalised(said)
  const spec = panelSpec({
    title,
    summary,
    result,
    remark,
    rows: rows.map((row): ChartSpec => ({ ...row })),
    panels,
    layers: layersOf(rows, crews),
  })
  return {
    name: 'latency-percentiles',
    title,
    summary,
    caption: `${remark} The figures are in the tables above.`,
    spec,
    figures: null,
  }
}

/** The cells whose latency may be shown. */
export function soundCells(all: readonly Grid[]): CellResult[] {
  return all
    .flatMap((grid) => grid.points.flatMap((point) => point.repetitions))
    .filter(({ verdict }) => !['invalid', 'unsustainable', 'failed'].includes(verdict.kind))
}

function rowsOf(grid: Grid, several: boolean): Row[] {
  return soundCells([grid]).flatMap((cell) => {
    const { latency } = headlineLatency(cell)
    if (latency === null) return []
    const bytes = Number(cell.axes['messageBytes'] ?? 0)
    const panel = [panelName(grid, cell.target, several), sizeText(bytes)].filter((part) => part !== '').join(', ')
    return percentiles.flatMap((percentile) => {
      const microseconds = valueOf(latency, percentile)
      if (microseconds === null) return []
      // Zero has no place on a log axis; a microsecond is the resolution of the recorder.
      const ms = Math.max(microseconds, 1) / 1000
      return [{ panel, crew: crewOf(cell).label, repetition: cell.repetition, percentile, ms }]
    })
  })
}

function valueOf(latency: Latency, percentile: (typeof percentiles)[number]): number | null {
  return latency[percentile === 'p99.9' ? 'p999' : percentile]
}

function summaryOf(rows: readonly Row[]): string {
  const panels = [...new Set(rows.map((row) => row.panel))]
  return panels
    .map((panel) => {
      const parts = percentiles.flatMap((percentile) => {
        const values = rows.filter((row) => row.panel === panel && row.percentile === percentile).map((row) => row.ms)
        if (values.length === 0) return []
        const [low, high] = [Math.min(...values), Math.max(...values)].map(figureText)
        return [low === high ? `${percentile} ${String(low)}` : `${percentile} ${String(low)} to ${String(high)}`]
      })
      return `${panel}: ${parts.join(', ')}.`
    })
    .join(' ')
}

function layersOf(rows: readonly Row[], crews: readonly string[]): ChartSpec[] {
  const x = {
    field: 'crew',
    type: 'ordinal',
    scale: { domain: [...crews] },
    title: crews.some((crew) => crew.includes('->'))
      ? 'Producers -> consumers'
      : 'Pairs of one producer and one consumer',
    axis: { labelAngle: 0 },
  }
  const y = latencyAxis(rows.map((row) => row.ms))
  const series = seriesEncoding('percentile', 'Percentile', percentiles)
  const { opacity } = legendChoice
  const tooltip = [
    { field: 'panel', title: 'where' },
    { field: 'crew', title: 'producers and consumers' },
    { field: 'percentile', title: 'percentile' },
    { field: 'ms', title: 'ms', format: ',.3f' },
  ]
  return [
    {
      params: legendChoice.params('percentile'),
      mark: { type: 'line' },
      encoding: { x, y: { ...y, aggregate: 'median' }, color: series['color'], opacity },
    },
    { mark: { type: 'point', filled: true }, encoding: { x, y, ...series, tooltip, opacity } },
  ]
}
