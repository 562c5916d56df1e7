import { ByteWriter, writeI32, writeI64 } from './byte-writer.ts'
import { writeDestination, writeProducerId } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { MESSAGE, NESTED } from './type-codes.ts'

/** Priority of a JMS message that says nothing of it. */
const PRIORITY = 4
/**
 * Behind the content: no properties, data structure, target consumer; not compressed, redelivered 0 times, no broker
 * path, arrival 0, no user, two flags off, no cluster, broker times 0, and a last flag off.
 */
const TRAILER_BYTES = 38
const TRAILER = new Uint8Array(TRAILER_BYTES)
const SIZE_AT = 0
const COMMAND_ID_AT = 5

export interface MessageSpec {
  readonly producer: EndpointId
  readonly destination: OpenWireDestination
  readonly persistent: boolean
  /** The broker answers each message once it is stored. */
  readonly responseRequired: boolean
}

/**
 * BytesMessages of one producer, encoded once: frame size, command id, message sequence, timestamp, length and content
 * are written per message, straight into the output buffer. What the broker sees is what its Java client sends.
 */
export class MessageTemplate {
  readonly #head: Uint8Array
  readonly #sequenceAt: number
  readonly #timestampAt: number

  constructor(spec: MessageSpec) {
    const writer = new ByteWriter().i32(0).u8(MESSAGE.bytes).i32(0).bool(spec.responseRequired)
    writeDestination(writeProducerId(writer, spec.producer), spec.destination)
    // No transaction, no original destination; the message id without text form.
    writer.bool(false).bool(false).bool(true).u8(NESTED.messageId).string(null)
    this.#sequenceAt = writeProducerId(writer, spec.producer).length
    // Sequence here and at the broker; no original transaction, group, group sequence, correlation id.
    writer.i64(0).i64(0).bool(false).string(null).i32(0).string(null)
    // No expiration, no reply-to.
    writer.bool(spec.persistent).i64(0).u8(PRIORITY).bool(false)
    this.#timestampAt = writer.length
    // No type; the content is there, and its length ends the head.
    this.#head = writer.i64(0).string(null).bool(true).i32(0).take()
  }

  /** Bytes that `write` needs for a body of so many bytes. */
  frameBytes(bodyBytes: number): number {
    return this.#head.length + bodyBytes + TRAILER_BYTES
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
    const bodyAt = at + head.length
    const end = bodyAt + body.length + TRAILER_BYTES
    target.set(head, at)
    writeI32(target, at + SIZE_AT, end - at - 4)
    writeI32(target, at + COMMAND_ID_AT, commandId)
    writeI64(target, at + this.#sequenceAt, sequence)
    writeI64(target, at + this.#timestampAt, timestampMs)
    writeI32(target, bodyAt - 4, body.length)
    target.set(body, bodyAt)
    target.set(TRAILER, end - TRAILER_BYTES)
    return end
  }
}
