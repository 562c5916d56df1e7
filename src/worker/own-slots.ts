import type { Schedule, ScheduleCursor } from '../pacing/schedule.ts'
import type { Producer } from './producer.ts'

/** The slots of a cell's schedule that belong to the producers of this worker, in order. */
export class OwnSlots {
  readonly #cursor: ScheduleCursor
  readonly #startUs: number
  readonly #byIndex: (Producer | undefined)[] = []
  /** Whose slot it is. */
  producer: Producer | null = null

  /** @param startUs when the schedule begins, microseconds since the run's epoch. */
  constructor(schedule: Schedule, startUs: number, producers: readonly Producer[]) {
    this.#cursor = schedule.cursor()
    this.#startUs = startUs
    for (const producer of producers) this.#byIndex[producer.index] = producer
    this.#findOwn()
  }

  /** When the slot is due, microseconds since the run's epoch; Infinity when there are no more. */
  get atUs(): number {
    return this.#startUs + this.#cursor.atUs
  }

  advance(): void {
    this.#cursor.advance()
    this.#findOwn()
  }

  #findOwn(): void {
    const cursor = this.#cursor
    let own = this.#byIndex[cursor.producer]
    while (own === undefined && cursor.atUs !== Infinity) {
      cursor.advance()
      own = this.#byIndex[cursor.producer]
    }
    this.producer = own ?? null
  }
}
