import { DESCRIPTOR } from './descriptor.ts'
import { encodeBoolean, encodeComposite, joined } from './encode-value.ts'
import { FRAME_HEADER_BYTES } from './frame.ts'
import { writeUint32 } from './write-fixed.ts'

const DELIVERY_ID_AT = FRAME_HEADER_BYTES + 7 + 1
const TAG_AT = DELIVERY_ID_AT + 4 + 2
const MORE_AT = TAG_AT + 4 + 2
/** Frame header and transfer performative. */
export const TRANSFER_BYTES = MORE_AT + 1

/** Handle 0, delivery-id (uint of four bytes), delivery-tag (four bytes), message-format 0, settled, more. */
function transferPrefix(isSettled: boolean): Uint8Array {
  const fields = [[0x43], [0x70, 0, 0, 0, 0], [0xa0, 4, 0, 0, 0, 0], [0x43], [isSettled ? 0x41 : 0x42], [0x42]].flat()
  const list = [0x00, 0x53, DESCRIPTOR.transfer, 0xc0, fields.length + 1, 6, ...fields]
  return Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0, ...list)
}

/**
 * The transfers of one link, encoded once: frame header, performative, header section and the head of the data section.
 * Per message only the delivery-id (which is also its tag), the lengths and the body are written.
 */
export class TransferTemplate {
  readonly #transfer: Uint8Array
  readonly #header: Uint8Array
  /** Transfer, header section and data section's head for a body of `#bodyBytes`. */
  #prefix: Uint8Array = new Uint8Array(0)
  #bodyBytes = -1

  constructor(isDurable: boolean, isSettled: boolean) {
    this.#transfer = transferPrefix(isSettled)
    this.#header = encodeComposite(DESCRIPTOR.header, [encodeBoolean(isDurable)])
  }

  /** Length of a frame that carries a whole message with a body of so many bytes. */
  frameBytes(bodyBytes: number): number {
    if (bodyBytes !== this.#bodyBytes) this.#prepare(bodyBytes)
    return this.#prefix.length + bodyBytes
  }

  /** Length of the message itself, sections and all: what several frames have to share. */
  messageBytes(bodyBytes: number): number {
    return this.frameBytes(bodyBytes) - TRANSFER_BYTES
  }

  /** Writes a message in one frame at `at`, where `frameBytes` are free; returns the offset behind it. */
  write(target: Uint8Array, at: number, deliveryId: number, body: Uint8Array): number {
    if (body.length !== this.#bodyBytes) this.#prepare(body.length)
    const prefix = this.#prefix
    const length = prefix.length
    for (let index = 0; index < length; index++) target[at + index] = prefix[index] as number
    this.#patch(target, at, length + body.length, deliveryId, false)
    target.set(body, at + length)
    return at + length + body.length
  }

  /**
   * Writes one of several frames at `at`, where `TRANSFER_BYTES` and the piece are free; returns the offset behind it.
   * @param from where in the message (`messageBytes`) the piece begins.
   */
  writePiece(
    target: Uint8Array,
    at: number,
    deliveryId: number,
    body: Uint8Array,
    from: number,
    pieceBytes: number,
  ): number {
    const messageBytes = this.messageBytes(body.length)
    const headBytes = messageBytes - body.length
    target.set(this.#transfer, at)
    this.#patch(target, at, TRANSFER_BYTES + pieceBytes, deliveryId, from + pieceBytes < messageBytes)
    let position = at + TRANSFER_BYTES
    const end = position + pieceBytes
    for (let index = from; index < headBytes && position < end; index++) {
      target[position++] = this.#prefix[TRANSFER_BYTES + index] as number
    }
    const bodyFrom = Math.max(0, from - headBytes)
    target.set(body.subarray(bodyFrom, bodyFrom + end - position), position)
    return end
  }

  #patch(target: Uint8Array, at: number, frameBytes: number, deliveryId: number, hasMore: boolean): void {
    writeUint32(target, at, frameBytes)
    writeUint32(target, at + DELIVERY_ID_AT, deliveryId)
    writeUint32(target, at + TAG_AT, deliveryId)
    if (hasMore) target[at + MORE_AT] = 0x41
  }

  #prepare(bodyBytes: number): void {
    const head = bodyBytes < 256 ? [0xa0, bodyBytes] : [0xb0, 0, 0, 0, 0]
    const data = Uint8Array.of(0x00, 0x53, DESCRIPTOR.data, ...head)
    if (bodyBytes >= 256) writeUint32(data, data.length - 4, bodyBytes)
    this.#prefix = joined([this.#transfer, this.#header, data])
    this.#bodyBytes = bodyBytes
  }
}
