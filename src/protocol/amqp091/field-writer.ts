import { FRAME_END, FRAME_HEAD_BYTES, FRAME_METHOD, writeFrameHead } from './frame.ts'
import type { FieldTable, FieldValue } from './field-table.ts'

const encoder = new TextEncoder()
const SHORT_STRING_BYTES_MAX = 255
const TWO_TO_32 = 0x1_0000_0000

/** Writes fields one after the other: for methods at a session's beginning and end, and for templates. */
export class FieldWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  octet(value: number): this {
    const at = this.#reserve(1)
    this.#bytes[at] = value
    return this
  }

  short(value: number): this {
    return this.octet(value >>> 8).octet(value)
  }

  /** 32 bits; negative numbers as their two's complement. */
  long(value: number): this {
    return this.short(value >>> 16).short(value & 0xffff)
  }

  /** 64 bits, of a whole number within +-(2^53 - 1). */
  longLong(value: number): this {
    return this.long(Math.floor(value / TWO_TO_32)).long(value % TWO_TO_32)
  }

  /** @throws RangeError for more than 255 bytes of UTF-8. */
  shortString(value: string): this {
    const bytes = encoder.encode(value)
    if (bytes.length > SHORT_STRING_BYTES_MAX) {
      throw new RangeError(`AMQP 0-9-1 names have at most ${SHORT_STRING_BYTES_MAX} bytes: ${value}`)
    }
    return this.octet(bytes.length).raw(bytes)
  }

  longString(value: string | Uint8Array): this {
    const bytes = typeof value === 'string' ? encoder.encode(value) : value
    return this.long(bytes.length).raw(bytes)
  }

  table(table: FieldTable): this {
    return this.#measured(() => {
      for (const [name, value] of table) this.shortString(name).#value(value)
    })
  }

  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** A copy of what was written. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #value(value: FieldValue): this {
    if (value === null) return this.#type('V')
    if (typeof value === 'string') return this.#type('S').longString(value)
    if (typeof value === 'boolean') return this.#type('t').octet(value ? 1 : 0)
    if (typeof value === 'number') return this.#number(value)
    if (value instanceof Uint8Array) return this.#type('x').longString(value)
    if (isArray(value)) return this.#type('A').#measured(() => value.forEach((each) => this.#value(each)))
    return this.#type('F').table(value)
  }

  #number(value: number): this {
    if (value === (value | 0)) return this.#type('I').long(value)
    if (Number.isSafeInteger(value)) return this.#type('l').longLong(value)
    const at = this.#type('d').#reserve(8)
    new DataView(this.#bytes.buffer).setFloat64(at, value)
    return this
  }

  #type(letter: string): this {
    return this.octet(letter.charCodeAt(0))
  }

  /** Writes the length of what `write` writes before it. */
  #measured(write: () => void): this {
    const lengthAt = this.#reserve(4)
    write()
    new DataView(this.#bytes.buffer).setUint32(lengthAt, this.#length - lengthAt - 4)
    return this
  }

  #reserve(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, at))
      this.#bytes = grown
    }
    return at
  }
}

/** One method frame; `write` adds the arguments. */
export function methodFrame(channel: number, method: number, write?: (fields: FieldWriter) => void): Uint8Array {
  const fields = new FieldWriter().long(method)
  write?.(fields)
  const payload = fields.bytes()
  const frame = new Uint8Array(FRAME_HEAD_BYTES + payload.length + 1)
  frame.set(payload, writeFrameHead(frame, 0, FRAME_METHOD, channel, payload.length))
  frame[frame.length - 1] = FRAME_END
  return frame
}

function isArray(value: readonly FieldValue[] | FieldTable): value is readonly FieldValue[] {
  return Array.isArray(value)
}
