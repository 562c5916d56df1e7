/**
 * When messages should leave, and from which producer: the slots of a whole cell in the order of their times. The same
 * on every worker, which takes from it what belongs to its own producers, so that shares never have to be added up.
 */
export interface Schedule {
  /** A new pass over the slots, from the first. Every pass gives the same slots. */
  cursor(): ScheduleCursor
  /**
   * The times of the slots by producer and sequence number, for a receiver of messages that carry none.
   * @param heard the producers that will be asked about, and no others.
   */
  slotTimes(heard: readonly number[]): SlotTimes
}

/** When messages should have left, made again from the schedule that their producers sent them by. */
export interface SlotTimes {
  /**
   * The slot of one producer's message, in microseconds after the common start; the first message has sequence number 0.
   * @param untilUs how far into the schedule to look, microseconds after the common start: a sequence number that a fault
   *   has made up must not cost a walk through hours of slots.
   * @returns NaN where the slot lies beyond `untilUs`, or so far back that it is forgotten.
   */
  atUs(producer: number, sequence: number, untilUs: number): number
}

/** One place in the schedule. */
export interface ScheduleCursor {
  /** Microseconds after the common start, never decreasing; Infinity when there are no more slots. */
  readonly atUs: number
  /** Index of the producer in the cell. */
  readonly producer: number
  /** Goes on to the next slot. */
  advance(): void
}

/**
 * The time of the k-th message of the whole cell, in closed form: a minute or a day costs the same and nothing drifts.
 * Microseconds, never decreasing; Infinity from the end on.
 */
export type OffsetUs = (message: number) => number

/** Producers take turns: message k is of producer k modulo their number. */
export function inTurn(offsetUs: OffsetUs, producers: number): Schedule {
  return {
    cursor: () => new TurnCursor(offsetUs, producers),
    slotTimes: () => ({ atUs: (producer, sequence) => offsetUs(sequence * producers + producer) }),
  }
}

class TurnCursor implements ScheduleCursor {
  readonly #offsetUs: OffsetUs
  readonly #producers: number
  #message = 0
  atUs: number
  producer = 0

  constructor(offsetUs: OffsetUs, producers: number) {
    this.#offsetUs = offsetUs
    this.#producers = producers
    this.atUs = offsetUs(0)
  }

  advance(): void {
    this.#message++
    this.producer++
    if (this.producer === this.#producers) this.producer = 0
    this.atUs = this.#offsetUs(this.#message)
  }
}
