/**
 * Whether a series goes anywhere: the Mann-Kendall test (Mann 1945, Kendall 1975; variance with ties as in Hipel and
 * McLeod 1994, section 23.3) says whether, the Theil-Sen estimator (Sen 1968) says how fast. Neither assumes a
 * distribution, and single outliers (a GC pause) move neither. Seconds that depend on each other make p too small;
 * the size that each rule asks for besides p keeps that from mattering.
 */
import { medianOf } from './median.ts'
import { twoSidedP } from './normal-distribution.ts'

/** Below this p a trend is real (method.md R3.1, R1.8). */
const TREND_P = 0.01
/** Relative movement over the window below which a real trend does not matter. */
const TREND_SHARE = 0.02
/** Share of the rate that a backlog may gain per second. */
const BACKLOG_SHARE = 0.01
/** Points below which the normal approximation of Mann-Kendall does not hold: nothing is judged. */
export const TREND_MIN_POINTS = 10
/** Longer series are averaged to at most this many blocks of equal length: every pair is compared. */
const MAX_BLOCKS = 600

/** The outcome of the Mann-Kendall test. */
export interface MannKendall {
  /** Pairs that rise less pairs that fall. */
  readonly s: number
  /** Variance of `s` without a trend, ties corrected. */
  readonly variance: number
  /** Two-sided; 1 where all values are equal. */
  readonly p: number
}

/**
 * S = sum of sign(x_j - x_i) over i < j; Var = (n(n-1)(2n+5) - sum over ties of t(t-1)(2t+5)) / 18;
 * z = (S -/+ 1) / sqrt(Var), normal from about 10 points on.
 */
export function mannKendall(series: readonly number[]): MannKendall {
  let s = 0
  for (let i = 0; i < series.length; i++) {
    const earlier = series[i] ?? 0
    for (let j = i + 1; j < series.length; j++) s += Math.sign((series[j] ?? 0) - earlier)
  }
  const counts = new Map<number, number>()
  for (const value of series) counts.set(value, (counts.get(value) ?? 0) + 1)
  const term = (n: number) => n * (n - 1) * (2 * n + 5)
  let variance = term(series.length)
  for (const tied of counts.values()) variance -= term(tied)
  variance /= 18
  const z = variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0
  return { s, variance, p: z === 0 ? 1 : twoSidedP(z) }
}

/** Theil-Sen: the median of the slopes of all pairs, per point; null below two points. */
export function theilSenSlope(series: readonly number[]): number | null {
  const slopes = new Float64Array((series.length * (series.length - 1)) / 2)
  let pair = 0
  for (let i = 0; i < series.length; i++) {
    const earlier = series[i] ?? 0
    for (let j = i + 1; j < series.length; j++) slopes[pair++] = ((series[j] ?? 0) - earlier) / (j - i)
  }
  return medianOf(slopes)
}

/** A trend of a series of one-second points. */
export interface Trend {
  /** Two-sided p of Mann-Kendall. */
  readonly p: number
  /** Theil-Sen, units of the series per second. */
  readonly slopePerSecond: number
}

/** Test and slope together; null below `TREND_MIN_POINTS`: not judged. */
export function trendOf(series: readonly number[]): Trend | null {
  if (series.length < TREND_MIN_POINTS) return null
  const secondsPerBlock = Math.ceil(series.length / MAX_BLOCKS)
  const blocks = blockMeans(series, secondsPerBlock)
  const slope = theilSenSlope(blocks) ?? 0
  return { p: mannKendall(blocks).p, slopePerSecond: slope / secondsPerBlock }
}

/**
 * R3.1: p < 0.01 and |slope| x window >= 2 % of the median.
 * @param series one value per second, warm-up cut off.
 * @returns null where there are too few points to judge.
 */
export function isTrending(series: readonly number[]): boolean | null {
  if (series.length < TREND_MIN_POINTS) return null
  const secondsPerBlock = Math.ceil(series.length / MAX_BLOCKS)
  const blocks = blockMeans(series, secondsPerBlock)
  if (mannKendall(blocks).p >= TREND_P) return false
  const moved = (Math.abs(theilSenSlope(blocks) ?? 0) / secondsPerBlock) * series.length
  return moved >= TREND_SHARE * Math.abs(medianOf(series) ?? 0)
}

/** What becomes of the backlog, R1.8. */
export type BacklogVerdict =
  | { readonly judged: false; readonly points: number; readonly needed: number }
  | {
      readonly judged: true
      /** The rate offered is above capacity: the verdict is `unsustainable`. */
      readonly growing: boolean
      /** Messages per second that the backlog gains; negative where it shrinks. */
      readonly growthPerSecond: number
      readonly p: number
    }

/**
 * R1.8: the backlog grows where Mann-Kendall p < 0.01 and it gains more than 1 % of the offered rate each second.
 * @param backlog messages sent and not yet received, at the end of each second of the window.
 * @param ratePerSecond offered, messages per second.
 */
export function backlogVerdict(backlog: readonly number[], ratePerSecond: number): BacklogVerdict {
  const trend = trendOf(backlog)
  if (trend === null) return { judged: false, points: backlog.length, needed: TREND_MIN_POINTS }
  const growing = trend.p < TREND_P && trend.slopePerSecond > BACKLOG_SHARE * ratePerSecond
  return { judged: true, growing, growthPerSecond: trend.slopePerSecond, p: trend.p }
}

/** Means of blocks of equal length; a shorter rest at the end is left out. */
function blockMeans(series: readonly number[], length: number): readonly number[] {
  if (length === 1) return series
  const means: number[] = []
  for (let start = 0; start + length <= series.length; start += length) {
    let sum = 0
    for (let index = start; index < start + length; index++) sum += series[index] ?? 0
    means.push(sum / length)
  }
  return means
}
