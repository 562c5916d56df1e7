import { COUNTS_LENGTH, HIGHEST_VALUE_US, indexOfValue } from './bucket-layout.ts'

/** Slots after the counts of one histogram: values below zero, and values above the range (counted at its top too). */
const NEGATIVE_SLOT = COUNTS_LENGTH
const OVERFLOW_SLOT = COUNTS_LENGTH + 1
/** Magnitudes of negative values by power of two: slot i counts |value| in [2^i, 2^(i+1)) us, the signed side of R2.5. */
const NEGATIVE_MAGNITUDES_AT = COUNTS_LENGTH + 2
const NEGATIVE_MAGNITUDES = 32

/** Float64 slots that one histogram takes in shared memory. */
export const RECORDER_SLOTS = NEGATIVE_MAGNITUDES_AT + NEGATIVE_MAGNITUDES

/**
 * Counts latencies into a slice of shared memory: one writer (the measuring thread), any number of readers, who take
 * differences of the cumulative counts; nothing is ever cleared. Float64 counts, because a 32-bit one wraps within an
 * hour at a million messages per second. Never throws: what does not fit is counted as such.
 */
export class LatencyRecorder {
  readonly #slots: Float64Array

  /** @param slots `RECORDER_SLOTS` long, zero at first. */
  constructor(slots: Float64Array) {
    this.#slots = slots
  }

  /** @param latencyUs microseconds, a fraction is cut off. */
  record(latencyUs: number): void {
    const slots = this.#slots
    if (latencyUs < 0) {
      this.#recordNegative(-latencyUs)
      return
    }
    if (latencyUs > HIGHEST_VALUE_US) {
      slots[OVERFLOW_SLOT] = (slots[OVERFLOW_SLOT] ?? 0) + 1
      latencyUs = HIGHEST_VALUE_US
    }
    const index = indexOfValue(latencyUs)
    slots[index] = (slots[index] ?? 0) + 1
  }

  #recordNegative(magnitudeUs: number): void {
    const slots = this.#slots
    slots[NEGATIVE_SLOT] = (slots[NEGATIVE_SLOT] ?? 0) + 1
    const power = Math.min(NEGATIVE_MAGNITUDES - 1, Math.max(0, Math.floor(Math.log2(magnitudeUs))))
    const slot = NEGATIVE_MAGNITUDES_AT + power
    slots[slot] = (slots[slot] ?? 0) + 1
  }
}

/** A histogram by value: read from one recorder, merged from several, or the difference of two readings. */
export interface LatencyCounts {
  /** `COUNTS_LENGTH` counts in the bucket layout. */
  readonly counts: Float64Array
  readonly negative: number
  readonly overflow: number
  /** Upper bound in microseconds of the largest negative magnitude, 0 where there was none. */
  readonly negativeMagnitudeMaxUs: number
}

/** Adds up recorders (of several threads): the only way in which histograms are ever combined (R1.9). */
export function mergeSlots(recorders: readonly Float64Array[]): LatencyCounts {
  const total = new Float64Array(RECORDER_SLOTS)
  for (const slots of recorders) {
    for (let index = 0; index < RECORDER_SLOTS; index++) total[index] = (total[index] ?? 0) + (slots[index] ?? 0)
  }
  return countsOf(total)
}

/** What was recorded between two readings of the same memory. */
export function subtractCounts(later: LatencyCounts, earlier: LatencyCounts): LatencyCounts {
  return {
    counts: later.counts.map((count, index) => count - (earlier.counts[index] ?? 0)),
    negative: later.negative - earlier.negative,
    overflow: later.overflow - earlier.overflow,
    negativeMagnitudeMaxUs: later.negativeMagnitudeMaxUs,
  }
}

/** The histogram that `RECORDER_SLOTS` slots hold, copied. */
export function countsOf(slots: Float64Array): LatencyCounts {
  const magnitudes = slots.subarray(NEGATIVE_MAGNITUDES_AT)
  const largest = magnitudes.findLastIndex((count) => count > 0)
  return {
    counts: slots.slice(0, COUNTS_LENGTH),
    negative: slots[NEGATIVE_SLOT] ?? 0,
    overflow: slots[OVERFLOW_SLOT] ?? 0,
    negativeMagnitudeMaxUs: largest < 0 ? 0 : 2 ** (largest + 1),
  }
}
