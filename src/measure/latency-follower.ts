import { COUNTS_LENGTH } from './bucket-layout.ts'
import { countsOf, RECORDER_SLOTS, type LatencyCounts } from './latency-recorder.ts'
import type { SparseCounts } from './sparse-counts.ts'

/** Of all followers of a thread, which take turns: the sum over the workers, and what was found in it. */
const sums = new Float64Array(RECORDER_SLOTS)
const foundIndices = new Uint16Array(COUNTS_LENGTH)
const foundCounts = new Float64Array(COUNTS_LENGTH)

/**
 * Reads one distribution again and again while others write it, and tells what came since the last time. All that was
 * told adds up to `total`, exactly: both are made from one and the same reading of every count.
 */
export class LatencyFollower {
  readonly #slots: readonly Float64Array[]
  /** What was read the last time, all workers together. */
  readonly #seen = new Float64Array(RECORDER_SLOTS)

  /** @param slots of the recorders of this distribution, one per worker; they may be written meanwhile. */
  constructor(slots: readonly Float64Array[]) {
    this.#slots = slots
  }

  /** What was recorded since the last call. Some 24,000 reads per worker: a tenth of a millisecond or so with four. */
  take(): SparseCounts {
    const seen = this.#seen
    this.#addUp()
    let found = 0
    for (let index = 0; index < RECORDER_SLOTS; index++) {
      const sum = sums[index] ?? 0
      const before = seen[index] ?? 0
      if (sum === before) continue
      seen[index] = sum
      // The slots after the counts are no latencies: values below zero, and above the range.
      if (index >= COUNTS_LENGTH) continue
      foundIndices[found] = index
      foundCounts[found] = sum - before
      found++
    }
    return { indices: foundIndices.slice(0, found), counts: foundCounts.slice(0, found) }
  }

  #addUp(): void {
    sums.fill(0)
    for (const slots of this.#slots) {
      for (let index = 0; index < RECORDER_SLOTS; index++) sums[index] = (sums[index] ?? 0) + (slots[index] ?? 0)
    }
  }

  /** All that was taken so far. */
  get total(): LatencyCounts {
    return countsOf(this.#seen)
  }
}
