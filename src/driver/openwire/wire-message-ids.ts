const FIRST_WIDTH_BYTES = 96

/**
 * The nested MessageIds of messages delivered and not yet acknowledged, as the bytes that came, in a ring by token.
 * Tokens count 0, 1, 2 ... and are given back in that order.
 */
export class MessageIds {
  #slots: number
  #widthBytes = FIRST_WIDTH_BYTES
  #lengths: Uint16Array
  #low = 0
  #next = 0
  /** Where ids are: a place of the same width for each slot. */
  bytes: Uint8Array

  /** @param prefetch expected number outstanding; more only makes the ring grow. */
  constructor(prefetch: number) {
    this.#slots = 2 ** Math.ceil(Math.log2(Math.max(2, Math.min(prefetch, 1024))))
    this.#lengths = new Uint16Array(this.#slots)
    this.bytes = new Uint8Array(this.#slots * this.#widthBytes)
  }

  /** Keeps what lies from `start` to `end` of `buffer`; returns its token. */
  push(buffer: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (this.#next - this.#low === this.#slots) this.#resize(this.#slots * 2, this.#widthBytes)
    if (length > this.#widthBytes) this.#resize(this.#slots, length * 2)
    const slot = this.#next % this.#slots
    const at = slot * this.#widthBytes
    const { bytes } = this
    for (let index = 0; index < length; index++) bytes[at + index] = buffer[start + index] as number
    this.#lengths[slot] = length
    return this.#next++
  }

  /** Where the token's id begins in `bytes`. */
  startOf(token: number): number {
    return (token % this.#slots) * this.#widthBytes
  }

  lengthOf(token: number): number {
    return this.#lengths[token % this.#slots] as number
  }

  /** All tokens up to this one are done with; their slots may be used again. */
  release(token: number): void {
    if (token >= this.#low) this.#low = token + 1
  }

  #resize(slots: number, widthBytes: number): void {
    const bytes = new Uint8Array(slots * widthBytes)
    const lengths = new Uint16Array(slots)
    for (let token = this.#low; token < this.#next; token++) {
      const from = this.startOf(token)
      const length = this.lengthOf(token)
      bytes.set(this.bytes.subarray(from, from + length), (token % slots) * widthBytes)
      lengths[token % slots] = length
    }
    this.bytes = bytes
    this.#lengths = lengths
    this.#slots = slots
    this.#widthBytes = widthBytes
  }
}
