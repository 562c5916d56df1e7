/**
 * Which published messages the broker has not answered yet, by sequence number, one byte each in a ring that grows: no
 * map, no closure and no promise per message. Confirms may come singly, in any order, or for everything up to a number.
 *
 *     accept(0) accept(1) accept(2)   settle(1) -> 'open'   settleThrough(2) -> 0..0, 2..2
 */
export class UnsettledWindow {
  /** State of sequence n at n modulo the length, which is a power of two. */
  #states = new Uint8Array(INITIAL_LENGTH)
  /** Lowest sequence that is not settled; equal to `#next` when there is none. */
  #lowest = 0
  #next = 0

  /** Everything below is settled; the next sequence number where everything is. */
  get lowest(): number {
    return this.#lowest
  }

  /** Takes the next sequence number, counted from 0 without gaps. */
  accept(sequence: number): void {
    if (this.#next - this.#lowest === this.#states.length) this.#grow()
    this.#next = sequence + 1
    this.#states[sequence & (this.#states.length - 1)] = OPEN
  }

  /**
   * Remembers something of an open message until it is settled (RabbitMQ returns a message first and confirms it then).
   * @returns false where it was settled before, or never published.
   */
  mark(sequence: number): boolean {
    if (!this.#isOpen(sequence)) return false
    this.#states[sequence & (this.#states.length - 1)] = MARKED
    return true
  }

  /** Settles one message. `none`: it was settled before, or never published. */
  settle(sequence: number): 'open' | 'marked' | 'none' {
    if (!this.#isOpen(sequence)) return 'none'
    const was = this.#stateOf(sequence)
    this.#states[sequence & (this.#states.length - 1)] = SETTLED
    if (sequence === this.#lowest) this.#advance()
    return was === MARKED ? 'marked' : 'open'
  }

  /**
   * Settles everything up to and including `last` that is not settled yet; `report` gets whole ranges, in order, and may
   * accept new messages while it is at it.
   */
  settleThrough(last: number, report: (first: number, last: number, marked: boolean) => void): void {
    const end = Math.min(last + 1, this.#next)
    while (this.#lowest < end) {
      const from = this.#lowest
      const state = this.#stateOf(from)
      let until = from + 1
      while (until < end && this.#stateOf(until) === state) until++
      // Moved before the report: what is accepted in it must find these slots free, and those behind them taken.
      this.#lowest = until
      if (state !== SETTLED) report(from, until - 1, state === MARKED)
    }
    this.#advance()
  }

  /** Settles everything: a lost connection answers nothing more. */
  settleAll(report: (first: number, last: number) => void): void {
    this.settleThrough(this.#next - 1, (first, last) => report(first, last))
  }

  #stateOf(sequence: number): number {
    return this.#states[sequence & (this.#states.length - 1)] ?? SETTLED
  }

  #isOpen(sequence: number): boolean {
    return sequence >= this.#lowest && sequence < this.#next && this.#stateOf(sequence) !== SETTLED
  }

  #advance(): void {
    while (this.#lowest < this.#next && this.#stateOf(this.#lowest) === SETTLED) this.#lowest++
  }

  #grow(): void {
    const grown = new Uint8Array(this.#states.length * 2)
    for (let sequence = this.#lowest; sequence < this.#next; sequence++) {
      grown[sequence & (grown.length - 1)] = this.#stateOf(sequence)
    }
    this.#states = grown
  }
}

const INITIAL_LENGTH = 64
const SETTLED = 0
const OPEN = 1
const MARKED = 2
