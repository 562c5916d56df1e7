import type { Publisher } from '../driver/driver.ts'
import { BlockedTime } from '../measure/blocked-time.ts'
import { DueTimes } from './due-times.ts'
import { SequenceSet } from '../measure/sequence-set.ts'

/** Room in the ring beyond the window, so that one message that stays unconfirmed does not stop the rest at once. */
const RING_SPARE_FACTOR = 2
const RING_MIN = 4

/** One producer's books: what it has sent, what is unsettled since when, and whether it may send. */
export class Producer {
  readonly index: number
  publisher: Publisher | null = null
  /** Next sequence number: messages handed to the driver so far. */
  next = 0
  /** Messages that have come due and not left (open model). */
  readonly due = new DueTimes()
  /** When the last message left, in an open model. */
  lastSentUs = -Infinity
  outstanding = 0
  measuredSent = 0
  /** Messages of the transaction that is open. */
  uncommitted = 0
  /** What is due waits because the broker held it back, until nothing is late: catching up slowly belongs to whoever began it. */
  heldBack = false
  /** The driver wants no more before `onUnblocked`. */
  full = false
  done = false
  /** Open model: nothing more will come due; what is due and held back still leaves. */
  scheduleEnded = false
  /** A continuation of the pump is waiting for its turn of the loop. */
  continuing = false
  pumping = false
  readonly blocked = new BlockedTime()
  readonly confirmed = new SequenceSet()
  readonly refused = new SequenceSet()
  readonly #mask: number
  readonly #intendedUs: Float64Array
  readonly #sentUs: Float64Array
  readonly #isOutstanding: Uint8Array

  constructor(index: number, inFlight: number) {
    this.index = index
    const size = 2 ** Math.ceil(Math.log2(Math.max(RING_MIN, inFlight * RING_SPARE_FACTOR)))
    this.#mask = size - 1
    this.#intendedUs = new Float64Array(size)
    this.#sentUs = new Float64Array(size)
    this.#isOutstanding = new Uint8Array(size)
  }

  /** False while the message that had this place in the ring before is still unsettled. */
  hasRoomFor(sequence: number): boolean {
    return this.#isOutstanding[sequence & this.#mask] === 0
  }

  /** Called before the driver is, which may settle at once. */
  noteSent(sequence: number, intendedUs: number, sentUs: number): void {
    const slot = sequence & this.#mask
    this.#intendedUs[slot] = intendedUs
    this.#sentUs[slot] = sentUs
    this.#isOutstanding[slot] = 1
    this.outstanding++
  }

  /** Takes back `noteSent` of a message that the driver did not take. */
  forget(sequence: number): void {
    this.#isOutstanding[sequence & this.#mask] = 0
    this.outstanding--
  }

  /** @returns false when the message was settled before: a driver that breaks its contract must not skew counts. */
  settle(sequence: number): boolean {
    const slot = sequence & this.#mask
    if (this.#isOutstanding[slot] === 0) return false
    this.#isOutstanding[slot] = 0
    this.outstanding--
    return true
  }

  intendedUsOf(sequence: number): number {
    return this.#intendedUs[sequence & this.#mask] ?? 0
  }

  sentUsOf(sequence: number): number {
    return this.#sentUs[sequence & this.#mask] ?? 0
  }
}
