import { ByteWriter, writeI32, writeI64 } from './byte-writer.ts'
import { writeMessageHead, writeMessageTrailer } from './message-layout.ts'
import type { MessageLayout, MessagePlaces } from './message-layout.ts'
import { MESSAGE } from './type-codes.ts'

const SIZE_AT = 0
const COMMAND_ID_AT = 5

export interface MessageSpec extends MessageLayout {
  /** Milliseconds from the publication to the expiration. Absent: never expires. */
  readonly ttlMs?: number
}

/**
 * BytesMessages of one producer, encoded once: frame size, command id, message sequence, timestamp, length and content
 * are written per message, straight into the output buffer. What the broker sees is what its Java client sends.
 */
export class MessageTemplate {
  readonly #head: Uint8Array
  readonly #trailer: Uint8Array
  readonly #places: MessagePlaces
  readonly #ttlMs: number

  constructor(spec: MessageSpec) {
    const writer = new ByteWriter().i32(0).u8(MESSAGE.bytes)
    this.#places = writeMessageHead(writer, spec)
    this.#head = writer.take()
    this.#trailer = writeMessageTrailer(new ByteWriter(), spec.properties ?? null).take()
    this.#ttlMs = spec.ttlMs ?? 0
  }

  /** Bytes that `write` needs for a body of so many bytes. */
  frameBytes(bodyBytes: number): number {
    return this.#head.length + bodyBytes + this.#trailer.length
  }

  /** The transaction that all further messages belong to; only where the spec names its connection. */
  setTransaction(number: number): void {
    writeI64(this.#head, this.#places.transactionAt, number)
  }

  /**
   * Writes one frame at `at`, where `frameBytes` bytes are free; returns the offset behind it.
   * @param commandId what the broker answers with, 32 bits.
   * @param sequence of the message id: 1 for the first of the producer, never twice.
   * @param timestampMs since the epoch (JMSTimestamp).
   */
  write(
    target: Uint8Array,
    at: number,
    commandId: number,
    sequence: number,
    timestampMs: number,
    body: Uint8Array,
  ): number {
    const head = this.#head
    const trailer = this.#trailer
    const places = this.#places
    const bodyAt = at + head.length
    const trailerAt = bodyAt + body.length
    const end = trailerAt + trailer.length
    target.set(head, at)
    writeI32(target, at + SIZE_AT, end - at - 4)
    writeI32(target, at + COMMAND_ID_AT, commandId)
    writeI64(target, at + places.sequenceAt, sequence)
    if (this.#ttlMs > 0) writeI64(target, at + places.expirationAt, timestampMs + this.#ttlMs)
    writeI64(target, at + places.timestampAt, timestampMs)
    writeI32(target, bodyAt - 4, body.length)
    target.set(body, bodyAt)
    target.set(trailer, trailerAt)
    return end
  }
}
