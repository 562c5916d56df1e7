/** TPS second by second, the warm-up shaded: whether a cell was steady. Pure. */
import type { CellResult, Interval, Result } from '../../result/result.ts'
import { isSecond } from '../../result/seconds.ts'
import { crewOf, grids, type Grid } from '../grid.ts'
import { headlineRate } from '../headline.ts'
import { rateText, sizeText } from '../number-text.ts'
import { textCell, type ReportTable } from '../report-table.ts'
import type { Chart, ChartSpec } from './chart.ts'
import { legendChoice, panelName, panelSpec, seriesEncoding } from './panel.ts'
import { dashes } from './percentile-curve.ts'

interface TimeLine {
  readonly panel: string
  readonly crew: string
  readonly cell: CellResult
}

/** The chart; null where no cell has intervals. Invalid cells are in it: it may show why they are. */
export function rateOverTime(result: Result): Chart | null {
  const all = grids(result)
  const several = all.some((grid) => grid.targets.length > 1)
  const lines = all.flatMap((grid) => linesOf(grid, several))
  if (lines.length === 0) return null
  const title = 'Throughput over time'
  const summary = `${title}, second by second, one line per cell; the warm-up is shaded. The table below has the range of each.`
  const panels = [...new Set(lines.map((line) => line.panel))]
  const remark = `Shaded: warm-up, not measured.${panels.length > 1 ? ' Every panel has its own scale.' : ''}`
  const shades = panels.flatMap((panel) => shadeRows(panel, lines))
  const layers = layersOf([...new Set(all.flatMap((grid) => grid.crews.map((crew) => crew.label)))])
  const spec = panelSpec({
    title,
    summary,
    result,
    remark,
    ownAxes: true,
    rows: [...lines.flatMap(rateRows), ...shades],
    panels,
    layers: shades.length > 0 ? layers : layers.slice(1),
  })
  return {
    name: 'tps-over-time',
    title,
    summary,
    caption: remark,
    spec,
    figures: figuresOf(lines),
  }
}

function linesOf(grid: Grid, several: boolean): TimeLine[] {
  return grid.points.flatMap((point) =>
    point.repetitions
      .filter((cell) => cell.intervals.length > 0)
      .map((cell) => ({
        panel: [panelName(grid, cell.target, several), sizeText(point.messageBytes)]
          .filter((part) => part !== '')
          .join(', '),
        crew: crewOf(cell).label,
        cell,
      })),
  )
}

/** Events per second of an interval, of the same kind as the cell's TPS. */
function rateOf(cell: CellResult, interval: Interval): number {
  const basis = headlineRate(cell)?.basis ?? 'delivered'
  return interval.seconds > 0 ? interval[basis] / interval.seconds : 0
}

/** A cell that a number of messages ends has a rest behind its last second, whose rate is of a few messages or of none. */
function withoutRest(intervals: readonly Interval[]): readonly Interval[] {
  const measured = intervals.filter(({ phase }) => phase === 'measure')
  const rest = measured.at(-1)
  return measured.length < 2 || rest === undefined || isSecond(rest)
    ? intervals
    : intervals.filter((interval) => interval !== rest)
}

function rateRows(line: TimeLine): ChartSpec[] {
  return withoutRest(line.cell.intervals)
    .filter((interval) => interval.phase !== 'drain')
    .map((interval) => ({
      panel: line.panel,
      crew: line.crew,
      repetition: line.cell.repetition,
      at: Number(interval.atSeconds.toFixed(3)),
      rate: Number(rateOf(line.cell, interval).toFixed(1)),
      phase: interval.phase,
    }))
}

/** One shade per panel, as long as the longest warm-up in it. */
function shadeRows(panel: string, lines: readonly TimeLine[]): ChartSpec[] {
  const ends = lines.filter((line) => line.panel === panel).map((line) => warmupEnd(line.cell.intervals))
  const end = Math.max(0, ...ends)
  return end > 0 ? [{ panel, phase: 'shade', at: 0, end: Number(end.toFixed(3)) }] : []
}

function warmupEnd(intervals: readonly Interval[]): number {
  const warmups = intervals.filter((interval) => interval.phase === 'warm-up')
  return Math.max(0, ...warmups.map((interval) => interval.atSeconds))
}

function layersOf(crews: readonly string[]): ChartSpec[] {
  const x = {
    field: 'at',
    type: 'quantitative',
    title: 'Seconds since the common start',
    axis: { format: ',~f', tickMinStep: 1 },
    scale: { zero: true, nice: false },
  }
  const y = {
    field: 'rate',
    type: 'quantitative',
    title: 'Messages per second',
    axis: { format: ',~f' },
    scale: { zero: true },
  }
  const tooltip = [
    { field: 'panel', title: 'where' },
    { field: 'crew', title: 'producers and consumers' },
    { field: 'phase', title: 'phase' },
    { field: 'at', title: 'second' },
    { field: 'rate', title: 'messages per second', format: ',.1f' },
  ]
  const { color } = seriesEncoding('crew', 'Pairs', crews)
  return [
    {
      transform: [{ filter: "datum.phase === 'shade'" }],
      mark: { type: 'rect', opacity: 0.14 },
      encoding: { x, x2: { field: 'end' } },
    },
    {
      params: legendChoice.params('crew'),
      transform: [{ filter: "datum.phase !== 'shade'" }],
      mark: { type: 'line' },
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

function figuresOf(lines: readonly TimeLine[]): ReportTable {
  return {
    caption: 'Messages per second inside the measurement, by second',
    keyColumns: 2,
    groups: [],
    columns: [
      { label: 'Where', align: 'left' },
      { label: 'Pairs', align: 'right' },
      { label: 'Lowest', align: 'right' },
      { label: 'Median', align: 'right' },
      { label: 'Highest', align: 'right' },
    ],
    rows: lines.map((line) => {
      const rates = withoutRest(line.cell.intervals)
        .filter((interval) => interval.phase === 'measure')
        .map((interval) => rateOf(line.cell, interval))
        .sort((a, b) => a - b)
      const figures = [rates[0], rates[Math.floor(rates.length / 2)], rates.at(-1)]
      return [
        textCell(line.panel),
        textCell(line.crew),
        ...figures.map((rate) => (rate === undefined ? textCell('', 'missing') : textCell(rateText(rate)))),
      ]
    }),
    notes: [],
    remarks: [],
  }
}
