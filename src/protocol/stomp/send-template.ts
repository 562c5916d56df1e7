import { copyBytes } from './copy-bytes.ts'
import { writeDecimal } from './decimal.ts'
import { headerLines } from './encode-frame.ts'
import type { HeaderList } from './encode-frame.ts'

const LINE_FEED = 10
const encoder = new TextEncoder()
/** `receipt:`, the digits of the largest safe integer, two line feeds and the NUL. */
const VARYING_BYTES_MAX = 8 + 16 + 2 + 1

/**
 * SEND frames of one destination, encoded once: only the receipt's number and the body are written per message, straight
 * into the output buffer. The part with content-length is made anew whenever the length of the body changes.
 */
export class SendTemplate {
  readonly #lines: string
  readonly #withReceipt: boolean
  #bodyBytes = -1
  #prefix = new Uint8Array(0)

  /** @param headers of the frame without `content-length` and `receipt`. */
  constructor(headers: HeaderList, withReceipt: boolean) {
    this.#lines = headerLines('SEND', headers)
    this.#withReceipt = withReceipt
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
  }
}
