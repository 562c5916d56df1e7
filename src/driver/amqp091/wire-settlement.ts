import type { Outcome, PublisherEvents } from '../driver.ts'
import { UnsettledWindow } from '../unsettled-window.ts'

/**
 * What the broker has answered for published messages. Answers of one chunk are merged into ranges, whether they come one
 * by one or as `multiple`; `report` hands the last of them over.
 */
export class Settlement {
  readonly #events: PublisherEvents
  readonly #unsettled = new UnsettledWindow()
  readonly #mergeRange: (first: number, last: number, isReturned: boolean) => void
  /** Of the answer that is being read. */
  #outcome: Outcome = 'confirmed'
  #code: string | null = null
  /** Why messages were returned: RabbitMQ knows only NO_ROUTE. */
  #returnText = ''
  /** Settled in this turn and not yet reported: `first..last`; none while `last` is -1. */
  #first = 0
  #last = -1
  #mergedOutcome: Outcome = 'confirmed'
  #mergedCode: string | null = null

  constructor(events: PublisherEvents) {
    this.#events = events
    this.#mergeRange = (first, last, isReturned) => {
      this.#merge(first, last, isReturned)
    }
  }

  /** Published, to be settled. */
  accept(sequence: number): void {
    this.#unsettled.accept(sequence)
  }

  /** Returned: whatever settles it now, it is refused, and `text` says why. */
  markReturned(sequence: number, text: string): void {
    this.#returnText = text
    this.#unsettled.mark(sequence)
  }

  /** One message. False: it is settled already, or was never published. */
  settle(sequence: number, outcome: Outcome, code: string | null): boolean {
    const found = this.#unsettled.settle(sequence)
    if (found === 'none') return false
    this.#outcome = outcome
    this.#code = code
    this.#merge(sequence, sequence, found === 'marked')
    return true
  }

  /** All that are not settled, up to `last`. */
  settleThrough(last: number, outcome: Outcome, code: string | null): void {
    this.#outcome = outcome
    this.#code = code
    this.#unsettled.settleThrough(last, this.#mergeRange)
  }

  report(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, this.#mergedOutcome, this.#mergedCode)
  }

  /** The connection is gone: what is settled is reported, everything else is unknown. */
  end(): void {
    this.report()
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }

  /** Reports what was settled before, unless this continues it. */
  #merge(first: number, last: number, isReturned: boolean): void {
    const outcome = isReturned ? 'refused' : this.#outcome
    const code = isReturned ? this.#returnText : this.#code
    const continues = first === this.#last + 1 && outcome === this.#mergedOutcome && code === this.#mergedCode
    if (this.#last >= 0 && !continues) this.report()
    if (this.#last < 0) this.#first = first
    this.#last = last
    this.#mergedOutcome = outcome
    this.#mergedCode = code
  }
}
