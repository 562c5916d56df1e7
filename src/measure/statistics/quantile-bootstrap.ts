/**
 * Interval of a latency quantile over repeated runs: hierarchical bootstrap (Davison and Hinkley, "Bootstrap Methods and
 * their Application", section 3.8). Runs are drawn with replacement, then seconds within each drawn run, their histograms
 * are added, and the quantile of the sum is taken; the interval is the middle 95 % of 2,000 such quantiles. Whole seconds
 * are drawn because neighbouring messages are alike (method.md R3.3).
 */
import { COUNTS_LENGTH, highestValueAt } from '../bucket-layout.ts'
import { SeededRandom } from '../../workload/seeded-random.ts'
import type { Interval } from './interval-of-median.ts'

/** Sparse form of one second's histogram. */
export interface SecondHistogram {
  /** Indexes of `bucket-layout.ts`, ascending. */
  readonly buckets: readonly number[]
  /** Messages in each of them. */
  readonly counts: readonly number[]
}

/** What is drawn, and how often. */
export interface BootstrapOptions {
  /** 0..1. */
  readonly quantile: number
  readonly seed: number
  /** 2,000 by default. */
  readonly resamples?: number
  /** A share, 0.95 by default. */
  readonly confidence?: number
}

/** Longer runs are drawn in blocks of several seconds, which bounds the memory of a soak. */
const MAX_BLOCKS_PER_RUN = 120

/**
 * @param runs per run the histogram of each second.
 * @returns microseconds; null below two runs, or where a run recorded nothing.
 */
export function bootstrapQuantile(
  runs: readonly (readonly SecondHistogram[])[],
  options: BootstrapOptions,
): Interval | null {
  const { quantile, seed, resamples = 2_000, confidence = 0.95 } = options
  const table = new CumulativeTable(runs)
  if (runs.length < 2 || table.hasEmptyRun) return null
  const random = new SeededRandom(seed)
  const drawn = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++)
    drawn[resample] = table.quantileOf(table.draw(random), quantile)
  drawn.sort()
  const tail = (1 - confidence) / 2
  const low = drawn[Math.floor(tail * (resamples - 1))]
  const high = drawn[Math.ceil((1 - tail) * (resamples - 1))]
  return low === undefined || high === undefined ? null : { low, high, confidence }
}

/** Per block of seconds, how many messages lie at or below each bucket that occurs anywhere. */
class CumulativeTable {
  readonly #buckets: readonly number[]
  /** Row per bucket, column per block, so that one step of the search reads one row. */
  readonly #cumulative: Float64Array
  /** First column of each run, and one past the last. */
  readonly #runStarts: readonly number[]
  readonly #columns: number
  readonly hasEmptyRun: boolean

  constructor(runs: readonly (readonly SecondHistogram[])[]) {
    const blocksOfRuns = runs.map((seconds) => Math.ceil(seconds.length / secondsPerBlock(seconds.length)))
    this.#runStarts = blocksOfRuns.reduce((starts, blocks) => [...starts, (starts.at(-1) ?? 0) + blocks], [0])
    this.#columns = this.#runStarts.at(-1) ?? 0
    this.#buckets = occurringBuckets(runs)
    this.#cumulative = new Float64Array(this.#buckets.length * this.#columns)
    const rows = new Int32Array(COUNTS_LENGTH)
    for (const [row, bucket] of this.#buckets.entries()) rows[bucket] = row
    for (const [run, seconds] of runs.entries()) this.#count(seconds, this.#runStarts[run] ?? 0, rows)
    for (let cell = this.#columns; cell < this.#cumulative.length; cell++) {
      this.#cumulative[cell] = (this.#cumulative[cell] ?? 0) + (this.#cumulative[cell - this.#columns] ?? 0)
    }
    this.hasEmptyRun = runs.some((seconds) => !seconds.some(({ counts }) => counts.some((count) => count > 0)))
  }

  #count(seconds: readonly SecondHistogram[], start: number, rows: Int32Array): void {
    const length = secondsPerBlock(seconds.length)
    for (const [second, { buckets, counts }] of seconds.entries()) {
      const column = start + Math.floor(second / length)
      for (const [index, bucket] of buckets.entries()) {
        const cell = (rows[bucket] ?? 0) * this.#columns + column
        this.#cumulative[cell] = (this.#cumulative[cell] ?? 0) + (counts[index] ?? 0)
      }
    }
  }

  /** Columns drawn: as many runs as there are, and of each as many blocks as it has. */
  draw(random: SeededRandom): number[] {
    const columns: number[] = []
    const runs = this.#runStarts.length - 1
    for (let draw = 0; draw < runs; draw++) {
      const run = random.below(runs)
      const start = this.#runStarts[run] ?? 0
      const blocks = (this.#runStarts[run + 1] ?? start) - start
      for (let block = 0; block < blocks; block++) columns.push(start + random.below(blocks))
    }
    return columns
  }

  /** Quantile of the sum of the drawn columns: the lowest bucket that holds the rank, by bisection. */
  quantileOf(columns: readonly number[], quantile: number): number {
    let high = this.#buckets.length - 1
    const rank = Math.max(1, Math.ceil(quantile * this.#atOrBelow(high, columns) * (1 - Number.EPSILON)))
    let low = 0
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#atOrBelow(middle, columns) >= rank) high = middle
      else low = middle + 1
    }
    return highestValueAt(this.#buckets[low] ?? 0)
  }

  #atOrBelow(row: number, columns: readonly number[]): number {
    const start = row * this.#columns
    let sum = 0
    for (const column of columns) sum += this.#cumulative[start + column] ?? 0
    return sum
  }
}

/** Every bucket that any second counted in, ascending. */
function occurringBuckets(runs: readonly (readonly SecondHistogram[])[]): number[] {
  const occurs = new Uint8Array(COUNTS_LENGTH)
  for (const seconds of runs) for (const { buckets } of seconds) for (const bucket of buckets) occurs[bucket] = 1
  const occurring: number[] = []
  for (const [bucket, flag] of occurs.entries()) if (flag === 1) occurring.push(bucket)
  return occurring
}

/** Whole seconds of a run that are drawn together: 1 up to 120 seconds. */
export function secondsPerBlock(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / MAX_BLOCKS_PER_RUN))
}
