/**
 * How many independent samples a run is worth. Messages queue behind each other, so neighbours are alike and n of them
 * say less than n: effective n = n / tau, tau the integrated autocorrelation time, estimated from batch means (Law and
 * Kelton, "Simulation Modeling and Analysis", section 9.5.3): with b batches of m_i messages and means Y_i,
 *
 *   tau = (sum of m_i (Y_i - mean)^2 / (b - 1)) / variance of the single messages
 *
 * which is 1 for independent ones. A batch is one second at first and doubles while neighbouring batches are still alike.
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

/** Batches without which the variance of their means says nothing. */
const MIN_BATCHES = 10
/** Batches that must be left over by doubling. */
const MIN_DOUBLED_BATCHES = 20

/**
 * @param seconds of the window, in order; those without messages are left out.
 * @param variance of the single messages over the window, in the unit of the means squared.
 */
export function effectiveSamples(seconds: readonly SecondMean[], variance: number): EffectiveSamples {
  const recorded = seconds.reduce((sum, { count }) => sum + count, 0)
  let batches = seconds.filter(({ count }) => count > 0)
  if (batches.length < MIN_BATCHES || !(variance > 0)) {
    return { recorded, autocorrelationTime: null, effective: recorded }
  }
  while (batches.length >= 2 * MIN_DOUBLED_BATCHES && areNeighboursAlike(batches)) batches = inPairs(batches)
  const ratio = betweenBatches(batches) / variance
  // Up to two standard errors of the estimate above 1, the samples may as well be independent.
  const chance = 1 + 2 * Math.sqrt(2 / (batches.length - 1))
  const autocorrelationTime = ratio <= chance ? 1 : ratio
  return { recorded, autocorrelationTime, effective: Math.floor(recorded / autocorrelationTime) }
}

/** Percentiles that need a floor of samples. */
export type TailPercentile = keyof typeof SAMPLES_NEEDED

/** Whether `effective` independent samples carry the percentile (method.md R3.2: 368 / 3,688 / 36,887). */
export function carriesPercentile(percentile: TailPercentile, effective: number): boolean {
  return effective >= SAMPLES_NEEDED[percentile]
}

/** What stands in place of a percentile that is not carried: "n/a (needs 36,887 independent, has <= 10,000)". */
export function tooFewSamplesText(percentile: TailPercentile, effective: number): string {
  const needed = SAMPLES_NEEDED[percentile].toLocaleString('en-US')
  return `n/a (needs ${needed} independent, has <= ${effective.toLocaleString('en-US')})`
}

function grandMean(batches: readonly SecondMean[]): number {
  let sum = 0
  let count = 0
  for (const batch of batches) {
    sum += batch.count * batch.mean
    count += batch.count
  }
  return sum / count
}

/** The mean square between batches: sum of m_i (Y_i - mean)^2 / (b - 1). */
function betweenBatches(batches: readonly SecondMean[]): number {
  const mean = grandMean(batches)
  const squares = batches.reduce((sum, batch) => sum + batch.count * (batch.mean - mean) ** 2, 0)
  return squares / (batches.length - 1)
}

/** Whether the autocorrelation at lag 1 is above chance: 1.645 / sqrt b, one-sided 5 %. */
function areNeighboursAlike(batches: readonly SecondMean[]): boolean {
  const mean = grandMean(batches)
  let products = 0
  let squares = 0
  for (const [index, batch] of batches.entries()) {
    const before = batches[index - 1]
    squares += (batch.mean - mean) ** 2
    if (before !== undefined) products += (before.mean - mean) * (batch.mean - mean)
  }
  return products > (1.645 / Math.sqrt(batches.length)) * squares
}

function inPairs(batches: readonly SecondMean[]): SecondMean[] {
  const pairs: SecondMean[] = []
  for (let index = 0; index + 1 < batches.length; index += 2) {
    const pair = batches.slice(index, index + 2)
    pairs.push({ count: pair.reduce((sum, { count }) => sum + count, 0), mean: grandMean(pair) })
  }
  return pairs
}
