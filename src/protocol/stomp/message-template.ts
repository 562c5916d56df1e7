import { copyBytes } from './copy-bytes.ts'
import { writeDecimal } from './decimal.ts'
import { headerLines } from './encode-frame.ts'
import type { HeaderList } from './encode-frame.ts'

const LINE_FEED = 10
const encoder = new TextEncoder()
const MESSAGE_ID = encoder.encode('message-id:')
const ACK_HEADER = encoder.encode('\nack:')
const REDELIVERED = encoder.encode('\nredelivered:true')
const CONTENT_LENGTH = encoder.encode('\ncontent-length:')

/** MESSAGE frames of one subscription, encoded once. The message's number is its `message-id` and its `ack`. */
export class MessageTemplate {
  readonly #prefix: Uint8Array

  /** @param headers of the frame without those that `write` adds. */
  constructor(headers: HeaderList) {
    this.#prefix = copyOf(encoder.encode(headerLines('MESSAGE', headers)), MESSAGE_ID)
  }

  /** Room that `write` needs for a body of so many bytes. */
  frameBytesMax(bodyBytes: number): number {
    return this.#prefix.length + ACK_HEADER.length + REDELIVERED.length + CONTENT_LENGTH.length + 3 * 16 + 3 + bodyBytes
  }

  /** Writes one frame at `at`, where `frameBytesMax` bytes are free; returns the offset behind it. */
  write(target: Uint8Array, at: number, messageNumber: number, redelivered: boolean, body: Uint8Array): number {
    const digitsAt = copyBytes(target, at, this.#prefix)
    let position = writeDecimal(target, digitsAt, messageNumber)
    const digitsEnd = position
    position = copyBytes(target, position, ACK_HEADER)
    position = copyBytes(target, position, target, digitsAt, digitsEnd)
    if (redelivered) position = copyBytes(target, position, REDELIVERED)
    position = writeDecimal(target, copyBytes(target, position, CONTENT_LENGTH), body.length)
    target[position++] = LINE_FEED
    target[position++] = LINE_FEED
    target.set(body, position)
    position += body.length
    target[position] = 0
    return position + 1
  }
}

function copyOf(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
