import type { StoredMessage } from './stored-message.ts'

/**
 * The deliveries of one session that are not acknowledged, by their number: 1, 2, 3 ... over all subscriptions of the
 * session. A ring, because acknowledgements come nearly in order. `O` is whom the delivery belongs to.
 */
export class Unacknowledged<O extends object> {
  #messages: (StoredMessage | null)[] = new Array<StoredMessage | null>(16).fill(null)
  #owners: (O | null)[] = new Array<O | null>(16).fill(null)
  /** All below are done with. */
  #low = 1
  #next = 1

  /** The number of the next delivery. */
  get next(): number {
    return this.#next
  }

  /** Counts a delivery that needs no acknowledgement. */
  skip(): void {
    this.#slotFor()
    this.#next++
    this.#advance()
  }

  add(message: StoredMessage, owner: O): void {
    const slot = this.#slotFor()
    this.#messages[slot] = message
    this.#owners[slot] = owner
    this.#next++
  }

  /** Whose delivery it is; null where it is none that waits. */
  ownerOf(number: number): O | null {
    return this.#isWaiting(number) ? (this.#owners[this.#slot(number)] ?? null) : null
  }

  /** Takes out one delivery. */
  remove(number: number): StoredMessage | null {
    if (!this.#isWaiting(number)) return null
    const slot = this.#slot(number)
    const message = this.#messages[slot] ?? null
    this.#messages[slot] = null
    this.#owners[slot] = null
    this.#advance()
    return message
  }

  /** Takes out all deliveries of one owner up to `number`, oldest first. */
  removeUpTo(number: number, owner: O): StoredMessage[] {
    const removed: StoredMessage[] = []
    for (let candidate = this.#low; candidate <= number && candidate < this.#next; candidate++) {
      if (this.ownerOf(candidate) !== owner) continue
      const message = this.remove(candidate)
      if (message !== null) removed.push(message)
    }
    return removed
  }

  #isWaiting(number: number): boolean {
    return number >= this.#low && number < this.#next
  }

  #slot(number: number): number {
    return number & (this.#messages.length - 1)
  }

  #advance(): void {
    while (this.#low < this.#next && this.#messages[this.#slot(this.#low)] === null) this.#low++
  }

  #slotFor(): number {
    if (this.#next - this.#low === this.#messages.length) this.#grow()
    return this.#slot(this.#next)
  }

  #grow(): void {
    const slots = this.#messages.length * 2
    const messages = new Array<StoredMessage | null>(slots).fill(null)
    const owners = new Array<O | null>(slots).fill(null)
    for (let number = this.#low; number < this.#next; number++) {
      messages[number & (slots - 1)] = this.#messages[this.#slot(number)] ?? null
      owners[number & (slots - 1)] = this.#owners[this.#slot(number)] ?? null
    }
    this.#messages = messages
    this.#owners = owners
  }
}
