/** Latencies and their counts, made without the histogram library: the other side of every comparison. */
import { COUNTS_LENGTH } from '../../src/measure/bucket-layout.ts'

/** Index of the bucket of a value in microseconds, written down from the definition of HdrHistogram's layout. */
export function bucketOf(valueUs: number): number {
  if (valueUs < 2_048) return valueUs
  const bucket = Math.floor(valueUs).toString(2).length - 11
  return (bucket + 1) * 1_024 + (Math.floor(valueUs / 2 ** bucket) - 1_024)
}

/** Counts by bucket. */
export function countsOf(valuesUs: Iterable<number>): Uint32Array {
  const counts = new Uint32Array(COUNTS_LENGTH)
  for (const value of valuesUs) {
    const bucket = bucketOf(value)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  return counts
}

/** `count` latencies from 20 us to minutes with a long tail, always the same. */
export function latencies(count: number, seed = 1): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const tail = 1 / (1 - state / 2 ** 32) // Pareto
    return Math.floor(20 + 100 * tail ** 1.2)
  }).map((value) => Math.min(value, 3_600_000_000))
}
