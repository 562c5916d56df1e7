import type { StoredMessage } from './stored-message.ts'

/** Messages in order, taken from the front and added at either end; a ring that grows by doubling. */
export class MessageRing {
  #slots: (StoredMessage | undefined)[] = new Array<StoredMessage | undefined>(16).fill(undefined)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  push(message: StoredMessage): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = message
    this.#length++
  }

  unshift(message: StoredMessage): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#head = (this.#head - 1) & (this.#slots.length - 1)
    this.#slots[this.#head] = message
    this.#length++
  }

  shift(): StoredMessage | undefined {
    if (this.#length === 0) return undefined
    const message = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#length--
    return message
  }

  #grow(): void {
    const front = this.#slots.slice(this.#head)
    const back = this.#slots.slice(0, this.#head)
    const room = new Array<StoredMessage | undefined>(this.#slots.length).fill(undefined)
    this.#slots = [...front, ...back, ...room]
    this.#head = 0
  }
}
