/** How the generator fared second by second: event-loop delay, collector pauses, lag. Pure. */
import type { CellResult, Interval, Result } from '../../result/result.ts'
import { crewOf, grids, type Grid } from '../grid.ts'
import { figureText, sizeText } from '../number-text.ts'
import { NoteList, textCell, type ReportTable } from '../report-table.ts'
import type { Chart, ChartSpec } from './chart.ts'
import { legendChoice, panelName, panelSpec, seriesEncoding } from './panel.ts'

/** Cells of a large matrix that are shown: those that something is said against. */
const PANELS_MAX = 8

const series: readonly { readonly name: string; readonly of: (interval: Interval) => number | null }[] = [
  { name: 'event-loop delay, longest', of: (interval) => interval.eventLoopDelayMaxMs },
  { name: 'collector pause, longest', of: (interval) => interval.gcPauseMaxMs },
  {
    name: 'generator lag, p99',
    of: ({ generatorLagP99Us }) => (generatorLagP99Us === null ? null : generatorLagP99Us / 1000),
  },
]

const ticks = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

interface Panel {
  readonly name: string
  readonly cell: CellResult
}

/** The chart; null where no cell was watched by the second. Invalid cells are in it: it may show why they are. */
export function generatorOverTime(result: Result): Chart | null {
  const all = grids(result)
  const several = all.some((grid) => grid.targets.length > 1)
  const watched = all.flatMap((grid) => panelsOf(grid, several))
  const panels =
    watched.length <= PANELS_MAX
      ? watched
      : watched.filter(({ cell }) => cell.verdict.reasons.length > 0).slice(0, PANELS_MAX)
  if (panels.length === 0) return null
  const title = 'The generator over time'
  const step = panels.reduce((most, panel) => Math.max(most, secondsPerPoint(panel)), 1)
  const each = step === 1 ? 'second' : `${step} seconds`
  const summary = `${title}: longest event-loop delay and collector pause and lag at p99 of each ${each}, of the worker thread that fared worst. The table below has the worst second of each.`
  const left = watched.length - panels.length
  const remark = `Of the worst worker thread in each ${each}, warm-up included.${left > 0 ? ` ${left} more cells are left out.` : ''}`
  const rows = panels.flatMap(rowsOf)
  const spec = panelSpec({
    title,
    summary,
    result,
    remark,
    rows,
    panels: panels.map(({ name }) => name),
    layers: layersOf(
      series.map(({ name }) => name).filter((name) => rows.some((row) => row['series'] === name)),
      rows.reduce((most, row) => Math.max(most, Number(row['ms'])), 1),
    ),
  })
  return { name: 'generator-over-time', title, summary, caption: remark, spec, figures: figuresOf(panels) }
}

function panelsOf(grid: Grid, several: boolean): Panel[] {
  return grid.points.flatMap((point) =>
    point.repetitions
      .filter((cell) => cell.intervals.some((interval) => interval.eventLoopDelayMaxMs !== null))
      .map((cell) => ({
        name: [
          panelName(grid, cell.target, several),
          sizeText(point.messageBytes),
          `${crewOf(cell).label} pairs`,
          point.repetitions.length > 1 ? `repetition ${cell.repetition}` : '',
        ]
          .filter((part) => part !== '')
          .join(', '),
        cell,
      })),
  )
}

/** More points than this on a line are a blot. */
const POINTS_MAX = 240

/** Seconds that share a point: one in a cell of minutes, more in one of hours. */
function secondsPerPoint({ cell }: Panel): number {
  return Math.max(1, Math.ceil(cell.intervals.length / POINTS_MAX))
}

function rowsOf(panel: Panel): ChartSpec[] {
  const shown = panel.cell.intervals.filter((interval) => interval.phase !== 'drain')
  const step = secondsPerPoint(panel)
  const places = Array.from({ length: Math.ceil(shown.length / step) }, (_, place) => place * step)
  return places.flatMap((place) => {
    const together = shown.slice(place, place + step)
    const last = together.at(-1)
    if (last === undefined) return []
    return series.flatMap(({ name, of }) => {
      const values = together.flatMap((interval) => of(interval) ?? [])
      if (values.length === 0) return []
      const ms = Number(Math.max(...values).toPrecision(4))
      return [{ panel: panel.name, series: name, at: Number(last.atSeconds.toFixed(3)), ms, phase: last.phase }]
    })
  })
}

function layersOf(names: readonly string[], mostMs: number): ChartSpec[] {
  const x = {
    field: 'at',
    type: 'quantitative',
    title: 'Seconds since the common start',
    axis: { format: ',~f', tickMinStep: 1 },
    scale: { nice: false },
  }
  const y = {
    field: 'ms',
    type: 'quantitative',
    title: 'ms (log from 1 on)',
    scale: { type: 'symlog', domain: [0, mostMs] },
    axis: { format: ',~f', values: ticks.filter((tick) => tick <= mostMs) },
  }
  const tooltip = [
    { field: 'panel', title: 'where' },
    { field: 'series', title: 'what' },
    { field: 'phase', title: 'phase' },
    { field: 'at', title: 'second' },
    { field: 'ms', title: 'ms', format: ',.2f' },
  ]
  const which = seriesEncoding('series', 'Of the generator', names)
  const { opacity } = legendChoice
  return [
    {
      params: legendChoice.params('series'),
      mark: { type: 'line' },
      encoding: { x, y, color: which['color'], opacity },
    },
    { mark: { type: 'point', filled: true, size: 24 }, encoding: { x, y, ...which, tooltip, opacity } },
  ]
}

function figuresOf(panels: readonly Panel[]): ReportTable {
  const notes = new NoteList()
  return {
    caption: 'The worst measured second of the generator, ms',
    keyColumns: 1,
    groups: [],
    columns: [
      { label: 'Where', align: 'left' },
      ...series.map(({ name }) => ({ label: name, align: 'right' as const })),
    ],
    rows: panels.map(({ name, cell }) => [
      textCell(name),
      ...series.map(({ of }) => {
        const values = cell.intervals.filter(({ phase }) => phase === 'measure').flatMap((one) => of(one) ?? [])
        const worst = values.reduce((most, value) => Math.max(most, value), -1)
        return worst < 0 ? notes.missing('Not known of any second.') : textCell(figureText(worst))
      }),
    ]),
    notes: notes.sentences,
    remarks: [],
  }
}
