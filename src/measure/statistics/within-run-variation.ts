/** How much the mean of one run would vary, judged by its own seconds: the last resort where nothing was repeated. */

/** Seconds without which their correlation says nothing. */
const MIN_SECONDS = 8
/** Above this, the seconds hardly vary by chance any more and the estimate goes to infinity. */
const MAX_CORRELATION = 0.9

/** Variation of the mean of a run. */
export interface WithinRunVariation {
  /** Standard error of the mean over the mean, a share. */
  readonly cv: number
  /** Independent seconds that it rests on: seconds over their autocorrelation time. */
  readonly effectiveSeconds: number
}

/**
 * The standard error of the mean of a first-order autoregressive series, s sqrt(tau / n) with tau = (1 + r) / (1 - r)
 * (Law and Kelton, "Simulation Modeling and Analysis", section 4.4; r is corrected for its bias of about -1/n and held
 * at 0 from below). Optimistic all the same: what differs between runs (placement of threads and memory, the state of the
 * broker) does not show within one (method.md section 3).
 * @param seconds one value per second of the measured window.
 * @returns null below 8 seconds, or where they do not vary or their mean is not above 0.
 */
export function withinRunVariation(seconds: readonly number[]): WithinRunVariation | null {
  const n = seconds.length
  const mean = seconds.reduce((sum, value) => sum + value, 0) / n
  if (n < MIN_SECONDS || !(mean > 0)) return null
  const deviations = seconds.map((value) => value - mean)
  const squares = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0)
  if (!(squares > 0)) return null
  const products = deviations.reduce((sum, deviation, at) => sum + deviation * (deviations[at - 1] ?? 0), 0)
  const raw = products / squares
  const correlation = Math.min(MAX_CORRELATION, Math.max(0, raw + (1 + 3 * raw) / n))
  const autocorrelationTime = (1 + correlation) / (1 - correlation)
  const cv = Math.sqrt(squares / (n - 1) / n) / mean
  return { cv: cv * Math.sqrt(autocorrelationTime), effectiveSeconds: n / autocorrelationTime }
}
