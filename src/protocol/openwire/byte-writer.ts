import { encodeModifiedUtf8 } from './modified-utf8.ts'

/** Longest string on the wire, in bytes of modified UTF-8. */
const STRING_BYTES_MAX = 0xffff

/** Appends OpenWire's primitives to a buffer that grows: for commands that are encoded once, not for those per message. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
    return this
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0)
  }

  i32(value: number): this {
    this.#reserve(4)
    writeI32(this.#bytes, this.#length, value)
    this.#length += 4
    return this
  }

  /** A whole number of at most 53 bits, negative ones in two's complement. */
  i64(value: number): this {
    return this.i32(Math.floor(value / 2 ** 32)).i32((value % 2 ** 32) | 0)
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  /** With its presence flag. @throws RangeError for more than 65,535 bytes */
  string(value: string | null): this {
    return value === null ? this.bool(false) : this.bool(true).text(value)
  }

  /** Without presence flag. @throws RangeError for more than 65,535 bytes */
  text(value: string): this {
    const bytes = encodeModifiedUtf8(value)
    if (bytes.length > STRING_BYTES_MAX) throw new RangeError(`a string of more than ${STRING_BYTES_MAX} bytes`)
    return this.u8(bytes.length >> 8)
      .u8(bytes.length & 0xff)
      .raw(bytes)
  }

  /** What was written, as a copy. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** What was written as one frame, with its size in front, as a copy. */
  takeFrame(): Uint8Array {
    const frame = new Uint8Array(this.#length + 4)
    writeI32(frame, 0, this.#length)
    frame.set(this.#bytes.subarray(0, this.#length), 4)
    return frame
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

/** Big-endian. */
export function writeI32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = (value >>> 16) & 0xff
  target[at + 2] = (value >>> 8) & 0xff
  target[at + 3] = value & 0xff
}

/** Big-endian, for whole numbers from 0 to 2^53 - 1. */
export function writeI64(target: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32)
  writeI32(target, at, high)
  writeI32(target, at + 4, value - high * 2 ** 32)
}
