import { FieldWriter } from './field-writer.ts'
import { FRAME_BODY, FRAME_END, FRAME_HEADER, FRAME_METHOD } from './frame.ts'
import { FRAME_HEAD_BYTES, FRAME_OVERHEAD_BYTES, writeFrameHead } from './frame.ts'
import { writeLong, writeLongLong } from './fixed-fields.ts'
import { CLASS_BASIC, METHOD } from './method.ts'

/** What all deliveries to one consumer have in common. */
export interface DeliverySettings {
  readonly channel: number
  readonly consumerTag: string
  readonly exchange: string
  readonly routingKey: string
  /** Largest frame as tuned with the peer. */
  readonly frameBytesMax: number
}

/**
 * basic.deliver with content header and body, encoded once: tag, redelivered, sizes and body are written per message. No
 * properties.
 *
 *     method frame · header frame (body size) · body frame(s) of at most frame-max
 */
export class DeliverTemplate {
  readonly #channel: number
  readonly #chunkBytesMax: number
  /** All up to the payload of the first body frame. */
  readonly #prefix: Uint8Array
  readonly #tagAt: number
  readonly #bodySizeAt: number
  #bodyBytes = 0

  /** @throws RangeError where a name is longer than 255 bytes. */
  constructor({ channel, consumerTag, exchange, routingKey, frameBytesMax }: DeliverySettings) {
    this.#channel = channel
    this.#chunkBytesMax = frameBytesMax - FRAME_OVERHEAD_BYTES
    const start = new FieldWriter().long(METHOD.basicDeliver).shortString(consumerTag).bytes()
    const names = new FieldWriter().shortString(exchange).shortString(routingKey).bytes()
    const method = new FieldWriter().raw(start).longLong(0).octet(0).raw(names).bytes()
    const header = new FieldWriter().short(CLASS_BASIC).short(0).longLong(0).short(0).bytes()
    const headerAt = method.length + FRAME_OVERHEAD_BYTES
    const bodyAt = headerAt + header.length + FRAME_OVERHEAD_BYTES
    const prefix = new Uint8Array(bodyAt + FRAME_HEAD_BYTES)
    prefix.set(method, writeFrameHead(prefix, 0, FRAME_METHOD, channel, method.length))
    prefix[headerAt - 1] = FRAME_END
    prefix.set(header, writeFrameHead(prefix, headerAt, FRAME_HEADER, channel, header.length))
    prefix[bodyAt - 1] = FRAME_END
    writeFrameHead(prefix, bodyAt, FRAME_BODY, channel, 0)
    this.#prefix = prefix
    this.#tagAt = FRAME_HEAD_BYTES + start.length
    this.#bodySizeAt = headerAt + FRAME_HEAD_BYTES + 4
  }

  /** Room that `write` needs for a body of so many bytes. */
  frameBytesMax(bodyBytes: number): number {
    const frames = bodyBytes <= this.#chunkBytesMax ? 1 : Math.ceil(bodyBytes / this.#chunkBytesMax)
    return this.#prefix.length + bodyBytes + frames * FRAME_OVERHEAD_BYTES
  }

  /** Writes one delivery at `at`, where `frameBytesMax` bytes are free; returns the offset behind it. */
  write(target: Uint8Array, at: number, deliveryTag: number, redelivered: boolean, body: Uint8Array): number {
    const prefix = this.#prefix
    const bodyBytes = body.length
    if (bodyBytes !== this.#bodyBytes) this.#resize(bodyBytes)
    target.set(prefix, at)
    const redeliveredAt = writeLongLong(target, at + this.#tagAt, deliveryTag)
    if (redelivered) target[redeliveredAt] = 1
    const position = at + prefix.length
    if (bodyBytes === 0) return position - FRAME_HEAD_BYTES
    if (bodyBytes > this.#chunkBytesMax) return this.#writeChunks(target, position, body)
    target.set(body, position)
    target[position + bodyBytes] = FRAME_END
    return position + bodyBytes + 1
  }

  #resize(bodyBytes: number): void {
    this.#bodyBytes = bodyBytes
    writeLongLong(this.#prefix, this.#bodySizeAt, bodyBytes)
    writeLong(this.#prefix, this.#prefix.length - 4, Math.min(bodyBytes, this.#chunkBytesMax))
  }

  /** The body as many frames; the head of the first is in the prefix. */
  #writeChunks(target: Uint8Array, at: number, body: Uint8Array): number {
    let position = at
    for (let start = 0; start < body.length; start += this.#chunkBytesMax) {
      const chunk = body.subarray(start, start + this.#chunkBytesMax)
      if (start > 0) position = writeFrameHead(target, position, FRAME_BODY, this.#channel, chunk.length)
      target.set(chunk, position)
      position += chunk.length
      target[position++] = FRAME_END
    }
    return position
  }
}
