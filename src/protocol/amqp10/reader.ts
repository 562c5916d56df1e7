/**
 * Reads AMQP 1.0 values where they lie (specification, part 1). Nothing is allocated except strings; every length is
 * checked against the enclosing frame, list or map before it is believed.
 */
import { Amqp10ProtocolError } from './amqp10-error.ts'
import { descriptorOfName, UNKNOWN_DESCRIPTOR } from './descriptor.ts'

const text = new TextDecoder('utf-8', { ignoreBOM: true })

/** A uint that was null or left out. */
export const ABSENT = -1

export class AmqpReader {
  buffer: Uint8Array = EMPTY
  position = 0
  /** Nothing is read beyond. */
  end = 0
  /** Offset in the stream of what is at index 0 of `buffer`, for errors. */
  originBytes = 0
  /** Where the last binary, string or symbol lies. */
  valueStart = 0
  valueEnd = 0

  load(buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    this.buffer = buffer
    this.position = start
    this.end = end
    this.originBytes = originBytes
  }

  error(expected: string, at = this.position): Amqp10ProtocolError {
    return new Amqp10ProtocolError(this.originBytes + at, expected)
  }

  readByte(): number {
    if (this.position >= this.end) throw this.error('one more byte')
    return this.buffer[this.position++] as number
  }

  readUint16(): number {
    const at = this.take(2)
    return ((this.buffer[at] as number) << 8) | (this.buffer[at + 1] as number)
  }

  readUint32(): number {
    const at = this.take(4)
    const { buffer } = this
    const low = ((buffer[at + 1] as number) << 16) | ((buffer[at + 2] as number) << 8) | (buffer[at + 3] as number)
    return (((buffer[at] as number) << 24) | low) >>> 0
  }

  /** Moves over `bytes`; returns where they begin. */
  take(bytes: number): number {
    const at = this.position
    if (bytes > this.end - at) throw this.error(`${bytes} more bytes`)
    this.position = at + bytes
    return at
  }

  /** A value of type uint; `ABSENT` for null. */
  readUint(): number {
    const code = this.readByte()
    switch (code) {
      case 0x70:
        return this.readUint32()
      case 0x52:
        return this.readByte()
      case 0x43:
        return 0
      case 0x40:
        return ABSENT
      default:
        throw this.error('a uint', this.position - 1)
    }
  }

  /** A value of type boolean; `otherwise` for null. */
  readBoolean(otherwise: boolean): boolean {
    switch (this.readByte()) {
      case 0x41:
        return true
      case 0x42:
        return false
      case 0x40:
        return otherwise
      case 0x56:
        return this.readByte() !== 0
      default:
        throw this.error('a boolean', this.position - 1)
    }
  }

  /** A binary, string or symbol: sets `valueStart` and `valueEnd`. False for a value of another type, which is skipped. */
  readBytes(): boolean {
    const code = this.readByte()
    if (code === 0xa0 || code === 0xa1 || code === 0xa3) {
      this.#takeValue(this.readByte())
      return true
    }
    if (code === 0xb0 || code === 0xb1 || code === 0xb3) {
      this.#takeValue(this.readUint32())
      return true
    }
    this.#skipOf(code)
    return false
  }

  /** The characters found by `readBytes`. */
  textOfValue(): string {
    return text.decode(this.buffer.subarray(this.valueStart, this.valueEnd))
  }

  /** The code of a described value's descriptor, whose value comes next; `UNKNOWN_DESCRIPTOR` where it is not of AMQP. */
  readDescriptor(): number {
    if (this.readByte() !== 0) throw this.error('a described value', this.position - 1)
    const code = this.readByte()
    if (code === 0x53) return this.readByte()
    if (code === 0x80) {
      const high = this.readUint32()
      const low = this.readUint32()
      return high === 0 ? low : UNKNOWN_DESCRIPTOR
    }
    this.position--
    return this.readBytes() ? descriptorOfName(this.textOfValue()) : UNKNOWN_DESCRIPTOR
  }

  /**
   * Enters a list: from now on nothing beyond it can be read, until `leave`. Returns the number of its fields.
   * The caller keeps `end` of before, for `leave`.
   */
  enterList(): number {
    const code = this.readByte()
    if (code === 0x45) {
      this.end = this.position
      return 0
    }
    if (code !== 0xc0 && code !== 0xd0) throw this.error('a list', this.position - 1)
    return this.enterCompound(code === 0xc0)
  }

  /** Enters what has a size and a count, of one byte each or of four, and returns the count. */
  enterCompound(isSmall: boolean): number {
    const size = isSmall ? this.readByte() : this.readUint32()
    if (size > this.end - this.position) throw this.error(`${size} more bytes of a list, map or array`)
    this.end = this.position + size
    const count = isSmall ? this.readByte() : this.readUint32()
    if (count > this.end - this.position) throw this.error(`no more elements than bytes, not ${count}`)
    return count
  }

  /** Goes behind what was entered. */
  leave(outerEnd: number): void {
    this.position = this.end
    this.end = outerEnd
  }

  /** Moves over any value. */
  skip(): void {
    let values = 1
    while (values > 0) {
      const code = this.readByte()
      values--
      // A descriptor and a value; each has a byte at least, so this ends with the frame.
      if (code === 0) values += 2
      else this.#skipOf(code)
    }
  }

  /** The high half of a constructor tells how much follows (1.2). */
  #skipOf(code: number): void {
    switch (code >> 4) {
      case 0x4:
        return
      case 0x5:
      case 0x6:
      case 0x7:
      case 0x8:
      case 0x9:
        this.take(1 << ((code >> 4) - 5))
        return
      case 0xa:
      case 0xc:
      case 0xe:
        this.take(this.readByte())
        return
      case 0xb:
      case 0xd:
      case 0xf:
        this.take(this.readUint32())
        return
      default:
        throw this.error('the constructor of a value', this.position - 1)
    }
  }

  #takeValue(bytes: number): void {
    this.valueStart = this.take(bytes)
    this.valueEnd = this.position
  }
}

const EMPTY = new Uint8Array(0)
