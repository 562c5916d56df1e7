import { ByteWriter, writeI32, writeI64 } from './byte-writer.ts'
import { writeMessageHead, writeMessageTrailer } from './message-layout.ts'
import type { MessagePlaces } from './message-layout.ts'
import { writeConsumerId, writeDestination } from './nested.ts'
import type { EndpointId, OpenWireDestination } from './nested.ts'
import { COMMAND, MESSAGE } from './type-codes.ts'

/** Whom the messages come from: the broker itself, because it does not keep the ids of those who published them. */
const BROKER_PRODUCER: EndpointId = { connectionId: 'ID:b', session: 1, value: 1 }

/** MessageDispatches of one consumer, encoded once: BytesMessages whose id at the broker is the delivery's number. */
export class DispatchTemplate {
  readonly #head: Uint8Array
  readonly #trailer: Uint8Array
  readonly #places: MessagePlaces

  constructor(consumer: EndpointId, destination: OpenWireDestination) {
    const writer = new ByteWriter().i32(0).u8(COMMAND.messageDispatch).i32(0).bool(false)
    writeDestination(writeConsumerId(writer, consumer), destination).bool(true).u8(MESSAGE.bytes)
    const layout = { producer: BROKER_PRODUCER, destination, persistent: true, responseRequired: false }
    this.#places = writeMessageHead(writer, layout)
    this.#head = writer.take()
    // The redelivery counter of the dispatch ends it.
    this.#trailer = writeMessageTrailer(new ByteWriter(), null).i32(0).take()
  }

  /** Bytes that `write` needs for a body of so many bytes. */
  frameBytes(bodyBytes: number): number {
    return this.#head.length + bodyBytes + this.#trailer.length
  }

  /** Writes one frame at `at`, where `frameBytes` bytes are free; returns the offset behind it. */
  write(target: Uint8Array, at: number, number: number, redeliveries: number, body: Uint8Array): number {
    const head = this.#head
    const trailer = this.#trailer
    const bodyAt = at + head.length
    const trailerAt = bodyAt + body.length
    const end = trailerAt + trailer.length
    target.set(head, at)
    writeI32(target, at, end - at - 4)
    const { sequenceAt } = this.#places
    writeI64(target, at + sequenceAt, number)
    writeI64(target, at + sequenceAt + 8, number)
    writeI32(target, bodyAt - 4, body.length)
    target.set(body, bodyAt)
    target.set(trailer, trailerAt)
    if (redeliveries > 0) writeI32(target, end - 4, redeliveries)
    return end
  }
}
