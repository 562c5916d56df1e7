/** Latency by percentile (the HdrHistogram plot): the whole distribution, the tail stretched as 1 / (1 - q). Pure. */
import type { Latency, Result } from '../../result/result.ts'
import { crewOf, grids, type Grid } from '../grid.ts'
import { headlineLatency, percentileMissing } from '../headline.ts'
import { millisecondsText, sizeText } from '../number-text.ts'
import { NoteList, textCell, type ReportTable } from '../report-table.ts'
import { capitalised } from '../verdict-text.ts'
import type { Chart, ChartSpec, CurvePoint, Curves } from './chart.ts'
import { soundCells } from './latency-percentiles.ts'
import { latencyAxis, legendChoice, panelName, panelSpec, seriesEncoding } from './panel.ts'

const shownPercentiles = [
  { percentile: 50, name: 'p50' },
  { percentile: 90, name: 'p90' },
  { percentile: 99, name: 'p99' },
  { percentile: 99.9, name: 'p999' },
  { percentile: 99.99, name: 'p9999' },
] as const

/** Points closer than this factor on the stretched axis look like one. */
const closest = 1.1

interface Curve {
  readonly panel: string
  readonly crew: string
  readonly repetition: number
  readonly points: readonly CurvePoint[]
  readonly latency: Latency | null
}

/** The chart; null where no curve was handed in. Invalid and failed cells are not in it. */
export function percentileCurve(result: Result, curves: Curves): Chart | null {
  const all = grids(result)
  const several = all.some((grid) => grid.targets.length > 1)
  const shown = all.flatMap((grid) => curvesOf(grid, several, curves))
  if (shown.length === 0) return null
  const labels = [...new Set(soundCells(all).map((cell) => headlineLatency(cell).label))]
  const title = 'Latency by percentile'
  const said = `${labels.join(', or ')}; both axes log; each curve ends where its samples are too few; invalid cells are left out.`
  const remark = capitalised(said)
  const summary = `${title}: one curve per cell, as far into the tail as its samples reach; ${labels.join(', or ')}.`
  const rows = shown.flatMap(rowsOf)
  const spec = panelSpec({
    title,
    summary,
    result,
    remark,
    rows,
    panels: [...new Set(shown.map((curve) => curve.panel))],
    layers: layersOf(
      rows.map((row) => Number(row['ms'])),
      [...new Set(all.flatMap((grid) => grid.crews.map((crew) => crew.label)))],
    ),
  })
  return { name: 'latency-by-percentile', title, summary, caption: remark, spec, figures: figuresOf(shown) }
}

function curvesOf(grid: Grid, several: boolean, curves: Curves): Curve[] {
  return soundCells([grid]).flatMap((cell) => {
    const { distribution, latency } = headlineLatency(cell)
    const points = (curves.get(cell.id)?.[distribution] ?? []).filter((point) => isShown(point, latency))
    if (points.length === 0) return []
    const bytes = Number(cell.axes['messageBytes'] ?? 0)
    const panel = [panelName(grid, cell.target, several), sizeText(bytes)].filter((part) => part !== '').join(', ')
    return [{ panel, crew: crewOf(cell).label, repetition: cell.repetition, points, latency }]
  })
}

/** Independent samples that one step of the tail needs: 368 for p99, 3,688 for p99.9 (method.md R3.2). */
const samplesPerTail = 3.68

/** A curve goes as far as its samples reach, and not to a percentile that the result withholds. */
function isShown(point: CurvePoint, latency: Latency | null): boolean {
  if (latency === null) return false
  const withheld = shownPercentiles.find(({ name }) => latency[name] === null)
  if (withheld !== undefined && point.percentile >= withheld.percentile) return false
  const independent = Math.min(latency.count, latency.effectiveCount ?? latency.count)
  return samplesPerTail <= independent * (1 - point.percentile / 100) * (1 + 1e-9)
}

function rowsOf(curve: Curve): ChartSpec[] {
  const rows: ChartSpec[] = []
  let last = 0
  for (const point of curve.points) {
    const stretched = 1 / (1 - point.percentile / 100)
    if (stretched < last * closest) continue
    last = stretched
    rows.push({
      panel: curve.panel,
      crew: curve.crew,
      repetition: curve.repetition,
      stretched: Number(stretched.toPrecision(6)),
      percentile: Number(point.percentile.toPrecision(8)),
      ms: Math.max(point.valueUs, 1) / 1000,
    })
  }
  return rows
}

function layersOf(values: readonly number[], crews: readonly string[]): ChartSpec[] {
  const x = {
    field: 'stretched',
    type: 'quantitative',
    title: 'Percentile',
    scale: { type: 'log', nice: false },
    axis: {
      values: [1, 10, 100, 1000, 10_000, 100_000, 1_000_000],
      labelExpr:
        "datum.value < 2 ? '0 %' : datum.value < 20 ? '90 %' : datum.value < 200 ? '99 %' : " +
        "datum.value < 2000 ? '99.9 %' : datum.value < 20000 ? '99.99 %' : " +
        "datum.value < 200000 ? '99.999 %' : '99.9999 %'",
      labelFlush: true,
    },
  }
  const y = latencyAxis(values)
  const tooltip = [
    { field: 'panel', title: 'where' },
    { field: 'crew', title: 'producers and consumers' },
    { field: 'percentile', title: 'percentile' },
    { field: 'ms', title: 'ms', format: ',.3f' },
  ]
  const { color } = seriesEncoding('crew', 'Pairs', crews)
  return [
    {
      params: legendChoice.params('crew'),
      mark: { type: 'line', interpolate: 'step-after', tooltip: true },
      encoding: {
        x,
        y,
        color,
        strokeDash: dashes(crews),
        detail: { field: 'repetition' },
        tooltip,
        opacity: legendChoice.opacity,
      },
    },
  ]
}

/** Lines without points are told apart by their dashes as well as by colour. */
export function dashes(values: readonly string[]): ChartSpec {
  const patterns = [
    [1, 0],
    [6, 3],
    [2, 2],
    [10, 3, 2, 3],
    [12, 4],
    [4, 2, 1, 2],
    [1, 3],
    [8, 2, 2, 2, 2, 2],
  ]
  return {
    field: 'crew',
    type: 'nominal',
    scale: { domain: [...values], range: patterns },
    legend: values.length > 1 ? { title: 'Pairs' } : null,
    sort: null,
  }
}

function figuresOf(curves: readonly Curve[]): ReportTable {
  const notes = new NoteList()
  return {
    caption: 'Latency by percentile, ms',
    keyColumns: 2,
    groups: [],
    columns: [
      { label: 'Where', align: 'left' },
      { label: 'Pairs', align: 'right' },
      ...shownPercentiles.map(({ percentile }) => ({ label: `p${percentile}`, align: 'right' as const })),
    ],
    rows: curves.map((curve) => [
      textCell(curve.panel),
      textCell(curve.crew),
      ...shownPercentiles.map(({ percentile, name }) => {
        const point = curve.points.find((one) => one.percentile >= percentile)
        if (point !== undefined) return textCell(millisecondsText(point.valueUs))
        return notes.missing(curve.latency === null ? 'No sample.' : percentileMissing(name, curve.latency))
      }),
    ]),
    notes: notes.sentences,
    remarks: [],
  }
}
