/**
 * The points of a matrix: what the repetitions of each say together. Every repetition is named, those that do not count
 * too: nothing is chosen by its figure (method.md R7.6). Pure.
 */
import type { SecondHistogram } from '../measure/statistics/quantile-bootstrap.ts'
import { minimumDetectableEffect, runsNeeded, variationOf } from '../measure/statistics/variation.ts'
import type { Latency } from './figures.ts'
import { quantileOverRuns, rateOverRuns } from './figure-over-runs.ts'
import { headlineDistribution, headlineRate } from './headline.ts'
import type { HistogramTag } from './histogram-log.ts'
import { noisyFlag } from './noise.ts'
import type { FigureOverRuns, PointResult } from './point.ts'
import type { CellResult, Result } from './result.ts'
import { measuredSeconds, ratesOfSeconds } from './seconds.ts'

/** Histograms of a cell in blocks of whole seconds; null where there are none. */
export type BlocksOf = (cell: CellResult, tag: HistogramTag) => readonly SecondHistogram[] | null

/** The effect that a suggested number of runs is for (R3.5). */
const WISHED_EFFECT = 0.05

/** Whether a repetition is in the figures of its point: it was measured, and nothing but the broker set its figures. */
export function isCounted({ verdict }: Pick<CellResult, 'verdict'>): boolean {
  return !['invalid', 'failed', 'interrupted', 'published'].includes(verdict.kind)
}

/** One entry per point, in the order in which the points first come; sentinels are none. */
export function pointsOf(result: Pick<Result, 'cells' | 'environment'>, blocksOf: BlocksOf): PointResult[] {
  const byPoint = new Map<string, CellResult[]>()
  for (const cell of result.cells) {
    if (cell.sentinel !== null) continue
    const key = JSON.stringify([cell.target, cell.consumer?.target, cell.client, cell.axes, cell.model, cell.layout])
    byPoint.set(key, [...(byPoint.get(key) ?? []), cell])
  }
  return [...byPoint.values()].flatMap((repetitions) => {
    const [first, ...others] = repetitions.toSorted((a, b) => a.repetition - b.repetition)
    return first === undefined ? [] : [pointOf([first, ...others], result.environment, blocksOf)]
  })
}

/** Id of a cell without its repetition: what its point is called. */
export function pointIdOf({ id, repetition }: Pick<CellResult, 'id' | 'repetition'>): string {
  return repetition > 1 ? id.replace(new RegExp(`-r${repetition}(?=-\\d+$|$)`), '') : id
}

function pointOf(
  repetitions: readonly [CellResult, ...CellResult[]],
  environment: Result['environment'],
  blocksOf: BlocksOf,
): PointResult {
  const [first] = repetitions
  const counted = repetitions.filter(isCounted)
  const throughput = throughputOf(counted)
  const variation = variationOf(counted.map(ratesOfSeconds))
  const cv = throughput === null ? null : throughput.cvOverRunsPercent
  const runs = throughput?.runs ?? 0
  return {
    id: pointIdOf(first),
    target: first.target,
    axes: { ...first.axes },
    cellIds: repetitions.map(({ id }) => id),
    counted: counted.length,
    leftOut: repetitions
      .filter((cell) => !isCounted(cell))
      .map(({ id, verdict: { kind, reasons } }) => ({
        cellId: id,
        verdict: kind,
        reasonCodes: reasons.map(({ code }) => code),
      })),
    throughputBasis: counted.map((cell) => headlineRate(cell)?.basis ?? null)[0] ?? null,
    throughputPerSecond: throughput,
    latencyDistribution: headlineDistribution(first).tag,
    ...latencies(counted, blocksOf),
    ...brokerCpu(counted),
    cvOverSecondsPercent: variation.overSeconds === null ? null : variation.overSeconds * 100,
    minimumDetectableEffectPercent: cv === null ? null : 100 * minimumDetectableEffect(cv / 100, runs),
    runsPerSideFor5Percent: cv === null ? null : runsNeeded(cv / 100, WISHED_EFFECT),
    flags: cv === null ? [] : noisyFlag(cv, counted, environment),
  }
}

function throughputOf(cells: readonly CellResult[]): FigureOverRuns | null {
  return rateOverRuns(
    cells.flatMap((cell) => {
      const rate = headlineRate(cell)
      return rate === null ? [] : [{ value: rate.perSecond, seconds: ratesOfSeconds(cell) }]
    }),
  )
}

function latencies(
  cells: readonly CellResult[],
  blocksOf: BlocksOf,
): Pick<PointResult, 'latencyP50Us' | 'latencyP99Us' | 'latencyP999Us'> {
  const read = new Map<CellResult, readonly SecondHistogram[] | null>()
  const blocks = (cell: CellResult): readonly SecondHistogram[] | null => {
    const known = read.get(cell)
    if (known !== undefined) return known
    const found = blocksOf(cell, headlineDistribution(cell).tag)
    read.set(cell, found)
    return found
  }
  const over = (percentile: keyof Latency & ('p50' | 'p99' | 'p999'), quantile: number): FigureOverRuns | null =>
    quantileOverRuns(
      cells.flatMap((cell) => {
        const valueUs = headlineDistribution(cell).latency?.[percentile] ?? null
        return valueUs === null ? [] : [{ valueUs, blocks: () => blocks(cell) }]
      }),
      quantile,
    )
  return { latencyP50Us: over('p50', 0.5), latencyP99Us: over('p99', 0.99), latencyP999Us: over('p999', 0.999) }
}

function brokerCpu(cells: readonly CellResult[]): Pick<PointResult, 'brokerCpuPercent' | 'brokerCpuMicrosPerMessage'> {
  return {
    brokerCpuPercent: rateOverRuns(
      cells.flatMap((cell) => {
        const value = cell.broker?.cpuPercent ?? null
        const seconds = measuredSeconds(cell).flatMap(({ brokerCpuPercent }) => brokerCpuPercent ?? [])
        return value === null ? [] : [{ value, seconds }]
      }),
    ),
    brokerCpuMicrosPerMessage: rateOverRuns(
      cells.flatMap((cell) => {
        const value = cell.broker?.cpuMicrosPerMessage ?? null
        return value === null ? [] : [{ value, seconds: [] }]
      }),
    ),
  }
}
