/**
 * Bytes in, frames out, in place: a frame that lies whole in one chunk is handed over where it is, and only one that was
 * split is put together in a buffer of the parser's own. Per frame nothing is allocated.
 *
 *   chunk ──whole──▶ readFrame ──▶ onFrame
 *     └──split──▶ carry (grows as bytes arrive, never beyond the limits) ──▶ readFrame ──▶ onFrame
 */
import { commandAt } from './command.ts'
import type { Command } from './command.ts'
import { Carry } from '../carry.ts'
import { readDecimal } from './decimal.ts'
import { isUnescaped, StompFrame } from './frame.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { StompLimits } from './limits.ts'
import { StompProtocolError } from './stomp-error.ts'

const NUL = 0
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const COLON = 58
const BACKSLASH = 92
const CONTENT_LENGTH = new TextEncoder().encode('content-length')
/** How much is added to a split header at a time: most headers are shorter. */
const HEADER_STEP_BYTES = 1024

export interface StompFrameHandler {
  /** One frame, valid only during the call. Whatever it throws comes out of `feed`. */
  onFrame(frame: StompFrame): void
}

export class StompParser {
  readonly #handler: StompFrameHandler
  readonly #limits: StompLimits
  readonly #frame: StompFrame
  readonly #carry = new Carry()
  /** Bytes of all chunks before the present one. */
  #streamBytes = 0
  /** Offset in the stream of what is at index 0 of the buffer being read. */
  #originBytes = 0
  /** Bytes that the split frame needs at the least; 0 where its length is not known yet. */
  #needBytes = 0
  /** The split frame has its headers, and its body ends at the first NUL from this index of the carry; -1 = not so. */
  #nulFrom = -1
  #stopped = false

  constructor(handler: StompFrameHandler, limits: StompLimits = DEFAULT_LIMITS) {
    this.#handler = handler
    this.#limits = limits
    this.#frame = new StompFrame(limits.headerCountMax)
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
   * @throws StompProtocolError after which the parser must not be fed again.
   */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    let position = start
    if (this.#carry.length > 0) position = this.#feedCarry(chunk, start, end)
    if (this.#carry.length === 0 && !this.#stopped) {
      this.#originBytes = this.#streamBytes - start
      position = this.#readFrames(chunk, position, end)
      if (position < end) this.#carry.append(chunk, position, end, this.#frameBytes())
    }
    this.#streamBytes += end - start
  }

  /** Reads whole frames; returns where the first incomplete one begins, `end` once stopped. */
  #readFrames(buffer: Uint8Array, start: number, end: number): number {
    let position = start
    while (position < end) {
      if (this.#stopped) return end
      const octet = buffer[position]
      if (octet === LINE_FEED || octet === CARRIAGE_RETURN) {
        position++
        continue
      }
      const frameEnd = this.#readFrame(buffer, position, end)
      if (frameEnd < 0) return position
      position = frameEnd
      this.#handler.onFrame(this.#frame)
    }
    return position
  }

  /** Completes the split frame; returns where in the chunk reading goes on. */
  #feedCarry(chunk: Uint8Array, start: number, end: number): number {
    const carry = this.#carry
    let position = start
    while (position < end && !this.#stopped) {
      const stepEnd = this.#stepEnd(chunk, position, end)
      this.#originBytes = this.#streamBytes + position - start - carry.length
      carry.append(chunk, position, stepEnd, this.#frameBytes())
      position = stepEnd
      if (carry.length < this.#needBytes) continue
      const frameEnd = this.#readFrame(carry.bytes, 0, carry.length)
      if (frameEnd < 0) continue
      // What was added beyond the frame is still in the chunk: go back to it there.
      position -= carry.length - frameEnd
      this.#needBytes = 0
      this.#nulFrom = -1
      this.#handler.onFrame(this.#frame)
      carry.clear()
      return position
    }
    return position
  }

  /** Of the split frame, as far as its headers have told. */
  #frameBytes(): number {
    return this.#needBytes > 0 ? this.#needBytes : Infinity
  }

  /** How far to take the chunk into the carry before trying again. */
  #stepEnd(chunk: Uint8Array, position: number, end: number): number {
    if (this.#nulFrom >= 0) {
      const nul = chunk.indexOf(NUL, position)
      const stepEnd = nul >= 0 && nul < end ? nul + 1 : end
      // One byte beyond the limit is enough for readFrame to see that the body is too long.
      return Math.min(stepEnd, position + this.#nulFrom + this.#limits.bodyBytesMax + 1 - this.#carry.length)
    }
    const wanted = this.#needBytes > 0 ? this.#needBytes - this.#carry.length : HEADER_STEP_BYTES
    return Math.min(end, position + wanted)
  }

  /** Reads the frame that begins at `start`; returns its end, or -1 where it is not complete. */
  #readFrame(buffer: Uint8Array, start: number, end: number): number {
    const frame = this.#frame
    const command = commandAt(buffer, start, end)
    if (command === null) throw this.#error(start, 'a STOMP command')
    if (command === 'incomplete') return -1
    frame.command = command
    frame.buffer = buffer
    frame.start = start
    let headersStart = start + command.length + 1
    if (buffer[headersStart - 1] === CARRIAGE_RETURN) headersStart++
    const bodyStart = this.#readHeaders(buffer, start, headersStart, end, command)
    if (bodyStart < 0) return -1
    const length = this.#contentLength()
    const bodyEnd =
      length < 0
        ? this.#endOfOpenBody(buffer, start, bodyStart, end)
        : this.#endOfBody(buffer, start, bodyStart, length, end)
    if (bodyEnd < 0) return -1
    frame.bodyStart = bodyStart
    frame.bodyEnd = bodyEnd
    frame.end = bodyEnd + 1
    return bodyEnd + 1
  }

  /** Fills the frame's header offsets; returns where the body begins, or -1 where the headers are not complete. */
  #readHeaders(buffer: Uint8Array, frameStart: number, start: number, end: number, command: Command): number {
    const frame = this.#frame
    const offsets = frame.offsets
    const limitEnd = frameStart + this.#limits.headerBytesMax
    const readEnd = end < limitEnd ? end : limitEnd
    let count = 0
    let position = start
    for (;;) {
      const lineStart = position
      let colon = -1
      let octet = 0
      while (position < readEnd && (octet = buffer[position] as number) !== LINE_FEED) {
        if (octet === COLON) {
          if (colon < 0) colon = position
        } else if (octet === BACKSLASH) {
          if (!isUnescaped(command) && position + 1 < readEnd) {
            this.#checkEscape(buffer[position + 1] as number, position)
            // The second half of an escaped backslash does not begin an escape.
            position++
          }
        } else if (octet === NUL) {
          throw this.#error(position, 'a header line or the empty line before the body')
        }
        position++
      }
      if (position >= readEnd) {
        if (end >= limitEnd) throw this.#error(limitEnd, `headers of at most ${this.#limits.headerBytesMax} bytes`)
        return -1
      }
      const lineEnd = position > lineStart && buffer[position - 1] === CARRIAGE_RETURN ? position - 1 : position
      position++
      if (lineEnd === lineStart) {
        frame.headerCount = count
        return position
      }
      if (colon < 0) throw this.#error(lineEnd, "':' in the header line")
      if (colon === lineStart) throw this.#error(lineStart, "a header name before ':'")
      if (count === this.#limits.headerCountMax) {
        throw this.#error(lineStart, `at most ${this.#limits.headerCountMax} headers`)
      }
      offsets[count * 4] = lineStart
      offsets[count * 4 + 1] = colon
      offsets[count * 4 + 2] = colon + 1
      offsets[count * 4 + 3] = lineEnd
      count++
    }
  }

  #checkEscape(octet: number, position: number): void {
    const isKnown = octet === 0x5c || octet === 0x6e || octet === 0x72 || octet === 0x63
    if (!isKnown) throw this.#error(position, 'one of the escapes \\\\ \\n \\r \\c')
  }

  /** The frame's content-length; -1 where there is none. */
  #contentLength(): number {
    const frame = this.#frame
    const index = frame.indexOf(CONTENT_LENGTH)
    if (index < 0) return -1
    const valueStart = frame.valueStart(index)
    const length = readDecimal(frame.buffer, valueStart, frame.valueEnd(index))
    if (length < 0) throw this.#error(valueStart, 'a whole number as content-length')
    if (length > this.#limits.bodyBytesMax) {
      throw this.#error(valueStart, `a body of at most ${this.#limits.bodyBytesMax} bytes`)
    }
    return length
  }

  #endOfBody(buffer: Uint8Array, frameStart: number, bodyStart: number, length: number, end: number): number {
    const bodyEnd = bodyStart + length
    if (bodyEnd >= end) {
      this.#needBytes = bodyEnd + 1 - frameStart
      return -1
    }
    if (buffer[bodyEnd] !== NUL) throw this.#error(bodyEnd, `NUL after a body of ${length} bytes`)
    return bodyEnd
  }

  /** The end of a body without content-length, which is its first NUL. */
  #endOfOpenBody(buffer: Uint8Array, frameStart: number, bodyStart: number, end: number): number {
    const limitEnd = bodyStart + this.#limits.bodyBytesMax
    const alreadySearched = this.#nulFrom >= 0 ? Math.max(bodyStart, end - 1) : bodyStart
    const nul = buffer.indexOf(NUL, alreadySearched)
    if (nul >= 0 && nul < end && nul <= limitEnd) return nul
    if (end > limitEnd) throw this.#error(limitEnd, `a body of at most ${this.#limits.bodyBytesMax} bytes`)
    this.#nulFrom = bodyStart - frameStart
    return -1
  }

  #error(index: number, expected: string): StompProtocolError {
    return new StompProtocolError(this.#originBytes + index, expected)
  }
}
