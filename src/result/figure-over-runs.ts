/** One figure over repeated runs: median, variation, and an interval from run level (method.md R3.3). Pure. */
import { intervalOfMedian } from '../measure/statistics/interval-of-median.ts'
import { medianOf } from '../measure/statistics/median.ts'
import { coefficientOfVariation } from '../measure/statistics/variation.ts'
import type { FigureOverRuns, RunInterval } from './point.ts'

/** @param values one per run that has the figure, in its unit. @returns null without a run. */
export function figureOverRuns(values: readonly number[]): FigureOverRuns | null {
  const median = medianOf(values)
  if (median === null) return null
  const cv = coefficientOfVariation(values)
  return {
    median,
    lowest: Math.min(...values),
    highest: Math.max(...values),
    runs: values.length,
    cvOverRunsPercent: cv === null ? null : cv * 100,
    interval: intervalOver(values),
  }
}

function intervalOver(values: readonly number[]): RunInterval | null {
  const interval = intervalOfMedian(values)
  if (interval === null) return null
  const { low, high, confidence } = interval
  return { low, high, confidencePercent: confidence * 100, method: 'order-statistics' }
}
