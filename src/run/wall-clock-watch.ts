/** What the wall clock may run ahead of or behind the monotonic one within a second or so before it counts as set (R2.7). */
const STEP_MS_MIN = 5
/** Readings of both clocks together; the tightest counts, lest a pause between the two look like a step. */
const TRIES = 5

interface Reading {
  readonly monotonicUs: number
  readonly wallMs: number
}

/**
 * Sees whether somebody sets the wall clock (R2.7) by what it moves on from look to look, against the monotonic clock.
 * What is measured never reads it, but times of day in the result do.
 */
export class WallClockWatch {
  readonly #nowUs: () => number
  readonly #wallMs: () => number
  #last: Reading
  #stepMs: number | null = null

  constructor(nowUs: () => number, wallMs: () => number = Date.now) {
    this.#nowUs = nowUs
    this.#wallMs = wallMs
    this.#last = this.#read()
  }

  /** The largest step so far, forward positive, milliseconds; null for none. */
  get stepMs(): number | null {
    return this.#stepMs
  }

  /** To be called about once a second. */
  look(): void {
    const before = this.#last
    const after = this.#read()
    this.#last = after
    const stepMs = after.wallMs - before.wallMs - (after.monotonicUs - before.monotonicUs) / 1_000
    if (Math.abs(stepMs) > Math.max(STEP_MS_MIN, Math.abs(this.#stepMs ?? 0))) this.#stepMs = stepMs
  }

  #read(): Reading {
    let tightestUs = Number.POSITIVE_INFINITY
    let reading: Reading = { monotonicUs: 0, wallMs: 0 }
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const beforeUs = this.#nowUs()
      const wallMs = this.#wallMs()
      const afterUs = this.#nowUs()
      if (afterUs - beforeUs >= tightestUs) continue
      tightestUs = afterUs - beforeUs
      reading = { monotonicUs: (beforeUs + afterUs) / 2, wallMs }
    }
    return reading
  }
}
