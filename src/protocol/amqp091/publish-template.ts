import { decimalLength, writeDecimal } from './decimal.ts'
import { FieldWriter, methodFrame } from './field-writer.ts'
import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_OVERHEAD_BYTES, writeFrameHead } from './frame.ts'
import { FRAME_BYTES_MIN } from './limits.ts'
import { CLASS_BASIC, METHOD } from './method.ts'
import { NO_PROPERTIES, PROPERTY } from './properties.ts'
import type { BasicProperties } from './properties.ts'

const MANDATORY = 1
const DELIVERY_MODE_TRANSIENT = 1
const DELIVERY_MODE_PERSISTENT = 2
const MESSAGE_ID_DIGITS_MAX = 16

/** What all messages of one producer have in common. */
export interface PublishSettings {
  readonly channel: number
  readonly exchange: string
  readonly routingKey: string
  /** The broker returns what it cannot route. */
  readonly mandatory: boolean
  readonly persistent: boolean
  /** The message's number as its message-id. */
  readonly withMessageId: boolean
  /** Of every message. Absent: none. */
  readonly properties?: BasicProperties
  /** Largest frame as tuned with the peer. */
  readonly frameBytesMax: number
}

/**
 * basic.publish with content header and body, encoded once: only the digits of the message-id and the body are written
 * per message. The part in front of the body is made anew whenever the length of the body, or that of the number, changes.
 *
 *     method frame · header frame (body size, delivery-mode, message-id) · body frame(s) of at most frame-max
 */
export class PublishTemplate {
  readonly #settings: PublishSettings
  readonly #method: Uint8Array
  /** Of the content header: what follows the body's size, without the message-id. */
  readonly #properties: Uint8Array
  readonly #chunkBytesMax: number
  /** Bytes in front of the first body frame, at the most. */
  readonly #headBytesMax: number
  #bodyBytes = -1
  #digits = 0
  /** The first number that has more digits than the prepared ones. */
  #numbersEnd = 0
  #numbersStart = 0
  #prefix = new Uint8Array(0)
  #digitsAt = 0

  /** @throws RangeError where exchange, routing key or a header's name is longer than 255 bytes, or all headers are longer than a frame. */
  constructor(settings: PublishSettings) {
    this.#settings = settings
    this.#properties = propertiesOf(settings)
    const frameBytesMax = Math.max(settings.frameBytesMax, FRAME_BYTES_MIN)
    if (HEADER_FRAME_BYTES_MAX + this.#properties.length > frameBytesMax) {
      throw new RangeError(`the headers of a message must fit in one frame of ${frameBytesMax} bytes`)
    }
    this.#chunkBytesMax = settings.frameBytesMax - FRAME_OVERHEAD_BYTES
    const { channel, exchange, routingKey, mandatory } = settings
    this.#method = methodFrame(channel, METHOD.basicPublish, (fields) =>
      fields
        .short(0)
        .shortString(exchange)
        .shortString(routingKey)
        .octet(mandatory ? MANDATORY : 0),
    )
    this.#headBytesMax = this.#method.length + HEADER_FRAME_BYTES_MAX + this.#properties.length
  }

  /** Room that `write` needs for a body of so many bytes. */
  frameBytesMax(bodyBytes: number): number {
    const bodyFrames = bodyBytes <= this.#chunkBytesMax ? 1 : Math.ceil(bodyBytes / this.#chunkBytesMax)
    return this.#headBytesMax + bodyBytes + bodyFrames * FRAME_OVERHEAD_BYTES
  }

  /**
   * Writes one message at `at`, where `frameBytesMax` bytes are free; returns the offset behind it.
   * @param number 0 to 2^53 - 1; not written where the template is without message-ids.
   */
  write(target: Uint8Array, at: number, number: number, body: Uint8Array): number {
    const bodyBytes = body.length
    if (bodyBytes !== this.#bodyBytes || number >= this.#numbersEnd || number < this.#numbersStart) {
      this.#prepare(bodyBytes, number)
    }
    const prefix = this.#prefix
    target.set(prefix, at)
    if (this.#digits > 0) writeDecimal(target, at + this.#digitsAt, number, this.#digits)
    const position = at + prefix.length
    if (bodyBytes > this.#chunkBytesMax) return this.#writeChunks(target, position, body)
    if (bodyBytes === 0) return position
    target.set(body, position)
    target[position + bodyBytes] = FRAME_END
    return position + bodyBytes + 1
  }

  /** The body as many frames; the head of the first is in the prefix. */
  #writeChunks(target: Uint8Array, at: number, body: Uint8Array): number {
    let position = at
    for (let start = 0; start < body.length; start += this.#chunkBytesMax) {
      const chunk = body.subarray(start, start + this.#chunkBytesMax)
      if (start > 0) position = writeFrameHead(target, position, FRAME_BODY, this.#settings.channel, chunk.length)
      target.set(chunk, position)
      position += chunk.length
      target[position++] = FRAME_END
    }
    return position
  }

  #prepare(bodyBytes: number, number: number): void {
    const { channel, withMessageId } = this.#settings
    this.#bodyBytes = bodyBytes
    this.#digits = withMessageId ? decimalLength(number) : 0
    this.#numbersStart = this.#digits > 1 ? 10 ** (this.#digits - 1) : 0
    this.#numbersEnd = withMessageId ? 10 ** this.#digits : Infinity
    const header = new FieldWriter().short(CLASS_BASIC).short(0).longLong(bodyBytes).raw(this.#properties)
    if (withMessageId) header.shortString('0'.repeat(this.#digits))
    const payload = header.bytes()
    const hasBody = bodyBytes > 0
    const headerEnd = this.#method.length + FRAME_OVERHEAD_BYTES + payload.length
    const prefix = new Uint8Array(headerEnd + (hasBody ? FRAME_OVERHEAD_BYTES - 1 : 0))
    prefix.set(this.#method)
    prefix.set(payload, writeFrameHead(prefix, this.#method.length, FRAME_HEADER, channel, payload.length))
    prefix[headerEnd - 1] = FRAME_END
    if (hasBody) writeFrameHead(prefix, headerEnd, FRAME_BODY, channel, Math.min(bodyBytes, this.#chunkBytesMax))
    this.#prefix = prefix
    this.#digitsAt = headerEnd - 1 - this.#digits
  }
}

/** Class, weight, body size, the message-id's length and its digits. */
const HEADER_FRAME_BYTES_MAX = FRAME_OVERHEAD_BYTES + 2 + 2 + 8 + 1 + MESSAGE_ID_DIGITS_MAX

function propertiesOf({ persistent, withMessageId, properties = NO_PROPERTIES }: PublishSettings): Uint8Array {
  const { expiration, priority, headers } = properties
  const fields = new FieldWriter().short(
    (headers.size > 0 ? PROPERTY.headers : 0) |
      PROPERTY.deliveryMode |
      (priority === null ? 0 : PROPERTY.priority) |
      (expiration === null ? 0 : PROPERTY.expiration) |
      (withMessageId ? PROPERTY.messageId : 0),
  )
  if (headers.size > 0) fields.table(headers)
  fields.octet(persistent ? DELIVERY_MODE_PERSISTENT : DELIVERY_MODE_TRANSIENT)
  if (priority !== null) fields.octet(priority)
  if (expiration !== null) fields.shortString(expiration)
  return fields.bytes()
}
