/**
 * How much figures differ that should be equal, and which difference can therefore be seen (method.md section 3, R3.5
 * and R3.6).
 */

/** CV over runs above which a result is marked `noisy`. */
export const NOISY_CV = 0.05
/** z of two-sided alpha 0.05 plus z of 80 % power: 1.96 + 0.84. */
const Z_ALPHA_AND_POWER = 2.8

/** Standard deviation (n - 1) over the mean, a share; null below two values or where the mean is not above 0. */
export function coefficientOfVariation(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length < 2 || !(mean > 0)) return null
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1)) / mean
}

/** Variation of a throughput, R3.6. */
export interface Variation {
  /** Over the seconds of all runs, each second against the mean of its own run; null below two seconds. */
  readonly overSeconds: number | null
  /** Over the means of the runs; null below two runs. */
  readonly overRuns: number | null
  /** CV over runs above 5 %; false where there is a single run. */
  readonly noisy: boolean
}

/** @param runs per run the value of each second. */
export function variationOf(runs: readonly (readonly number[])[]): Variation {
  const measured = runs.filter((seconds) => seconds.length > 0)
  const means = measured.map((seconds) => seconds.reduce((sum, value) => sum + value, 0) / seconds.length)
  const overRuns = coefficientOfVariation(means)
  const pooled = pooledVariation(measured)
  return { overSeconds: pooled, overRuns, noisy: overRuns !== null && overRuns > NOISY_CV }
}

/** Root of the mean squared CV, weighted by degrees of freedom, so that a difference of runs is not counted twice. */
function pooledVariation(runs: readonly (readonly number[])[]): number | null {
  let squares = 0
  let freedom = 0
  for (const seconds of runs) {
    const cv = coefficientOfVariation(seconds)
    if (cv === null) continue
    squares += cv ** 2 * (seconds.length - 1)
    freedom += seconds.length - 1
  }
  return freedom > 0 ? Math.sqrt(squares / freedom) : null
}

/**
 * Minimum detectable effect at 80 % power and alpha 0.05, as a share: 2.8 CV sqrt(2 / n).
 * @param cv over runs, a share.
 * @param runs per side.
 */
export function minimumDetectableEffect(cv: number, runs: number): number {
  return Z_ALPHA_AND_POWER * cv * Math.sqrt(2 / runs)
}

/** Runs per side that an effect of that share needs: 2 (2.8 CV / effect)^2, rounded up, at least 2 (R3.5). */
export function runsNeeded(cv: number, effect: number): number {
  return Math.max(2, Math.ceil(2 * ((Z_ALPHA_AND_POWER * cv) / effect) ** 2))
}
