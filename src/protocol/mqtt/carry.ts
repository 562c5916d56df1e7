/** Above this the room of a split packet is given back after the packet; below, it is kept for the next one. */
const KEEP_BYTES = 1024 * 1024

/** The bytes of one split packet, contiguous. Grows by doubling as bytes arrive, so a length that lies costs nothing. */
export class Carry {
  bytes = new Uint8Array(0)
  length = 0

  append(source: Uint8Array, start: number, end: number): void {
    const needed = this.length + end - start
    if (needed > this.bytes.length) this.#grow(needed)
    this.bytes.set(source.subarray(start, end), this.length)
    this.length = needed
  }

  clear(): void {
    this.length = 0
    if (this.bytes.length > KEEP_BYTES) this.bytes = new Uint8Array(0)
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2, 1024))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
