import type { SeededRandom } from '../workload/seeded-random.ts'

/**
 * When to look at what is in flight: one moment, drawn evenly, in each stretch of time, so that nothing that happens at
 * regular times is met always or never. The same for the same seed. Pure.
 */
export class FlightMoments {
  readonly #startUs: number
  readonly #stretchUs: number
  readonly #random: SeededRandom
  /** Of the stretch in which the last moment lay. */
  #stretch = -1

  /** @param startUs where the first stretch begins. */
  constructor(startUs: number, stretchUs: number, random: SeededRandom) {
    this.#startUs = startUs
    this.#stretchUs = stretchUs
    this.#random = random
  }

  /** The moment of the next stretch, of those that have not begun by `nowUs`; those that were slept over are left out. */
  nextUs(nowUs: number): number {
    const running = Math.floor((nowUs - this.#startUs) / this.#stretchUs)
    this.#stretch = Math.max(this.#stretch + 1, running)
    const atUs = this.#momentIn(this.#stretch)
    if (atUs > nowUs) return atUs
    this.#stretch++
    return this.#momentIn(this.#stretch)
  }

  #momentIn(stretch: number): number {
    return this.#startUs + (stretch + this.#random.uniform()) * this.#stretchUs
  }
}
