import type { Outcome, PublisherEvents } from '../driver.ts'
import { UnsettledWindow } from '../unsettled-window.ts'

/**
 * Which messages of a publisher are not settled yet, and the reports of those that are: each once, in whole ranges, and
 * confirms that follow each other within one turn as one.
 */
export class WireSettlements {
  readonly #events: Pick<PublisherEvents, 'onSettled'>
  readonly #unsettled = new UnsettledWindow()
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1

  constructor(events: Pick<PublisherEvents, 'onSettled'>) {
    this.#events = events
  }

  /** Everything below is settled. */
  get lowest(): number {
    return this.#unsettled.lowest
  }

  accept(sequence: number): void {
    this.#unsettled.accept(sequence)
  }

  /** Settles what of `first..last` is not settled yet. */
  settle(first: number, last: number, outcome: Outcome, code: string | null): void {
    let from = -1
    for (let sequence = first; sequence <= last; sequence++) {
      const isOpen = this.#unsettled.settle(sequence) !== 'none'
      if (isOpen && from < 0) from = sequence
      if (isOpen || from < 0) continue
      this.#report(from, sequence - 1, outcome, code)
      from = -1
    }
    if (from >= 0) this.#report(from, last, outcome, code)
  }

  /** Reports the confirms of this turn. */
  flush(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  /** Nothing more will be answered. */
  settleAsUnknown(): void {
    this.flush()
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }

  #report(first: number, last: number, outcome: Outcome, code: string | null): void {
    const isConfirmed = outcome === 'confirmed'
    if (!isConfirmed || first !== this.#last + 1) this.flush()
    if (!isConfirmed) {
      this.#events.onSettled(first, last, outcome, code)
      return
    }
    if (this.#last < 0) this.#first = first
    this.#last = last
  }
}
