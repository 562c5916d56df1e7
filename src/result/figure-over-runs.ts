/** One figure over repeated runs: median, variation, and an interval from run level (method.md R3.3). Pure. */
import { bootstrapMean } from '../measure/statistics/mean-bootstrap.ts'
import { intervalOfMedian, type Interval } from '../measure/statistics/interval-of-median.ts'
import { medianOf } from '../measure/statistics/median.ts'
import { bootstrapQuantile, type SecondHistogram } from '../measure/statistics/quantile-bootstrap.ts'
import { coefficientOfVariation } from '../measure/statistics/variation.ts'
import type { FigureOverRuns, RunInterval } from './point.ts'

/** The same files give the same interval. */
const SEED = 1

/** A figure that each second of a run has by itself. */
export interface RunOfSeconds {
  /** Of the whole run. */
  readonly value: number
  /** Per second; their mean is taken to `value`. Empty: nothing finer is known of the run. */
  readonly seconds: readonly number[]
}

/** Median and interval of a rate or a share; null without a run. */
export function rateOverRuns(runs: readonly RunOfSeconds[]): FigureOverRuns | null {
  const values = runs.map(({ value }) => value)
  return figureOf(values, () => bootstrapMean(runs.map(secondsOf), { seed: SEED }))
}

/** A percentile of one run. */
export interface RunOfHistograms {
  readonly valueUs: number
  /** Per second, or block of seconds; null where the histograms are not there (any more). */
  readonly blocks: () => readonly SecondHistogram[] | null
}

/** Median and interval of a latency percentile, microseconds; null without a run. @param quantile 0..1. */
export function quantileOverRuns(runs: readonly RunOfHistograms[], quantile: number): FigureOverRuns | null {
  const values = runs.map(({ valueUs }) => valueUs)
  return figureOf(values, () => {
    const blocks = runs.flatMap((run) => [run.blocks() ?? []])
    return bootstrapQuantile(blocks, { quantile, seed: SEED })
  })
}

function figureOf(values: readonly number[], bootstrap: () => Interval | null): FigureOverRuns | null {
  const median = medianOf(values)
  if (median === null) return null
  const cv = coefficientOfVariation(values)
  return {
    median,
    lowest: Math.min(...values),
    highest: Math.max(...values),
    runs: values.length,
    cvOverRunsPercent: cv === null ? null : cv * 100,
    interval: values.length < 2 ? null : intervalOf(values, bootstrap),
  }
}

function intervalOf(values: readonly number[], bootstrap: () => Interval | null): RunInterval | null {
  const exact = intervalOfMedian(values)
  const interval = exact ?? bootstrap()
  if (interval === null) return null
  const { low, high, confidence } = interval
  return { low, high, confidencePercent: confidence * 100, method: exact === null ? 'bootstrap' : 'order-statistics' }
}

/** The seconds of a run, so that their mean is the run's own figure: ends of the window are cut a little differently. */
function secondsOf({ value, seconds }: RunOfSeconds): readonly number[] {
  const mean = seconds.reduce((sum, second) => sum + second, 0) / seconds.length
  return mean > 0 ? seconds.map((second) => (second * value) / mean) : [value]
}
