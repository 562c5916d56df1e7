/** An interval of order statistics, and how often such intervals hold the true median. */
export interface Interval {
  readonly low: number
  readonly high: number
  /** A share, exact: of many campaigns of independent runs, so many of their intervals hold it. */
  readonly confidence: number
}

/** Which of n sorted values are the ends: `rank` counted from below and from above, 1 for lowest and highest. */
export interface IntervalRank {
  readonly rank: number
  /** A share, exact for independent values of any one continuous distribution, and never less for one with ties. */
  readonly confidence: number
}

/**
 * Distribution-free interval of the median over runs, from order statistics (David and Nagaraja, "Order Statistics",
 * section 7.1): [x_(l), x_(n+1-l)] holds the median with probability 1 - 2 P(Bin(n, 1/2) <= l - 1). The largest l whose
 * probability is at least the confidence; where n is too small for any, lowest to highest, which holds it with 1 - 2^(1-n):
 * at 95 % that is so below 6 runs, and 5, 4, 3 and 2 runs give 93.75, 87.5, 75 and 50 %.
 * @param values one per run, in any order.
 * @param confidence a share, 0.95 by default; what it really is stands in the result.
 * @returns null below 2 runs.
 */
export function intervalOfMedian(values: readonly number[], confidence = 0.95): Interval | null {
  const sorted = values.toSorted((a, b) => a - b)
  const found = rankOfMedianInterval(sorted.length, confidence)
  if (found === null) return null
  const low = sorted[found.rank - 1]
  const high = sorted[sorted.length - found.rank]
  return low === undefined || high === undefined ? null : { low, high, confidence: found.confidence }
}

/** Ends of {@link intervalOfMedian} for n runs, and its exact coverage; null below 2. */
export function rankOfMedianInterval(n: number, confidence = 0.95): IntervalRank | null {
  if (n < 2) return null
  // P(Bin(n, 1/2) = k), and its sum up to k.
  let probability = 0.5 ** n
  let below = probability
  let found: IntervalRank = { rank: 1, confidence: 1 - 2 * below }
  for (let k = 1; k < n / 2; k++) {
    probability *= (n - k + 1) / k
    below += probability
    if (1 - 2 * below < confidence) break
    found = { rank: k + 1, confidence: 1 - 2 * below }
  }
  return found
}
