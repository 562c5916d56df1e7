/** So much room is kept for the next split frame, whatever its size. */
const KEEP_BYTES = 1024 * 1024
/** More is given back after so many split frames that needed less than half of it. */
const SMALL_FRAMES = 16

/**
 * The bytes of one split frame, contiguous. Grows by doubling as bytes arrive, up to what the frame says that it needs, so
 * a size that lies costs nothing; and stays as it is while frames are about as large as the last.
 */
export class Carry {
  bytes = new Uint8Array(0)
  length = 0
  #smallFrames = 0

  /** @param frameBytes of the whole frame, as far as it is known; else as many as are there. */
  append(source: Uint8Array, start: number, end: number, frameBytes: number): void {
    const needed = this.length + end - start
    if (needed > this.bytes.length) this.#grow(needed, frameBytes)
    this.bytes.set(source.subarray(start, end), this.length)
    this.length = needed
  }

  clear(): void {
    const isSmall = this.bytes.length > KEEP_BYTES && this.length < this.bytes.length / 2
    this.#smallFrames = isSmall ? this.#smallFrames + 1 : 0
    if (this.#smallFrames === SMALL_FRAMES) this.bytes = new Uint8Array(0)
    this.length = 0
  }

  #grow(needed: number, frameBytes: number): void {
    const doubled = Math.max(this.bytes.length * 2, 1024)
    const grown = new Uint8Array(Math.max(needed, Math.min(doubled, frameBytes)))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
