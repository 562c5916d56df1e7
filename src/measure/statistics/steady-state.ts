/**
 * Where the warm-up ends: MSER-5 (White, "An effective truncation heuristic for bias reduction in simulation output",
 * 1997; the batches of five: White, Cobb and Spratt, 2000). The points are averaged in batches of 5; of the k batches
 * the first d are cut for which
 *
 *   MSER(d) = sum over i > d of (Y_i - mean of the remainder)^2 / (k - d)^2
 *
 * is least: the squared standard error of the mean of what is left. Only the first half is searched, because a handful of
 * batches at the end is alike by chance; an optimum at that bound is no evidence of a steady state (method.md R3.1).
 */

const BATCH_POINTS = 5
/**
 * Points (seconds) below which nothing is judged: ten batches. With fewer, the optimum reaches the bound by chance too
 * often, and a cell of 10 s would be called not steady for being short.
 */
export const STEADY_STATE_MIN_POINTS = 50

/** What MSER-5 says of a run. */
export type SteadyState =
  | { readonly judged: false; readonly points: number; readonly needed: number }
  | {
      readonly judged: true
      /** Points to cut at the start, a multiple of 5, at most half of them. */
      readonly cutPoints: number
      /** The optimum reached the second half: no evidence that the run ever became steady. */
      readonly inSecondHalf: boolean
    }

/** @param series one value per second, the warm-up included; a rest of under 5 points at the end is left out. */
export function steadyStateOf(series: readonly number[]): SteadyState {
  if (series.length < STEADY_STATE_MIN_POINTS) {
    return { judged: false, points: series.length, needed: STEADY_STATE_MIN_POINTS }
  }
  const batches = batchMeans(series)
  const bound = Math.floor(batches.length / 2)
  const cut = leastError(batches, bound)
  return { judged: true, cutPoints: cut * BATCH_POINTS, inSecondHalf: cut === bound }
}

/**
 * The later cut of several series of one run (throughput and response p50); in the second half where any of them is; not
 * judged where any of them, or none at all, can be.
 */
export function laterSteadyState(series: readonly (readonly number[])[]): SteadyState {
  let later: SteadyState = { judged: false, points: 0, needed: STEADY_STATE_MIN_POINTS }
  for (const [index, one] of series.entries()) {
    const state = steadyStateOf(one)
    if (!state.judged) return state
    if (index === 0 || !later.judged) later = state
    else {
      later = {
        judged: true,
        cutPoints: Math.max(later.cutPoints, state.cutPoints),
        inSecondHalf: later.inSecondHalf || state.inSecondHalf,
      }
    }
  }
  return later
}

function batchMeans(series: readonly number[]): number[] {
  const means: number[] = []
  for (let start = 0; start + BATCH_POINTS <= series.length; start += BATCH_POINTS) {
    const batch = series.slice(start, start + BATCH_POINTS)
    means.push(batch.reduce((sum, value) => sum + value, 0) / BATCH_POINTS)
  }
  return means
}

/** The d in 0..bound of the least MSER(d), the smallest of equals. Runs from the end, growing mean and squares (Welford). */
function leastError(batches: readonly number[], bound: number): number {
  let mean = 0
  let squares = 0
  let kept = 0
  let best = bound
  let bestError = Infinity
  for (let cut = batches.length - 1; cut >= 0; cut--) {
    const value = batches[cut] ?? 0
    const before = value - mean
    kept++
    mean += before / kept
    squares += before * (value - mean)
    const error = squares / kept ** 2
    if (cut <= bound && error <= bestError) {
      best = cut
      bestError = error
    }
  }
  return best
}
