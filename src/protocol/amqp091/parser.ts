/**
 * Bytes in, methods and contents out, in place: a frame that lies whole in one chunk is handed over where it is. Only what
 * was split is put together, each byte copied once: a method or header frame in `#frame`, a body in that of its channel.
 *
 *   chunk ──method, header──▶ onMethod, onContentHeader
 *     ├──body in one frame──▶ onContent (where it lies)
 *     └──body in several frames, or split by a chunk──▶ DueContent.body ──▶ onContent
 *
 * The frames of several channels may be interleaved as they like.
 */
import { Amqp091ProtocolError } from './amqp091-error.ts'
import { BODY_IS_DUE, DueContent, HEADER_IS_DUE, NO_CONTENT_DUE } from './due-content.ts'
import { FieldReader } from './field-reader.ts'
import { FRAME_BODY, FRAME_END, FRAME_HEAD_BYTES, FRAME_HEADER, FRAME_HEARTBEAT, FRAME_METHOD } from './frame.ts'
import { FRAME_OVERHEAD_BYTES, frameSizeAt } from './frame.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Amqp091Limits } from './limits.ts'
import { carriesContent, CLASS_BASIC } from './method.ts'
import { SplitBytes } from './split-bytes.ts'

const METHOD_PAYLOAD_BYTES_MIN = 4
const HEADER_PAYLOAD_BYTES_MIN = 14
const NOTHING_DUE = new DueContent(0)
const FRAME_END_EXPECTED = `the frame-end octet ${FRAME_END}`

/** What is read, in the order of the stream. Whatever a call throws comes out of `feed`. */
export interface Amqp091Handler {
  /** @param method as in METHOD. @param fields at the first argument; valid only during the call. */
  onMethod(channel: number, method: number, fields: FieldReader): void
  /** Of the method before on the channel. @param properties at the property flags; valid only during the call. */
  onContentHeader(properties: FieldReader, channel: number): void
  /** The whole body, from `start` to `end` of `buffer`; valid only during the call. */
  onContent(buffer: Uint8Array, start: number, end: number, channel: number): void
}

/** The incremental parser of one connection; the protocol header is not its business. */
export class Amqp091Parser {
  /** May be changed between frames: `frame-max` is tuned in the handshake. */
  frameBytesMax: number
  readonly #handler: Amqp091Handler
  readonly #limits: Amqp091Limits
  readonly #fields = new FieldReader()
  readonly #frame = new SplitBytes()
  /** Bytes of the split frame; 0 where its head is not complete. */
  #frameBytes = 0
  /** Bytes of a split body frame that are still to come, its end octet included; 0 = none is split. */
  #bodyFrameLeft = 0
  /** Of the channel whose content is being read; every channel that had one, by its number, is in `#contents`. */
  #due = new DueContent(1)
  readonly #contents = new Map([[1, this.#due]])
  /** Bytes of all chunks before the present one. */
  #streamBytes = 0
  /** Offset in the stream of what is at index 0 of the chunk. */
  #originBytes = 0
  #stopped = false

  constructor(handler: Amqp091Handler, limits: Amqp091Limits = DEFAULT_LIMITS) {
    this.#handler = handler
    this.#limits = limits
    this.frameBytesMax = limits.frameBytesMax
  }

  /** Hands over nothing more and ignores all further bytes. */
  stop(): void {
    this.#stopped = true
  }

  /** Whether the bytes so far end in the middle of a frame or of a content. */
  get isInside(): boolean {
    if (this.#frame.length > 0 || this.#bodyFrameLeft > 0) return true
    return [...this.#contents.values()].some(({ part }) => part !== NO_CONTENT_DUE)
  }

  /**
   * The next bytes of the stream, from `start` to `end` of `chunk`; they may be overwritten after the call.
   * @throws Amqp091ProtocolError after which the parser must not be fed again.
   */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    this.#originBytes = this.#streamBytes - start
    let position = start
    while (position < end && !this.#stopped) {
      if (this.#bodyFrameLeft > 0) position = this.#continueBody(chunk, position, end)
      else if (this.#frame.length > 0) position = this.#continueFrame(chunk, position, end)
      else position = this.#readFrames(chunk, position, end)
    }
    this.#streamBytes += end - start
  }

  /** Reads whole frames; returns how far it came. What is left of the chunk then belongs to a split frame. */
  #readFrames(chunk: Uint8Array, start: number, end: number): number {
    let position = start
    while (position < end && !this.#stopped) {
      const type = chunk[position] as number
      this.#checkType(type, position)
      if (end - position < FRAME_HEAD_BYTES) {
        this.#frame.append(chunk, position, end)
        return end
      }
      const channel = ((chunk[position + 1] as number) << 8) | (chunk[position + 2] as number)
      const size = frameSizeAt(chunk, position)
      this.#checkHead(type, channel, size, this.#originBytes + position)
      const payloadStart = position + FRAME_HEAD_BYTES
      const payloadEnd = payloadStart + size
      if (payloadEnd >= end) {
        if (type === FRAME_BODY) {
          this.#bodyFrameLeft = size + 1
          return payloadStart
        }
        this.#frameBytes = size + FRAME_OVERHEAD_BYTES
        this.#frame.append(chunk, position, end)
        return end
      }
      if (chunk[payloadEnd] !== FRAME_END) throw this.#error(this.#originBytes + payloadEnd, FRAME_END_EXPECTED)
      position = payloadEnd + 1
      if (type === FRAME_BODY) this.#onBodyFrame(chunk, payloadStart, payloadEnd)
      else this.#onFrame(type, channel, chunk, payloadStart, payloadEnd, this.#originBytes)
    }
    return position
  }

  /** Adds to the split frame; hands it over when it is complete. */
  #continueFrame(chunk: Uint8Array, start: number, end: number): number {
    const frame = this.#frame
    const frameOrigin = this.#originBytes + start - frame.length
    const wanted = (this.#frameBytes > 0 ? this.#frameBytes : FRAME_HEAD_BYTES) - frame.length
    const position = Math.min(end, start + wanted)
    frame.append(chunk, start, position)
    const { bytes } = frame
    const type = bytes[0] as number
    const channel = ((bytes[1] as number) << 8) | (bytes[2] as number)
    if (this.#frameBytes === 0) {
      if (frame.length < FRAME_HEAD_BYTES) return position
      const size = frameSizeAt(bytes, 0)
      this.#checkHead(type, channel, size, frameOrigin)
      if (type === FRAME_BODY) {
        frame.clear()
        this.#bodyFrameLeft = size + 1
      } else {
        this.#frameBytes = size + FRAME_OVERHEAD_BYTES
      }
      return position
    }
    if (frame.length < this.#frameBytes) return position
    const payloadEnd = this.#frameBytes - 1
    if (bytes[payloadEnd] !== FRAME_END) throw this.#error(frameOrigin + payloadEnd, FRAME_END_EXPECTED)
    this.#frameBytes = 0
    this.#onFrame(type, channel, bytes, FRAME_HEAD_BYTES, payloadEnd, frameOrigin)
    frame.clear()
    return position
  }

  /** Takes what has come of a split body frame straight into the body. */
  #continueBody(chunk: Uint8Array, start: number, end: number): number {
    const payloadEnd = Math.min(end, start + this.#bodyFrameLeft - 1)
    if (payloadEnd > start) this.#due.body.append(chunk, start, payloadEnd)
    this.#bodyFrameLeft -= payloadEnd - start
    if (this.#bodyFrameLeft > 1 || payloadEnd === end) return payloadEnd
    if (chunk[payloadEnd] !== FRAME_END) throw this.#error(this.#originBytes + payloadEnd, FRAME_END_EXPECTED)
    this.#bodyFrameLeft = 0
    this.#endBodyFrame()
    return payloadEnd + 1
  }

  #onFrame(type: number, channel: number, buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    const fields = this.#fields
    if (type === FRAME_METHOD) {
      const method =
        ((buffer[start] as number) << 24) |
        (((buffer[start + 1] as number) << 16) | ((buffer[start + 2] as number) << 8) | (buffer[start + 3] as number))
      if (carriesContent(method)) {
        if (this.#due.channel !== channel) this.#turnTo(channel)
        this.#due.part = HEADER_IS_DUE
      }
      fields.reset(buffer, start + 4, end, originBytes)
      this.#handler.onMethod(channel, method, fields)
    } else if (type === FRAME_HEADER) {
      fields.reset(buffer, start, end, originBytes)
      this.#onHeader(fields)
    }
  }

  #onHeader(fields: FieldReader): void {
    const classAt = fields.position
    if (fields.short() !== CLASS_BASIC) throw fields.error('a content header of class 60', classAt)
    fields.short()
    const sizeStart = fields.position
    const bodyBytes = fields.longLong()
    const { bodyBytesMax } = this.#limits
    if (bodyBytes > bodyBytesMax) throw fields.error(`a body of at most ${bodyBytesMax} bytes`, sizeStart)
    const due = this.#due
    due.bodyBytes = bodyBytes
    due.part = bodyBytes > 0 ? BODY_IS_DUE : NO_CONTENT_DUE
    const { buffer, end } = fields
    this.#handler.onContentHeader(fields, due.channel)
    if (bodyBytes === 0) this.#handler.onContent(buffer, end, end, due.channel)
  }

  #onBodyFrame(chunk: Uint8Array, start: number, end: number): void {
    const due = this.#due
    if (due.body.length === 0 && end - start === due.bodyBytes) {
      due.part = NO_CONTENT_DUE
      this.#handler.onContent(chunk, start, end, due.channel)
      return
    }
    due.body.append(chunk, start, end)
    this.#endBodyFrame()
  }

  #endBodyFrame(): void {
    const { body, bodyBytes, channel } = this.#due
    if (body.length < bodyBytes) return
    this.#due.part = NO_CONTENT_DUE
    this.#handler.onContent(body.bytes, 0, body.length, channel)
    body.clear()
  }

  /** The content of another channel goes on, or begins. */
  #turnTo(channel: number): void {
    let due = this.#contents.get(channel)
    if (due === undefined) {
      due = new DueContent(channel)
      this.#contents.set(channel, due)
    }
    this.#due = due
  }

  #checkType(type: number, index: number): void {
    if (type === FRAME_METHOD || type === FRAME_HEADER || type === FRAME_BODY || type === FRAME_HEARTBEAT) return
    throw this.#error(this.#originBytes + index, 'a frame of type 1, 2, 3 or 8')
  }

  /** Everything that the head of a frame can tell, before its payload is waited for. */
  #checkHead(type: number, channel: number, size: number, offset: number): void {
    const sizeOffset = offset + 3
    if (size + FRAME_OVERHEAD_BYTES > this.frameBytesMax) {
      throw this.#error(sizeOffset, `a frame of at most ${this.frameBytesMax} bytes`)
    }
    if (channel > this.#limits.channelMax) throw this.#error(offset + 1, `a channel up to ${this.#limits.channelMax}`)
    const due = channel === this.#due.channel ? this.#due : (this.#contents.get(channel) ?? NOTHING_DUE)
    switch (type) {
      case FRAME_METHOD:
        if (due.part !== NO_CONTENT_DUE) throw this.#error(offset, due.expected)
        if (size < METHOD_PAYLOAD_BYTES_MIN) throw this.#error(sizeOffset, 'a method of at least 4 bytes')
        return
      case FRAME_HEADER:
        if (due.part !== HEADER_IS_DUE) throw this.#error(offset, due.expected)
        if (size < HEADER_PAYLOAD_BYTES_MIN) throw this.#error(sizeOffset, 'a content header of at least 14 bytes')
        this.#due = due
        return
      case FRAME_BODY: {
        if (due.part !== BODY_IS_DUE) throw this.#error(offset, due.expected)
        const left = due.bodyBytes - due.body.length
        if (size > left) throw this.#error(sizeOffset, `at most ${left} further bytes of body`)
        this.#due = due
        return
      }
      default:
        if (channel !== 0 || size !== 0) throw this.#error(offset + 1, 'a heart-beat on channel 0 without payload')
    }
  }

  #error(offset: number, expected: string): Amqp091ProtocolError {
    return new Amqp091ProtocolError(offset, expected)
  }
}
