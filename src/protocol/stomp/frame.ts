import type { Command } from './command.ts'
import { readDecimal } from './decimal.ts'
import { unescapeHeader } from './escape.ts'

const text = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * One frame where it lies in the parser's bytes. The parser re-uses one object: everything read from it is valid only
 * during `onFrame`, except strings.
 */
export class StompFrame {
  command: Command = 'ERROR'
  /** Holds the frame from `start` to `end`, the terminating NUL included. */
  buffer: Uint8Array = EMPTY
  start = 0
  end = 0
  bodyStart = 0
  bodyEnd = 0
  headerCount = 0
  /** Offsets in `buffer` of each header: name's start, its end (the colon), value's start, its end. */
  readonly offsets: Int32Array

  constructor(headerCountMax: number) {
    this.offsets = new Int32Array(headerCountMax * 4)
  }

  get bodyBytes(): number {
    return this.bodyEnd - this.bodyStart
  }

  /** A view of the body, no copy. */
  body(): Uint8Array {
    return new Uint8Array(this.buffer.buffer, this.buffer.byteOffset + this.bodyStart, this.bodyEnd - this.bodyStart)
  }

  /** Index of the first header with this name (the first counts, says the specification), or -1. */
  indexOf(name: Uint8Array): number {
    const { buffer, offsets, headerCount } = this
    const length = name.length
    for (let index = 0; index < headerCount; index++) {
      const nameStart = offsets[index * 4] as number
      if ((offsets[index * 4 + 1] as number) - nameStart !== length) continue
      let matched = 0
      while (matched < length && buffer[nameStart + matched] === name[matched]) matched++
      if (matched === length) return index
    }
    return -1
  }

  valueStart(index: number): number {
    return this.offsets[index * 4 + 2] as number
  }

  valueEnd(index: number): number {
    return this.offsets[index * 4 + 3] as number
  }

  /** The header's value as a whole number; -1 where it is missing or is none. */
  numberOf(name: Uint8Array): number {
    const index = this.indexOf(name)
    return index < 0 ? -1 : readDecimal(this.buffer, this.valueStart(index), this.valueEnd(index))
  }

  /** True only for the value `true`. */
  isTrue(name: Uint8Array): boolean {
    const index = this.indexOf(name)
    if (index < 0 || this.valueEnd(index) - this.valueStart(index) !== 4) return false
    return this.buffer[this.valueStart(index)] === 0x74 && this.buffer[this.valueEnd(index) - 1] === 0x65
  }

  /** The header's value, unescaped; null where it is missing. */
  header(name: string): string | null {
    const index = this.indexOf(new TextEncoder().encode(name))
    return index < 0 ? null : this.#decode(this.valueStart(index), this.valueEnd(index))
  }

  /** All headers in order, repeated ones too, unescaped. */
  headers(): [name: string, value: string][] {
    return Array.from({ length: this.headerCount }, (_, index) => [
      this.#decode(this.offsets[index * 4] as number, this.offsets[index * 4 + 1] as number),
      this.#decode(this.valueStart(index), this.valueEnd(index)),
    ])
  }

  #decode(start: number, end: number): string {
    const raw = text.decode(this.buffer.subarray(start, end))
    return isUnescaped(this.command) ? raw : unescapeHeader(raw)
  }
}

/** Frames whose headers are not escaped, for the sake of STOMP 1.0 peers. */
export function isUnescaped(command: Command): boolean {
  return command === 'CONNECT' || command === 'CONNECTED'
}

const EMPTY = new Uint8Array(0)
