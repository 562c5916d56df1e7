import { laterSteadyState, STEADY_STATE_MIN_POINTS } from '../../measure/statistics/steady-state.ts'
import { isTrending, trendOf } from '../../measure/statistics/trend.ts'
import type { Interval } from '../../result/result.ts'
import { isSecond } from '../../result/seconds.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Reason } from '../../result/result.ts'

/** A mean that differs by less before and after a cut is no other state (as for a trend, R3.1). */
const OTHER_STATE_SHARE = 0.02

/**
 * The figures are those of a steady state (R3.1): throughput and median latency settle within the warm-up, and go
 * nowhere after it. Judged on one-second points, of which it needs 50 after the warm-up: a shorter cell is not judged.
 */
export function steadyState({ intervals, hasConsumers }: CellEvidence): readonly Finding[] {
  const rateOf = (interval: Interval): number =>
    (hasConsumers ? interval.delivered : interval.confirmed) / interval.seconds
  const points = intervals.filter((interval) => interval.phase !== 'drain' && isSecond(interval))
  const measured = points.filter((interval) => interval.phase === 'measure')
  if (measured.length < STEADY_STATE_MIN_POINTS) return []
  const reasons = [
    ...settledLate([points.map(rateOf), medians(points)], points.length - measured.length),
    ...trend('the rate', measured.map(rateOf)),
    ...trend('the median latency', medians(measured)),
  ]
  return [{ check: 'steady-state', kind: 'not-steady', reasons }]
}

/** @param courses rate and median latency by the second, warm-up included. */
function settledLate(courses: readonly (readonly number[])[], warmupPoints: number): Reason[] {
  const state = laterSteadyState(courses)
  if (!state.judged) return []
  const { cutPoints, inSecondHalf } = state
  if (inSecondHalf) {
    const text = `no steady state: rate or latency still changed after ${cutPoints} s; measure longer`
    return [{ code: 'not-steady', text, figure: cutPoints, limit: cutPoints }]
  }
  const isOther = courses.some((series) => differs(series, warmupPoints, cutPoints))
  if (cutPoints <= warmupPoints || !isOther) return []
  const text = `steady only after ${cutPoints} s, and the warm-up was ${warmupPoints} s: set phases.warmupSeconds to ${cutPoints} or more`
  return [{ code: 'warm-up-too-short', text, figure: cutPoints, limit: warmupPoints }]
}

/** Whether the part between warm-up and cut is another state than the rest, beyond what chance cuts off. */
function differs(series: readonly number[], from: number, to: number): boolean {
  if (to <= from) return false
  const before = meanOf(series.slice(from, to))
  const rest = meanOf(series.slice(to))
  return Math.abs(before - rest) > OTHER_STATE_SHARE * Math.abs(rest)
}

function trend(what: string, series: readonly number[]): Reason[] {
  if (isTrending(series) !== true) return []
  const perMinute = (trendOf(series)?.slopePerSecond ?? 0) * 60
  const share = (perMinute / meanOf(series)) * 100
  const text = `${what} ${share > 0 ? 'rose' : 'fell'} by ${Math.abs(share).toFixed(1)} % a minute while it was measured: not a steady state`
  return [{ code: 'not-steady', text, figure: share, limit: null }]
}

/** A second in which nothing arrived has the median of the one before. */
function medians(points: readonly Interval[]): number[] {
  const values: number[] = []
  for (const { p50Us } of points) values.push(p50Us ?? values.at(-1) ?? 0)
  return values
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
