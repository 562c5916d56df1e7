/**
 * How many independent samples a run is worth. Messages queue behind each other, so neighbours are alike and n of them
 * say less than n: effective n = n / tau, tau the integrated autocorrelation time. With b seconds (batches) of m_i
 * messages and means Y_i, z_i = m_i (Y_i - mean) and m the mean of the m_i,
 *
 *   tau = (variance that the z_i have at frequency zero) / (m x variance of the single messages)
 *
 * which is 1 for independent messages. As long as neighbouring seconds are not alike, that variance is the same at every
 * frequency, and is estimated best by that of the z_i themselves (batch means: Law and Kelton, "Simulation Modeling and
 * Analysis", section 9.5.3). Where the slow changes among the z_i are larger or smaller than the rest by more than
 * chance, only they count: the mean of the lowest ordinates of the periodogram (Heidelberger and Welch, "A spectral method
 * for confidence interval generation and run length control in simulations", CACM 1981). Larger: queues that last for
 * seconds. Smaller: something periodic, a pause every five seconds, whose seconds differ much, but whose minutes do not.
 */
import { SAMPLES_NEEDED } from '../latency-summary.ts'

/** One second of a run. */
export interface SecondMean {
  /** Messages. */
  readonly count: number
  /** Their mean, in any unit. */
  readonly mean: number
}

/** What a run is worth. */
export interface EffectiveSamples {
  /** Messages recorded. */
  readonly recorded: number
  /** Autocorrelation time in messages, at least 1; null where there are too few seconds to estimate it. */
  readonly autocorrelationTime: number | null
  /** recorded / autocorrelation time, rounded down; an upper bound: all that was recorded where that is not known. */
  readonly effective: number
}

/** Seconds with messages below which the variance of their means says nothing. */
export const SECONDS_TO_ESTIMATE = 10
/** Ordinates of the periodogram that count as low: the square root of the seconds, and from 4 to 32. */
const LOWEST_MIN = 4
const LOWEST_MAX = 32

/**
 * @param seconds of the window, in order, those without messages too.
 * @param variance of the single messages over the window, in the unit of the means squared.
 */
export function effectiveSamples(seconds: readonly SecondMean[], variance: number): EffectiveSamples {
  const recorded = seconds.reduce((sum, { count }) => sum + count, 0)
  const used = seconds.filter(({ count }) => count > 0).length
  if (used < SECONDS_TO_ESTIMATE || !(variance > 0)) {
    return { recorded, autocorrelationTime: null, effective: recorded }
  }
  const { ratio, error } = ratioAtZero(deviations(seconds), (recorded / seconds.length) * variance)
  // Up to two standard errors of the estimate above 1, the samples may as well be independent.
  const autocorrelationTime = ratio <= 1 + 2 * error ? 1 : ratio
  return { recorded, autocorrelationTime, effective: Math.floor(recorded / autocorrelationTime) }
}

/** Percentiles that need a floor of samples. */
export type TailPercentile = keyof typeof SAMPLES_NEEDED

/** Whether `effective` independent samples carry the percentile (method.md R3.2: 368 / 3,688 / 36,887). */
export function carriesPercentile(percentile: TailPercentile, effective: number): boolean {
  return effective >= SAMPLES_NEEDED[percentile]
}

/** What stands in place of a percentile that is not carried: "n/a (needs 36,887 independent, has <= 10,000)". */
export function tooFewSamplesText(percentile: TailPercentile, effective: number, most = effective): string {
  const needed = SAMPLES_NEEDED[percentile].toLocaleString('en-US')
  const upTo = most === effective ? '' : ` to ${most.toLocaleString('en-US')}`
  return `n/a (needs ${needed} independent, has <= ${effective.toLocaleString('en-US')}${upTo})`
}

/** m_i (Y_i - mean) of every second. Their sum is 0. */
function deviations(seconds: readonly SecondMean[]): Float64Array {
  let sum = 0
  let messages = 0
  for (const { count, mean } of seconds) {
    sum += count * mean
    messages += count
  }
  return Float64Array.from(seconds, ({ count, mean }) => count * (mean - sum / messages))
}

/** @returns the variance of `z` at frequency zero over that of independent messages, and its standard error where it is 1. */
function ratioAtZero(z: Float64Array, ofIndependent: number): { readonly ratio: number; readonly error: number } {
  const whole = z.reduce((sum, value) => sum + value * value, 0) / (z.length - 1)
  const lowest = Math.min(LOWEST_MAX, Math.max(LOWEST_MIN, Math.floor(Math.sqrt(z.length))))
  const slow = meanOfLowest(z, lowest)
  const lowError = 1 / Math.sqrt(lowest)
  // 1.645 standard errors to either side: one in ten of flat spectra is taken for one that is not, which does no harm.
  const isFlat = Math.abs(slow / whole - 1) <= 1.645 * lowError
  return isFlat
    ? { ratio: whole / ofIndependent, error: Math.sqrt(2 / (z.length - 1)) }
    : { ratio: slow / ofIndependent, error: lowError }
}

/** The mean of the `lowest` first ordinates of the periodogram, frequency zero left out; each is about the variance there. */
function meanOfLowest(z: Float64Array, lowest: number): number {
  let sum = 0
  for (let ordinate = 1; ordinate <= lowest; ordinate++) {
    let real = 0
    let imaginary = 0
    z.forEach((value, place) => {
      const angle = (2 * Math.PI * ordinate * place) / z.length
      real += value * Math.cos(angle)
      imaginary += value * Math.sin(angle)
    })
    sum += (real * real + imaginary * imaginary) / z.length
  }
  return sum / lowest
}
