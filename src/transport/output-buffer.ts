const FIRST_BYTES = 4096

/**
 * The bytes that wait for one write, and a second buffer for those that the operating system has not taken yet: a buffer
 * is written into again only when its bytes went out.
 */
export class OutputBuffer {
  bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES)
  length = 0
  #spare: Buffer | null = null

  /** Makes room for `bytes` more behind `length`. */
  reserve(bytes: number): number {
    const needed = this.length + bytes
    if (needed > this.bytes.length) this.#grow(needed)
    return this.length
  }

  /** A view of what waits; nothing waits after this. They stay as they are until the next `reserve`, or, after a
   * `swap`, until the one after it. */
  take(): Buffer {
    const view = this.bytes.subarray(0, this.length)
    this.length = 0
    return view
  }

  /** What was taken is still on its way: go on in the other buffer. Not to be called again before those bytes went out. */
  swap(): void {
    const taken = this.bytes
    this.bytes = this.#spare ?? Buffer.allocUnsafeSlow(taken.length)
    this.#spare = taken
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
