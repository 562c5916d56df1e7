/**
 * Whether two threads read one clock (method.md R2.2), from ping-pong: one side reads its clock, the other answers with a
 * reading of its own, the first reads again. The answer was read between the two, so each round bounds the offset, and
 * all bounds hold at once: their intersection is as narrow as the fastest way out and the fastest way back together.
 */

/**
 * What two readings of one clock may lie apart although neither is wrong, microseconds: each thread places the epoch on
 * its own `performance.now()` to about 0.2 us.
 */
export const READING_ERROR_US = 1

/** What ping-pong says of one other thread. */
export interface ClockProof {
  /** At least 1. */
  readonly rounds: number
  /** The other clock minus ours lies between these, microseconds. */
  readonly offsetUsMin: number
  readonly offsetUsMax: number
  /** Rounds whose answer was read before the question or after its return, by more than the reading error. */
  readonly violations: number
  /** The fastest way out and back, microseconds. */
  readonly roundTripUsMin: number
}

/** Narrows the offset of one other clock round by round. */
export class ClockOffset {
  #rounds = 0
  #offsetUsMin = Number.NEGATIVE_INFINITY
  #offsetUsMax = Number.POSITIVE_INFINITY
  #violations = 0
  #roundTripUsMin = Number.POSITIVE_INFINITY

  /** @param askedUs and `returnedUs` by our clock, `answeredUs` by the other, all in microseconds since one epoch. */
  add(askedUs: number, answeredUs: number, returnedUs: number): void {
    const earliest = answeredUs - returnedUs - READING_ERROR_US
    const latest = answeredUs - askedUs + READING_ERROR_US
    this.#rounds++
    this.#offsetUsMin = Math.max(this.#offsetUsMin, earliest)
    this.#offsetUsMax = Math.min(this.#offsetUsMax, latest)
    if (earliest > 0 || latest < 0) this.#violations++
    this.#roundTripUsMin = Math.min(this.#roundTripUsMin, returnedUs - askedUs)
  }

  /** After at least one round. An empty interval, `offsetUsMin` above `offsetUsMax`, is that of a clock that was set. */
  proof(): ClockProof {
    return {
      rounds: this.#rounds,
      offsetUsMin: this.#offsetUsMin,
      offsetUsMax: this.#offsetUsMax,
      violations: this.#violations,
      roundTripUsMin: this.#roundTripUsMin,
    }
  }
}

/** Whether nothing speaks against one clock: no violation, and an offset of 0 is possible. */
export function isOneClock({ offsetUsMin, offsetUsMax, violations }: ClockProof): boolean {
  return violations === 0 && offsetUsMin <= 0 && offsetUsMax >= 0
}

/** Of several threads, the proof that is worst: one that fails, else the one with the widest interval; null for none. */
export function worstProof(proofs: readonly ClockProof[]): ClockProof | null {
  const width = ({ offsetUsMin, offsetUsMax }: ClockProof): number => offsetUsMax - offsetUsMin
  const worseOf = (a: ClockProof, b: ClockProof): ClockProof => {
    if (isOneClock(a) !== isOneClock(b)) return isOneClock(a) ? b : a
    return width(b) > width(a) ? b : a
  }
  return proofs.reduce<ClockProof | null>((worst, proof) => (worst === null ? proof : worseOf(worst, proof)), null)
}
