import { Amqp091ProtocolError } from './amqp091-error.ts'

const text = new TextDecoder('utf-8', { ignoreBOM: true })
const TWO_TO_32 = 0x1_0000_0000

/**
 * Reads the arguments of one method, or the properties of one content header, where they lie. The parser re-uses one
 * object: it is valid only during the call that hands it over. Every read that would go beyond the frame throws an
 * Amqp091ProtocolError, before anything is allocated.
 */
export class FieldReader {
  buffer: Uint8Array = EMPTY
  position = 0
  /** Index behind the last byte that may be read. */
  end = 0
  /** Offset in the stream of index 0 of `buffer`. */
  originBytes = 0

  /** Points the reader at `start` to `end` of `buffer`. */
  reset(buffer: Uint8Array, start: number, end: number, originBytes: number): void {
    this.buffer = buffer
    this.position = start
    this.end = end
    this.originBytes = originBytes
  }

  octet(): number {
    if (this.position >= this.end) throw this.error('an octet')
    return this.buffer[this.position++] as number
  }

  /** 16 bits, unsigned. */
  short(): number {
    const at = this.take(2, 'a short integer')
    return ((this.buffer[at] as number) << 8) | (this.buffer[at + 1] as number)
  }

  /** 32 bits, unsigned. */
  long(): number {
    return this.longAt(this.take(4, 'a long integer'))
  }

  /** 64 bits, unsigned; above 2^53 - 1 it is an error, because what is counted here never gets there. */
  longLong(): number {
    const at = this.take(8, 'a long-long integer')
    const value = this.longAt(at) * TWO_TO_32 + this.longAt(at + 4)
    if (value > Number.MAX_SAFE_INTEGER) throw this.error('a number of at most 2^53 - 1', at)
    return value
  }

  /** A text of at most 255 bytes. */
  shortString(): string {
    const length = this.octet()
    const at = this.take(length, `a short string of ${length} bytes`)
    return text.decode(this.buffer.subarray(at, at + length))
  }

  skipShortString(): void {
    const length = this.octet()
    this.take(length, `a short string of ${length} bytes`)
  }

  longString(): string {
    const length = this.long()
    const at = this.take(length, `a long string of ${length} bytes`)
    return text.decode(this.buffer.subarray(at, at + length))
  }

  /** Steps over `bytes` bytes that must be there; returns where they begin. */
  take(bytes: number, expected: string): number {
    const at = this.position
    if (bytes > this.end - at) throw this.error(expected)
    this.position = at + bytes
    return at
  }

  /** What was expected at `at`, by default at the present position. */
  error(expected: string, at = this.position): Amqp091ProtocolError {
    return new Amqp091ProtocolError(this.originBytes + at, expected)
  }

  /** The unsigned 32 bits at an index that is known to be there. */
  longAt(at: number): number {
    const { buffer } = this
    const low = ((buffer[at + 1] as number) << 16) | ((buffer[at + 2] as number) << 8) | (buffer[at + 3] as number)
    return (buffer[at] as number) * 0x100_0000 + low
  }
}

const EMPTY = new Uint8Array(0)
