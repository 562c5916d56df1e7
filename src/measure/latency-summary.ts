import { highestValueAt, middleValueAt } from './bucket-layout.ts'
import type { LatencyCounts } from './latency-recorder.ts'

/**
 * Samples below which a percentile has no distribution-free 95 % interval, so it is not printed: 368 for p99, 3,688
 * for p99.9, 36,887 for p99.99 (method.md R3.2; from 1 - q^n >= 0.95 on both sides).
 */
export const SAMPLES_NEEDED = { p99: 368, p999: 3_688, p9999: 36_887 } as const

/** The shape of `Latency` in a result; see result.ts for each field. */
export interface LatencySummary {
  readonly count: number
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly p9999: number | null
  readonly max: number | null
  readonly negative: number
  readonly overflow: number
  readonly effectiveCount: number | null
}

/**
 * Percentiles of one merged histogram; null where there are too few samples.
 * @param effectiveCount how many independent samples it is worth; null where that is not known, and then each one counts.
 */
export function summarizeLatency(latency: LatencyCounts, effectiveCount: number | null = null): LatencySummary {
  const count = totalCount(latency.counts)
  const worth = Math.min(count, effectiveCount ?? count)
  const at = (quantile: number, needed: number) =>
    (needed === 1 ? count : worth) < needed ? null : valueAtQuantile(latency.counts, count, quantile)
  return {
    count,
    mean: count === 0 ? null : meanOf(latency.counts, count),
    p50: at(0.5, 1),
    p90: at(0.9, 1),
    p99: at(0.99, SAMPLES_NEEDED.p99),
    p999: at(0.999, SAMPLES_NEEDED.p999),
    p9999: at(0.9999, SAMPLES_NEEDED.p9999),
    max: at(1, 1),
    negative: latency.negative,
    overflow: latency.overflow,
    effectiveCount,
  }
}

/** Values recorded, those below zero left out. */
export function totalCount(counts: Float64Array): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/**
 * The value, in microseconds, at or below which the share `quantile` (0..1] of `count` values lies; HdrHistogram's
 * definition: the highest value equivalent to the bucket that holds the rank ceil(quantile * count), less the last bit of
 * the product, which floating point may have added.
 */
export function valueAtQuantile(counts: Float64Array, count: number, quantile: number): number | null {
  if (count === 0) return null
  const rank = Math.max(1, Math.min(count, Math.ceil(quantile * count * (1 - Number.EPSILON))))
  let seen = 0
  for (let index = 0; index < counts.length; index++) {
    seen += counts[index] ?? 0
    if (seen >= rank) return highestValueAt(index)
  }
  return null
}

/** Of the single values, in microseconds squared, each taken for the middle of its bucket; 0 without a value. */
export function varianceOf(counts: Float64Array): number {
  const count = totalCount(counts)
  if (count === 0) return 0
  const mean = meanOf(counts, count)
  let squares = 0
  counts.forEach((here, index) => {
    if (here > 0) squares += here * (middleValueAt(index) - mean) ** 2
  })
  return squares / count
}

function meanOf(counts: Float64Array, count: number): number {
  let sum = 0
  counts.forEach((here, index) => {
    if (here > 0) sum += here * middleValueAt(index)
  })
  return sum / count
}
