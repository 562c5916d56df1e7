/**
 * The points of a matrix: what the repetitions of each say together. Every repetition is named, those that do not count
 * too: nothing is chosen by its figure (method.md R7.6). Pure.
 */
import { minimumDetectableEffect, runsNeeded, variationOf } from '../measure/statistics/variation.ts'
import type { Latency } from './figures.ts'
import { figureOverRuns } from './figure-over-runs.ts'
import { headlineDistribution, headlineRate } from './headline.ts'
import { noisyFlag } from './noise.ts'
import type { FigureOverRuns, PointResult } from './point.ts'
import type { CellResult, Result } from './result.ts'
import { ratesOfSeconds } from './seconds.ts'

/** The effect that a suggested number of runs is for (R3.5). */
const WISHED_EFFECT = 0.05

/** Whether a repetition is in the figures of its point: it was measured, and nothing but the broker set its figures. */
export function isCounted({ verdict }: Pick<CellResult, 'verdict'>): boolean {
  return !['invalid', 'failed', 'interrupted', 'published'].includes(verdict.kind)
}

/** One entry per point, in the order in which the points first come; sentinels are none. */
export function pointsOf(result: Pick<Result, 'cells' | 'environment'>): PointResult[] {
  const byPoint = new Map<string, CellResult[]>()
  for (const cell of result.cells) {
    if (cell.sentinel !== null) continue
    const key = JSON.stringify([cell.target, cell.consumer?.target, cell.client, cell.axes, cell.model, cell.layout])
    byPoint.set(key, [...(byPoint.get(key) ?? []), cell])
  }
  return [...byPoint.values()].flatMap((repetitions) => {
    const [first, ...others] = repetitions.toSorted((a, b) => a.repetition - b.repetition)
    return first === undefined ? [] : [pointOf([first, ...others], result.environment)]
  })
}

/** Id of a cell without its repetition: what its point is called. */
export function pointIdOf({ id, repetition }: Pick<CellResult, 'id' | 'repetition'>): string {
  return repetition > 1 ? id.replace(new RegExp(`-r${repetition}(?=-\\d+$|$)`), '') : id
}

function pointOf(repetitions: readonly [CellResult, ...CellResult[]], environment: Result['environment']): PointResult {
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
    ...latencies(counted),
    ...brokerCpu(counted),
    cvOverSecondsPercent: variation.overSeconds === null ? null : variation.overSeconds * 100,
    minimumDetectableEffectPercent: cv === null ? null : 100 * minimumDetectableEffect(cv / 100, runs),
    runsPerSideFor5Percent: cv === null ? null : runsNeeded(cv / 100, WISHED_EFFECT),
    flags: cv === null ? [] : noisyFlag(cv, counted, environment),
  }
}

function throughputOf(cells: readonly CellResult[]): FigureOverRuns | null {
  return figureOverRuns(cells.flatMap((cell) => headlineRate(cell)?.perSecond ?? []))
}

function latencies(cells: readonly CellResult[]): Pick<PointResult, 'latencyP50Us' | 'latencyP99Us' | 'latencyP999Us'> {
  const over = (percentile: keyof Latency & ('p50' | 'p99' | 'p999')): FigureOverRuns | null =>
    figureOverRuns(cells.flatMap((cell) => headlineDistribution(cell).latency?.[percentile] ?? []))
  return { latencyP50Us: over('p50'), latencyP99Us: over('p99'), latencyP999Us: over('p999') }
}

function brokerCpu(cells: readonly CellResult[]): Pick<PointResult, 'brokerCpuPercent' | 'brokerCpuMicrosPerMessage'> {
  return {
    brokerCpuPercent: figureOverRuns(cells.flatMap((cell) => cell.broker?.cpuPercent ?? [])),
    brokerCpuMicrosPerMessage: figureOverRuns(cells.flatMap((cell) => cell.broker?.cpuMicrosPerMessage ?? [])),
  }
}
