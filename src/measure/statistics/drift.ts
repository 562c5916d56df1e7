import { studentQuantile } from './student-distribution.ts'
import { minimumDetectableEffect } from './variation.ts'

/** z of two-sided alpha 0.05, and of 80 % power. */
const Z_ALPHA = 1.96
const Z_POWER = 0.84

/** The sentinel cell: what it measured at three places of the matrix, one value per repetition at each. */
export interface SentinelMeasurements {
  readonly start: readonly number[]
  readonly middle: readonly number[]
  readonly end: readonly number[]
}

/** Whether the machine stayed the same while the matrix ran. */
export interface Drift {
  /** The largest difference between the means of two places, over the mean of the three: a share. */
  readonly moved: number
  /** What the sentinel can tell from chance, a share. */
  readonly minimumDetectableEffect: number
  /** It moved more than that: the whole matrix is marked `drifted`. */
  readonly drifted: boolean
}

/**
 * R3.7: the sentinel against its own minimum detectable effect, 2.8 CV sqrt(2 / n), n being the repetitions at the place
 * that has the fewest. The threshold lies 2.8 standard errors of a difference from zero: of three places that are equal,
 * some two differ by as much by chance in about 1.5 % of matrices. A 5 % step is seen in 95 % where
 * CV sqrt(2 / n) <= 1.1 %: CV 1.7 % with five repetitions, 0.8 % with one. A CV that is itself an estimate of few values
 * is often too small: both parts of the 2.8 are then Student's, which keeps equal places from being flagged.
 * @param cv of the sentinel over runs (from history or a pilot), a share above 0.
 * @param degreesOfFreedom of that CV; Infinity where it is known.
 * @returns null where a place has no value or the CV is not known: not judged.
 */
export function judgeDrift(
  sentinel: SentinelMeasurements,
  cv: number | null,
  degreesOfFreedom = Infinity,
): Drift | null {
  const places = [sentinel.start, sentinel.middle, sentinel.end]
  const fewest = Math.min(...places.map((values) => values.length))
  if (fewest === 0 || cv === null || !(cv > 0)) return null
  const means = places.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
  const overall = means.reduce((sum, mean) => sum + mean, 0) / means.length
  if (!(overall > 0)) return null
  const moved = (Math.max(...means) - Math.min(...means)) / overall
  const widened = studentQuantile(Z_ALPHA, degreesOfFreedom) + studentQuantile(Z_POWER, degreesOfFreedom)
  const detectable = minimumDetectableEffect(cv, fewest) * (widened / (Z_ALPHA + Z_POWER))
  return { moved, minimumDetectableEffect: detectable, drifted: moved > detectable }
}
