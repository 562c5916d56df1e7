import { decodeModifiedUtf8 } from './modified-utf8.ts'
import { OpenWireProtocolError } from './openwire-error.ts'
import { NESTED } from './type-codes.ts'

/**
 * Reads the fields of one frame in place, one after the other, never beyond its end. One reader serves all frames of a
 * connection. Integers of 64 bits that are read here are counters and dates, exact up to 2^53.
 *
 * Every method throws OpenWireProtocolError where the frame ends too soon or says something else than expected.
 */
export class FrameReader {
  buffer: Uint8Array = new Uint8Array(0)
  position = 0
  end = 0
  /** Offset in the stream of what is at index 0 of the buffer. */
  originBytes = 0

  /** @param start index of the first byte after the type code. */
  open(buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    this.buffer = buffer
    this.position = start
    this.end = end
    this.originBytes = originBytes
  }

  skip(bytes: number): void {
    if (bytes > this.end - this.position) throw this.error(`${bytes} more bytes in this frame`, this.end)
    this.position += bytes
  }

  bool(): boolean {
    if (this.position >= this.end) throw this.error('a boolean in this frame')
    const octet = this.buffer[this.position] as number
    if (octet > 1) throw this.error('a boolean (0 or 1)')
    this.position++
    return octet === 1
  }

  u8(): number {
    if (this.position >= this.end) throw this.error('one more byte in this frame')
    return this.buffer[this.position++] as number
  }

  u16(): number {
    this.skip(2)
    const { buffer, position } = this
    return ((buffer[position - 2] as number) << 8) | (buffer[position - 1] as number)
  }

  i32(): number {
    this.skip(4)
    return readI32(this.buffer, this.position - 4)
  }

  i64(): number {
    this.skip(8)
    return readI64(this.buffer, this.position - 8)
  }

  /** A string with its presence flag; null where absent. */
  string(): string | null {
    return this.bool() ? this.text() : null
  }

  /** A string without presence flag: length and modified UTF-8. */
  text(): string {
    const start = this.position + 2
    this.skip(this.u16())
    return decodeModifiedUtf8(this.buffer, start, this.position)
  }

  skipString(): void {
    if (this.bool()) this.skip(this.u16())
  }

  /** Length of a byte array that follows; the position is then at its first byte. */
  byteLength(): number {
    const at = this.position
    const length = this.i32()
    if (length < 0 || length > this.end - this.position) {
      throw this.error(`a length of at most the ${this.end - this.position} bytes left in this frame`, at)
    }
    return length
  }

  /** Length of the byte array, 0 where it is absent; the position is then behind it. */
  skipByteArray(): number {
    if (!this.bool()) return 0
    const length = this.byteLength()
    this.position += length
    return length
  }

  /** A destination, an id or a transaction id, whichever the peer put there; false where it is absent. */
  skipNested(): boolean {
    if (!this.bool()) return false
    this.#skipValueOf(this.u8())
    return true
  }

  #skipValueOf(type: number): void {
    switch (type) {
      case NESTED.queue:
      case NESTED.topic:
      case NESTED.temporaryQueue:
      case NESTED.temporaryTopic:
      case NESTED.connectionId:
      case NESTED.brokerId:
        this.skipString()
        return
      case NESTED.sessionId:
        this.skipString()
        this.skip(8)
        return
      case NESTED.consumerId:
      case NESTED.producerId:
        this.skipString()
        this.skip(16)
        return
      case NESTED.messageId:
        this.skipString()
        this.#skipKnown(NESTED.producerId, 16)
        this.skip(16)
        return
      case NESTED.localTransactionId:
        this.skip(8)
        this.#skipKnown(NESTED.connectionId, 0)
        return
      case NESTED.xaTransactionId:
        this.skip(4)
        this.skipByteArray()
        this.skipByteArray()
        return
      default:
        throw this.error('a nested destination or id', this.position - 1)
    }
  }

  /** `commandId` and `responseRequired`, with which every command but WireFormatInfo begins. */
  skipBase(): void {
    this.skip(5)
  }

  /** An error about the byte at `index`, by default the one that comes next. */
  error(expected: string, index = this.position): OpenWireProtocolError {
    return new OpenWireProtocolError(this.originBytes + index, expected)
  }

  /** An id within an id. By its one possible type, so that no nesting of a hostile peer goes deeper. */
  #skipKnown(type: number, bytesAfterString: number): void {
    if (!this.bool()) return
    if (this.u8() !== type) throw this.error(`an id of type ${type}`, this.position - 1)
    this.skipString()
    this.skip(bytesAfterString)
  }
}

/** Big-endian, signed. */
export function readI32(buffer: Uint8Array, at: number): number {
  return (
    ((buffer[at] as number) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number)
  )
}

/** Big-endian, signed, exact up to 2^53. */
export function readI64(buffer: Uint8Array, at: number): number {
  return readI32(buffer, at) * 2 ** 32 + (readI32(buffer, at + 4) >>> 0)
}
