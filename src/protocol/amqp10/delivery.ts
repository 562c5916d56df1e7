import { ByteStore } from './byte-store.ts'
import type { AmqpFrame } from './frame.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { Amqp10Limits } from './limits.ts'
import { Message } from './message.ts'
import { Amqp10ProtocolError } from './amqp10-error.ts'
import type { Transfer } from './transfer.ts'

/**
 * Puts the transfers of one link together: a message that lies whole in one frame is read where it is, and only one of
 * several frames is copied. One object for all deliveries.
 */
export class Delivery {
  id = 0
  /** The sender needs no answer. */
  isSettled = false
  /** Valid during the call that brought the last piece. */
  readonly message = new Message()
  readonly #messageBytesMax: number
  readonly #pieces = new ByteStore()
  #inMessage = false

  constructor(limits: Amqp10Limits = DEFAULT_LIMITS) {
    this.#messageBytesMax = limits.messageBytesMax
  }

  /** @throws Amqp10ProtocolError */
  add(transfer: Transfer, frame: AmqpFrame): 'partial' | 'whole' | 'aborted' {
    if (this.#inMessage) {
      this.isSettled ||= transfer.isSettled
    } else {
      if (transfer.deliveryId < 0) {
        throw new Amqp10ProtocolError(frame.originBytes + frame.bodyStart, 'a delivery-id in the first transfer')
      }
      this.id = transfer.deliveryId
      this.isSettled = transfer.isSettled
    }
    if (transfer.isAborted) {
      this.#forget()
      return 'aborted'
    }
    if (!this.#inMessage && !transfer.hasMore) {
      this.message.read(frame.buffer, transfer.payloadStart, frame.end, frame.originBytes)
      return 'whole'
    }
    return this.#addPiece(transfer, frame)
  }

  #addPiece(transfer: Transfer, frame: AmqpFrame): 'partial' | 'whole' {
    const pieces = this.#pieces
    // What the delivery before this one was read from; it stays until here because its body is a view of it.
    if (!this.#inMessage) pieces.clear()
    if (pieces.length + frame.end - transfer.payloadStart > this.#messageBytesMax) {
      const expected = `a message of at most ${this.#messageBytesMax} bytes`
      throw new Amqp10ProtocolError(frame.originBytes + transfer.payloadStart, expected)
    }
    pieces.append(frame.buffer, transfer.payloadStart, frame.end)
    this.#inMessage = transfer.hasMore
    if (transfer.hasMore) return 'partial'
    this.message.read(pieces.bytes, 0, pieces.length, frame.originBytes + frame.end - pieces.length)
    return 'whole'
  }

  #forget(): void {
    this.#inMessage = false
    this.#pieces.clear()
  }
}
