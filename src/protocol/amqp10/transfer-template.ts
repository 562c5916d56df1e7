import { DESCRIPTOR } from './descriptor.ts'
import { encodeList, joined, NULL } from './encode-value.ts'
import { writeUint32 } from './write-fixed.ts'

/** What all transfers of one link have in common. */
export interface TransferShape {
  /** The sender needs no answer. */
  readonly isSettled: boolean
  /** Sections in front of the body, encoded (`encodeMessageHead`). */
  readonly head: Uint8Array
  /** Of the session. Default 0. */
  readonly channel?: number
  /** Of the link, at most 255. Default 0. */
  readonly handle?: number
  /** An encoded delivery state: which transaction the messages belong to. Absent: none. */
  readonly state?: Uint8Array | null
}

/** Where in the fields of the performative, handle first, lies what is patched. */
const FIELD_OFFSETS = { deliveryId: 3, tag: 9, more: 15 } as const

/**
 * The transfers of one link, encoded once: frame header, performative, the message's head and the head of its data
 * section. Per message only the delivery-id (which is also its tag), the lengths and the body are written.
 */
export class TransferTemplate {
  /** Length of frame header and performative, before what is of the message. */
  readonly transferBytes: number
  readonly #transfer: Uint8Array
  readonly #head: Uint8Array
  readonly #idAt: number
  readonly #tagAt: number
  readonly #moreAt: number
  /** Transfer, head and data section's head for a body of `#bodyBytes`. */
  #prefix: Uint8Array = new Uint8Array(0)
  #bodyBytes = -1

  constructor({ isSettled, head, channel = 0, handle = 0, state = null }: TransferShape) {
    // Handle, delivery-id (uint of four bytes), delivery-tag (four bytes), message-format 0, settled, more.
    const fields = [
      [0x52, handle],
      [0x70, 0, 0, 0, 0],
      [0xa0, 4, 0, 0, 0, 0],
      [0x43],
      [isSettled ? 0x41 : 0x42],
      [0x42],
    ]
    const items = fields.map((field) => Uint8Array.from(field))
    const list = encodeList(state === null ? items : [...items, NULL, state])
    const frame = Uint8Array.of(0, 0, 0, 0, 2, 0, channel >> 8, channel, 0x00, 0x53, DESCRIPTOR.transfer)
    this.#transfer = joined([frame, list])
    this.#head = head
    this.transferBytes = this.#transfer.length
    // The list's own constructor, size and count take one byte each, or one and four and four.
    const fieldsAt = frame.length + (list[0] === 0xc0 ? 3 : 9)
    this.#idAt = fieldsAt + FIELD_OFFSETS.deliveryId
    this.#tagAt = fieldsAt + FIELD_OFFSETS.tag
    this.#moreAt = fieldsAt + FIELD_OFFSETS.more
  }

  /** Length of a frame that carries a whole message with a body of so many bytes. */
  frameBytes(bodyBytes: number): number {
    if (bodyBytes !== this.#bodyBytes) this.#prepare(bodyBytes)
    return this.#prefix.length + bodyBytes
  }

  /** Length of the message itself, sections and all: what several frames have to share. */
  messageBytes(bodyBytes: number): number {
    return this.frameBytes(bodyBytes) - this.transferBytes
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
   * Writes one of several frames at `at`, where `transferBytes` and the piece are free; returns the offset behind it.
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
    const { transferBytes } = this
    const messageBytes = this.messageBytes(body.length)
    const headBytes = messageBytes - body.length
    target.set(this.#transfer, at)
    this.#patch(target, at, transferBytes + pieceBytes, deliveryId, from + pieceBytes < messageBytes)
    let position = at + transferBytes
    const end = position + pieceBytes
    for (let index = from; index < headBytes && position < end; index++) {
      target[position++] = this.#prefix[transferBytes + index] as number
    }
    const bodyFrom = Math.max(0, from - headBytes)
    target.set(body.subarray(bodyFrom, bodyFrom + end - position), position)
    return end
  }

  #patch(target: Uint8Array, at: number, frameBytes: number, deliveryId: number, hasMore: boolean): void {
    writeUint32(target, at, frameBytes)
    writeUint32(target, at + this.#idAt, deliveryId)
    writeUint32(target, at + this.#tagAt, deliveryId)
    if (hasMore) target[at + this.#moreAt] = 0x41
  }

  #prepare(bodyBytes: number): void {
    const head = bodyBytes < 256 ? [0xa0, bodyBytes] : [0xb0, 0, 0, 0, 0]
    const data = Uint8Array.of(0x00, 0x53, DESCRIPTOR.data, ...head)
    if (bodyBytes >= 256) writeUint32(data, data.length - 4, bodyBytes)
    this.#prefix = joined([this.#transfer, this.#head, data])
    this.#bodyBytes = bodyBytes
  }
}
