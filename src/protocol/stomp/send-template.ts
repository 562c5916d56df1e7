import { copyBytes } from './copy-bytes.ts'
import { writeDecimal } from './decimal.ts'
import { headerLines } from './encode-frame.ts'
import type { HeaderList } from './encode-frame.ts'

const LINE_FEED = 10
const encoder = new TextEncoder()
/** `receipt:`, the digits of the largest safe integer, two line feeds and the NUL. */
const VARYING_BYTES_MAX = 8 + 16 + 2 + 1
/** Milliseconds since 1970 have 13 digits until the year 2286. */
const EXPIRES_DIGITS = 13
const NEVER = 10 ** (EXPIRES_DIGITS - 1)
/** The header comes first, so that its digits are always at the same place. */
const EXPIRES_AT = 'SEND\nexpires:'.length

/**
 * SEND frames of one destination, encoded once: only the receipt's number and the body are written per message, straight
 * into the output buffer. The part with content-length is made anew whenever the length of the body changes.
 */
export class SendTemplate {
  readonly #lines: string
  readonly #withReceipt: boolean
  /** 0 where the frames have no such header. */
  #expiresMs: number
  #bodyBytes = -1
  #prefix = new Uint8Array(0)

  /**
   * @param headers of the frame without `content-length`, `receipt` and `expires`.
   * @param withExpires room for the header `expires`, which `expireAt` sets.
   */
  constructor(headers: HeaderList, withReceipt: boolean, withExpires = false) {
    const lines = headerLines('SEND', headers)
    this.#expiresMs = withExpires ? NEVER : 0
    this.#lines = withExpires ? lines.replace('\n', `\nexpires:${NEVER}\n`) : lines
    this.#withReceipt = withReceipt
  }

  /** Sets `expires` of all further frames: whole milliseconds since 1970. Only for a template with that header. */
  expireAt(expiresMs: number): void {
    this.#expiresMs = expiresMs
    if (this.#bodyBytes >= 0) writeDecimal(this.#prefix, EXPIRES_AT, expiresMs)
  }

  /** Room that `write` needs for a body of so many bytes. */
  frameBytesMax(bodyBytes: number): number {
    if (bodyBytes !== this.#bodyBytes) this.#prepare(bodyBytes)
    return this.#prefix.length + VARYING_BYTES_MAX + bodyBytes
  }

  /**
   * Writes one frame at `at`, where `frameBytesMax` bytes are free; returns the offset behind it.
   * @param receipt 0 to 2^53 - 1; not written where the template is without receipts.
   */
  write(target: Uint8Array, at: number, receipt: number, body: Uint8Array): number {
    if (body.length !== this.#bodyBytes) this.#prepare(body.length)
    let position = copyBytes(target, at, this.#prefix)
    if (this.#withReceipt) {
      position = writeDecimal(target, position, receipt)
      target[position++] = LINE_FEED
    }
    target[position++] = LINE_FEED
    target.set(body, position)
    position += body.length
    target[position] = 0
    return position + 1
  }

  #prepare(bodyBytes: number): void {
    this.#bodyBytes = bodyBytes
    const receipt = this.#withReceipt ? 'receipt:' : ''
    this.#prefix = encoder.encode(`${this.#lines}content-length:${bodyBytes}\n${receipt}`)
    if (this.#expiresMs > 0) writeDecimal(this.#prefix, EXPIRES_AT, this.#expiresMs)
  }
}
