/**
 * Bytes in, frames out, in place: a frame that lies whole in one chunk is handed over where it is, and only one that was
 * split is put together in a buffer of the parser's own. Per frame nothing is allocated.
 */
import { Carry } from '../carry.ts'
import { FrameReader, readI32 } from './frame-reader.ts'
import { FRAME_BYTES_MAX, FRAME_SIZE_BYTES as SIZE_BYTES } from './limits.ts'
import { OpenWireProtocolError } from './openwire-error.ts'

export interface FrameHandler {
  /**
   * One frame by its type code; `fields` stands behind the type and is valid only during the call. Whatever this throws
   * comes out of `feed`.
   */
  onFrame(type: number, fields: FrameReader): void
}

export class FrameParser {
  /** Largest frame accepted, in bytes after its size. May be changed at any time. */
  frameBytesMax: number
  readonly #handler: FrameHandler
  readonly #fields = new FrameReader()
  readonly #carry = new Carry()
  /** Bytes of all chunks before the present one. */
  #streamBytes = 0
  #stopped = false

  constructor(handler: FrameHandler, frameBytesMax: number = FRAME_BYTES_MAX) {
    this.#handler = handler
    this.frameBytesMax = frameBytesMax
  }

  /** Hands over no further frame and ignores all further bytes. */
  stop(): void {
    this.#stopped = true
  }

  /** Whether the bytes so far end in the middle of a frame. */
  get inFrame(): boolean {
    return this.#carry.length > 0
  }

  /**
   * The next bytes of the stream, from `start` to `end` of `chunk`; they may be overwritten after the call.
   * @throws OpenWireProtocolError after which the parser must not be fed again.
   */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    const originBytes = this.#streamBytes - start
    let position = this.#carry.length > 0 ? this.#feedCarry(chunk, start, end, originBytes) : start
    let frameBytes = SIZE_BYTES
    while (!this.#stopped && end - position >= SIZE_BYTES) {
      frameBytes = SIZE_BYTES + this.#sizeAt(chunk, position, originBytes)
      const frameEnd = position + frameBytes
      if (frameEnd > end) break
      this.#hand(chunk, position, frameEnd, originBytes)
      position = frameEnd
    }
    if (!this.#stopped && position < end) this.#carry.append(chunk, position, end, frameBytes)
    this.#streamBytes += end - start
  }

  /** Completes the split frame; returns where in the chunk reading goes on. */
  #feedCarry(chunk: Uint8Array, start: number, end: number, chunkOriginBytes: number): number {
    if (this.#stopped) return end
    const carry = this.#carry
    let position = start
    const originBytes = chunkOriginBytes + start - carry.length
    if (carry.length < SIZE_BYTES) {
      position = Math.min(end, start + SIZE_BYTES - carry.length)
      carry.append(chunk, start, position, SIZE_BYTES)
      if (carry.length < SIZE_BYTES) return end
    }
    const frameBytes = SIZE_BYTES + this.#sizeAt(carry.bytes, 0, originBytes)
    const until = Math.min(end, position + frameBytes - carry.length)
    carry.append(chunk, position, until, frameBytes)
    if (carry.length < frameBytes) return end
    this.#hand(carry.bytes, 0, frameBytes, originBytes)
    carry.clear()
    return until
  }

  #sizeAt(buffer: Uint8Array, at: number, originBytes: number): number {
    const size = readI32(buffer, at)
    if (size >= 1 && size <= this.frameBytesMax) return size
    throw new OpenWireProtocolError(originBytes + at, `a frame size of 1 to ${this.frameBytesMax}`)
  }

  #hand(buffer: Uint8Array, frameStart: number, frameEnd: number, originBytes: number): void {
    const typeAt = frameStart + SIZE_BYTES
    this.#fields.open(buffer, typeAt + 1, frameEnd, originBytes)
    this.#handler.onFrame(buffer[typeAt] as number, this.#fields)
  }
}
