/**
 * Interval of a mean over repeated runs: the hierarchical bootstrap of `quantile-bootstrap.ts` for a figure that each
 * second has by itself (a rate, a CPU share). Runs are drawn with replacement, then seconds within each drawn run; the
 * interval is the middle 95 % of the means of 2,000 such draws (method.md R3.3).
 */
import { SeededRandom } from '../../workload/seeded-random.ts'
import type { Interval } from './interval-of-median.ts'
import { secondsPerBlock, type BootstrapOptions } from './quantile-bootstrap.ts'

/**
 * @param runs per run the value of each second; a run known only as a whole is one value.
 * @returns in the unit of the values; null below two runs, or where a run has no value.
 */
export function bootstrapMean(
  runs: readonly (readonly number[])[],
  options: Omit<BootstrapOptions, 'quantile'>,
): Interval | null {
  const { seed, resamples = 2_000, confidence = 0.95 } = options
  if (runs.length < 2 || runs.some((seconds) => seconds.length === 0)) return null
  const blocks = runs.map(inBlocks)
  const random = new SeededRandom(seed)
  const means = Float64Array.from({ length: resamples }, () => meanOfDraw(blocks, random)).sort()
  const tail = (1 - confidence) / 2
  const low = means[Math.floor(tail * (resamples - 1))]
  const high = means[Math.ceil((1 - tail) * (resamples - 1))]
  return low === undefined || high === undefined ? null : { low, high, confidence }
}

function meanOfDraw(runs: readonly (readonly number[])[], random: SeededRandom): number {
  let sum = 0
  for (let draw = 0; draw < runs.length; draw++) {
    const run = runs[random.below(runs.length)] ?? []
    let ofRun = 0
    for (let second = 0; second < run.length; second++) ofRun += run[random.below(run.length)] ?? 0
    sum += ofRun / run.length
  }
  return sum / runs.length
}

function inBlocks(seconds: readonly number[]): readonly number[] {
  const length = secondsPerBlock(seconds.length)
  if (length === 1) return seconds
  return Array.from({ length: Math.ceil(seconds.length / length) }, (_, block) => {
    const own = seconds.slice(block * length, (block + 1) * length)
    return own.reduce((sum, value) => sum + value, 0) / own.length
  })
}
