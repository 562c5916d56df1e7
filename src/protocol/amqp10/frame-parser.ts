/**
 * Bytes in, frames out, in place: a frame that lies whole in one chunk is handed over where it is, and only one that was
 * split is put together in a buffer of the parser's own. Per frame nothing is allocated.
 *
 *   header ──▶ frames ... ──expectHeader()──▶ header ──▶ frames ...      (SASL first, then AMQP: two headers)
 */
import { Amqp10ProtocolError } from './amqp10-error.ts'
import { ByteStore } from './byte-store.ts'
import { AmqpFrame, FRAME_HEADER_BYTES } from './frame.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Amqp10Limits } from './limits.ts'

const AMQP = [0x41, 0x4d, 0x51, 0x50]
export const PROTOCOL_HEADER_BYTES = 8

/** The `protocol-id` of a protocol header: what follows it. */
export const PROTOCOL_ID = { amqp: 0, tls: 2, sasl: 3 } as const

export interface AmqpFrameHandler {
  /** A protocol header of version 1.0.0. */
  onHeader(protocolId: number): void
  /** One frame, valid only during the call. Whatever it throws comes out of `feed`. */
  onFrame(frame: AmqpFrame): void
}

export class AmqpFrameParser {
  readonly #handler: AmqpFrameHandler
  readonly #frameBytesMax: number
  readonly #frame = new AmqpFrame()
  readonly #carry = new ByteStore()
  /** Bytes of all chunks before the present one. */
  #streamBytes = 0
  #expectsHeader = true
  #stopped = false

  constructor(handler: AmqpFrameHandler, limits: Amqp10Limits = DEFAULT_LIMITS) {
    this.#handler = handler
    this.#frameBytesMax = limits.frameBytesMax
  }

  /** After the frame that is being handed over a protocol header comes. */
  expectHeader(): void {
    this.#expectsHeader = true
  }

  /** Hands over nothing more and ignores all further bytes. */
  stop(): void {
    this.#stopped = true
  }

  /**
   * The next bytes of the stream, from `start` to `end` of `chunk`; they may be overwritten after the call.
   * @throws Amqp10ProtocolError after which the parser must not be fed again.
   */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    const carry = this.#carry
    const originBytes = this.#streamBytes - start
    let position = start
    while (position < end && !this.#stopped) {
      if (carry.length === 0) {
        const unitEnd = this.#unitEnd(chunk, position, end, originBytes)
        if (unitEnd > end) {
          carry.append(chunk, position, end)
          break
        }
        this.#handOver(chunk, position, unitEnd, originBytes)
        position = unitEnd
      } else {
        position = this.#feedCarry(chunk, position, end, originBytes + position - carry.length)
      }
    }
    this.#streamBytes += end - start
  }

  /** Adds to what is split, no further than to its end, and hands it over when it is whole. */
  #feedCarry(chunk: Uint8Array, start: number, end: number, originBytes: number): number {
    const carry = this.#carry
    const needed = this.#unitEnd(carry.bytes, 0, carry.length, originBytes)
    const take = Math.min(end - start, needed - carry.length)
    carry.append(chunk, start, start + take)
    // Looked at again at once, so that what is wrong is told with the byte that is.
    if (carry.length === this.#unitEnd(carry.bytes, 0, carry.length, originBytes)) {
      this.#handOver(carry.bytes, 0, carry.length, originBytes)
      carry.clear()
    }
    return start + take
  }

  /** Where the header or frame at `start` ends, as far as the bytes until `end` tell: beyond `end` if it is not whole. */
  #unitEnd(buffer: Uint8Array, start: number, end: number, originBytes: number): number {
    if (this.#expectsHeader) {
      // Told apart by the first byte, so that a peer of another protocol is not waited for.
      for (let index = 0; index < AMQP.length && start + index < end; index++) {
        if (buffer[start + index] !== AMQP[index]) {
          throw new Amqp10ProtocolError(originBytes + start + index, 'an AMQP protocol header')
        }
      }
      return start + PROTOCOL_HEADER_BYTES
    }
    if (end - start < 4) return start + 4
    const high = ((buffer[start] as number) << 24) | ((buffer[start + 1] as number) << 16)
    const size = (high | ((buffer[start + 2] as number) << 8) | (buffer[start + 3] as number)) >>> 0
    if (size < FRAME_HEADER_BYTES || size > this.#frameBytesMax) {
      throw new Amqp10ProtocolError(originBytes + start, `a frame of 8 to ${this.#frameBytesMax} bytes, not ${size}`)
    }
    return start + size
  }

  #handOver(buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    if (this.#expectsHeader) {
      if (buffer[start + 5] !== 1 || buffer[start + 6] !== 0 || buffer[start + 7] !== 0) {
        throw new Amqp10ProtocolError(originBytes + start + 5, 'version 1.0.0')
      }
      this.#expectsHeader = false
      this.#handler.onHeader(buffer[start + 4] as number)
      return
    }
    const bodyStart = start + (buffer[start + 4] as number) * 4
    if (bodyStart < start + FRAME_HEADER_BYTES || bodyStart > end) {
      throw new Amqp10ProtocolError(originBytes + start + 4, 'a data offset within the frame')
    }
    const frame = this.#frame
    frame.type = buffer[start + 5] as number
    frame.channel = ((buffer[start + 6] as number) << 8) | (buffer[start + 7] as number)
    frame.buffer = buffer
    frame.bodyStart = bodyStart
    frame.end = end
    frame.originBytes = originBytes
    this.#handler.onFrame(frame)
  }
}
