import type { ScheduleCursor, SlotTimes } from './schedule.ts'

/** Slots that are remembered, over all producers: 16 MiB, which is 20 s of a receiver's traffic at 100,000/s. */
const REMEMBERED_MAX = 2 ** 21
/** And so many of each producer, however many they are. */
const REMEMBERED_PER_PRODUCER_MIN = 1024

/**
 * Times of slots that have no closed form: the schedule is walked as far as messages ask, and the latest times of every
 * producer are kept, so that messages may come in any order, and again. One that comes after its time has left the
 * memory is not timed.
 */
export class RecentSlotTimes implements SlotTimes {
  readonly #cursor: ScheduleCursor
  readonly #rings: (SlotRing | undefined)[] = []

  constructor(cursor: ScheduleCursor, heard: readonly number[], rememberedMax = REMEMBERED_MAX) {
    this.#cursor = cursor
    const each = Math.max(REMEMBERED_PER_PRODUCER_MIN, rememberedMax / Math.max(1, heard.length))
    const size = 2 ** Math.floor(Math.log2(each))
    for (const producer of heard) this.#rings[producer] = new SlotRing(size)
  }

  atUs(producer: number, sequence: number, untilUs: number): number {
    const ring = this.#rings[producer]
    if (ring === undefined) return Number.NaN
    const cursor = this.#cursor
    while (ring.count <= sequence && cursor.atUs <= untilUs) {
      this.#rings[cursor.producer]?.push(cursor.atUs)
      cursor.advance()
    }
    return ring.at(sequence)
  }
}

/** The latest slots of one producer. */
class SlotRing {
  readonly #times: Float64Array
  /** Slots of this producer that the walk has come by. */
  count = 0

  /** @param size a power of two. */
  constructor(size: number) {
    this.#times = new Float64Array(size)
  }

  push(atUs: number): void {
    this.#times[this.count & (this.#times.length - 1)] = atUs
    this.count++
  }

  at(sequence: number): number {
    if (sequence >= this.count || sequence < this.count - this.#times.length) return Number.NaN
    return this.#times[sequence & (this.#times.length - 1)] ?? Number.NaN
  }
}
