import { Delivery } from '../../../protocol/amqp10/delivery.ts'
import { FLOW_BYTES, writeFlow } from '../../../protocol/amqp10/flow.ts'
import type { AmqpFrame } from '../../../protocol/amqp10/frame.ts'
import type { Transfer } from '../../../protocol/amqp10/transfer.ts'
import { writeUint32 } from '../../../protocol/amqp10/write-fixed.ts'
import type { Destination } from '../destination.ts'
import type { Amqp10Channel } from './amqp10-channel.ts'
import { Amqp10Refusal } from './amqp10-refusal.ts'
import type { LinkDestination } from './link-destination.ts'

/** Messages that a client may send without hearing from us; given again when half of it is used up. */
const CREDIT = 10_000

/** A link by which a client publishes. */
export class ProducerLink {
  readonly #channel: Amqp10Channel
  readonly #handle: number
  readonly #wanted: LinkDestination
  readonly #delivery = new Delivery()
  #destination: Destination
  #deliveryCount = 0
  #credit = 0

  constructor(channel: Amqp10Channel, handle: number, wanted: LinkDestination) {
    this.#channel = channel
    this.#handle = handle
    this.#wanted = wanted
    this.#destination = channel.host.broker.destination(wanted.kind, wanted.name)
    this.#giveCredit()
  }

  end(): void {
    this.#channel.host.broker.deleteIfUnused(this.#destination)
  }

  onTransfer(transfer: Transfer, frame: AmqpFrame): void {
    const delivery = this.#delivery
    const piece = delivery.add(transfer, frame)
    if (piece === 'partial') return
    if (this.#credit === 0) throw new Amqp10Refusal('amqp:link:transfer-limit-exceeded', 'there was no credit for it')
    this.#deliveryCount = (this.#deliveryCount + 1) >>> 0
    this.#credit--
    if (piece === 'whole') this.#store(delivery)
    if (this.#credit <= CREDIT / 2) this.#giveCredit()
  }

  #store({ id, isSettled, message }: Delivery): void {
    const { host } = this.#channel
    const { broker } = host
    if (broker.isOverfull) throw new Amqp10Refusal('amqp:resource-limit-exceeded', 'the broker is full')
    host.onPublished()
    if (this.#destination.isDeleted) this.#destination = broker.destination(this.#wanted.kind, this.#wanted.name)
    const body = message.buffer === host.chunk ? message.body() : message.body().slice()
    if (broker.hasFaults) {
      broker.offer(this.#destination, body, this.#channel, isSettled ? null : bytesOf(id))
      return
    }
    this.#destination.accept(body)
    if (!isSettled) this.#channel.accepted(id)
  }

  #giveCredit(): void {
    this.#credit = CREDIT
    const { host, windows, number } = this.#channel
    const at = host.connection.reserve(FLOW_BYTES)
    const { output } = host.connection
    host.connection.commit(writeFlow(output, at, windows, this.#deliveryCount, CREDIT, false, this.#handle, number))
    windows.renewed()
  }
}

function bytesOf(deliveryId: number): Uint8Array {
  const bytes = new Uint8Array(4)
  writeUint32(bytes, 0, deliveryId)
  return bytes
}
