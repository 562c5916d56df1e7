/** An interval that covers the true value with at least the confidence asked for. */
export interface Interval {
  readonly low: number
  readonly high: number
  /** What it really covers, a share: at least what was asked for where it is exact. */
  readonly confidence: number
}

/**
 * Distribution-free interval of the median over runs, from order statistics (David and Nagaraja, "Order Statistics",
 * section 7.1): [x_(l), x_(n+1-l)] with the largest l for which 1 - 2 P(Bin(n, 1/2) <= l - 1) is at least the confidence.
 * @param values one per run, in any order.
 * @param confidence a share, 0.95 by default.
 * @returns null where n is too small for any: below 6 runs at 95 %.
 */
export function intervalOfMedian(values: readonly number[], confidence = 0.95): Interval | null {
  const sorted = values.toSorted((a, b) => a - b)
  const n = sorted.length
  let rank = 0
  let covered = 0
  // P(Bin(n, 1/2) = k), and its sum up to k.
  let probability = 0.5 ** n
  let below = 0
  for (let k = 0; k < n / 2; k++) {
    below += probability
    if (1 - 2 * below < confidence) break
    rank = k + 1
    covered = 1 - 2 * below
    probability *= (n - k) / (k + 1)
  }
  const low = sorted[rank - 1]
  const high = sorted[n - rank]
  return low === undefined || high === undefined ? null : { low, high, confidence: covered }
}
