/**
 * Which of the messages 0, 1, 2 ... of one publisher are not settled. Confirms come nearly always in order, so that is one
 * counter; those that come out of order are marked in a ring of one byte per message in flight.
 */
export class Unsettled {
  /** Everything below is settled. */
  #low = 0
  /** The next sequence number to be published. */
  #next = 0
  #marks: Uint8Array
  #mask: number

  /** @param inFlightMax expected largest number unsettled; more only makes the ring grow. */
  constructor(inFlightMax: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, Math.min(inFlightMax, 65_536))))
    this.#marks = new Uint8Array(slots)
    this.#mask = slots - 1
  }

  get count(): number {
    return this.#next - this.#low
  }

  /** `sequence` follows the one before without a gap. */
  add(sequence: number): void {
    if (sequence - this.#low > this.#mask) this.#grow()
    this.#next = sequence + 1
  }

  /** Marks one as settled; false where it was never added or is settled already. */
  settle(sequence: number): boolean {
    if (sequence < this.#low || sequence >= this.#next) return false
    if (sequence !== this.#low) {
      if (this.#marks[sequence & this.#mask] === 1) return false
      this.#marks[sequence & this.#mask] = 1
      return true
    }
    this.#low++
    while (this.#low < this.#next && this.#marks[this.#low & this.#mask] === 1) {
      this.#marks[this.#low & this.#mask] = 0
      this.#low++
    }
    return true
  }

  /** Settles all that is left, telling each range. */
  settleAll(onRange: (first: number, last: number) => void): void {
    while (this.#low < this.#next) {
      const first = this.#low
      let last = first
      while (last + 1 < this.#next && this.#marks[(last + 1) & this.#mask] === 0) last++
      this.settle(first)
      for (let sequence = first + 1; sequence <= last; sequence++) this.settle(sequence)
      onRange(first, last)
    }
  }

  /** Sequence numbers above 2^31 would not survive `&`; no publisher sends that many. */
  #grow(): void {
    const grown = new Uint8Array((this.#mask + 1) * 2)
    for (let sequence = this.#low; sequence < this.#next; sequence++) {
      grown[sequence & (grown.length - 1)] = this.#marks[sequence & this.#mask] as number
    }
    this.#marks = grown
    this.#mask = grown.length - 1
  }
}
