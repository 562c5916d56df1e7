/**
 * HdrHistogram's bucket layout for 1 us to one hour at three significant digits: where a value is counted, and which
 * values a bucket stands for. Every histogram of brokermark has this layout, so that merging is adding counts and any
 * HdrHistogram tool can read them (hdrhistogram.org; method.md R8.3).
 *
 * Bucket 0 counts 0..2047 one by one; each further bucket covers twice the range in 1,024 steps of twice the width.
 */

/** Values per bucket pair: 2 x 10^3 rounded up to a power of two. */
const SUB_BUCKET_COUNT = 2048
const SUB_BUCKET_HALF_COUNT = 1024
const SUB_BUCKET_HALF_MAGNITUDE = 10
const SUB_BUCKET_MASK = SUB_BUCKET_COUNT - 1
/** Leading zeros of a 32-bit value that lies in bucket 0. */
const BUCKET_ZERO_LEADING_ZEROS = 21

/** Highest recordable latency: one hour in microseconds. */
export const HIGHEST_VALUE_US = 3_600_000_000
export const SIGNIFICANT_DIGITS = 3
/** Length of a counts array. */
export const COUNTS_LENGTH = 23_552

/** Index of the count of `valueUs`, a whole number from 0 to `HIGHEST_VALUE_US`. */
export function indexOfValue(valueUs: number): number {
  const bucket = BUCKET_ZERO_LEADING_ZEROS - Math.clz32(valueUs | SUB_BUCKET_MASK)
  return ((bucket + 1) << SUB_BUCKET_HALF_MAGNITUDE) + (valueUs >>> bucket) - SUB_BUCKET_HALF_COUNT
}

/** Lowest value that is counted at `index`, microseconds. */
export function lowestValueAt(index: number): number {
  const { bucket, subBucket } = locate(index)
  return subBucket * 2 ** bucket
}

/** Highest value that cannot be told from `lowestValueAt(index)`: what HdrHistogram reports for a percentile. */
export function highestValueAt(index: number): number {
  const { bucket, subBucket } = locate(index)
  return (subBucket + 1) * 2 ** bucket - 1
}

/** The middle of the values counted at `index`, which HdrHistogram uses for the mean. */
export function middleValueAt(index: number): number {
  const { bucket, subBucket } = locate(index)
  return subBucket * 2 ** bucket + Math.floor(2 ** bucket / 2)
}

function locate(index: number): { readonly bucket: number; readonly subBucket: number } {
  const bucket = (index >> SUB_BUCKET_HALF_MAGNITUDE) - 1
  const subBucket = (index & (SUB_BUCKET_HALF_COUNT - 1)) + SUB_BUCKET_HALF_COUNT
  return bucket < 0 ? { bucket: 0, subBucket: subBucket - SUB_BUCKET_HALF_COUNT } : { bucket, subBucket }
}
