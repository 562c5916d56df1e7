/**
 * Poisson arrivals: exponential gaps, and each message of a producer drawn by lot, which makes the messages of every
 * single producer a Poisson process too (the thinning theorem), as they are where users act each on their own. From one
 * seed every worker gets the same slots.
 */
import { SeededRandom } from '../workload/seeded-random.ts'
import { RecentSlotTimes } from './recent-slot-times.ts'
import type { Schedule, ScheduleCursor } from './schedule.ts'

/** @param ratePerSecond the mean, over all producers. */
export function poisson(ratePerSecond: number, seed: number, producers: number): Schedule {
  const cursor = () => new PoissonCursor(1e6 / ratePerSecond, seed, producers)
  return { cursor, slotTimes: (heard) => new RecentSlotTimes(cursor(), heard) }
}

class PoissonCursor implements ScheduleCursor {
  readonly #meanGapUs: number
  readonly #producers: number
  readonly #random: SeededRandom
  atUs = 0
  producer = 0

  constructor(meanGapUs: number, seed: number, producers: number) {
    this.#meanGapUs = meanGapUs
    this.#producers = producers
    this.#random = new SeededRandom(seed)
    this.advance()
  }

  advance(): void {
    this.atUs += this.#random.exponential() * this.#meanGapUs
    this.producer = Math.floor(this.#random.uniform() * this.#producers)
  }
}
