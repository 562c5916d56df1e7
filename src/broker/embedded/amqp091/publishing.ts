import { ACK_FRAME_BYTES, writeAck } from '../../../protocol/amqp091/acknowledgement.ts'
import { basicReturn } from '../../../protocol/amqp091/broker-frames.ts'
import { readPublish } from '../../../protocol/amqp091/client-arguments.ts'
import type { PublishAddress } from '../../../protocol/amqp091/client-arguments.ts'
import type { FieldReader } from '../../../protocol/amqp091/field-reader.ts'
import { METHOD } from '../../../protocol/amqp091/method.ts'
import type { Destination } from '../destination.ts'
import type { Sender } from '../service-line.ts'
import type { ChannelHost } from './channel-host.ts'
import { NOT_FOUND, refusal, RESOURCE_ERROR } from './refusal.ts'
import type { Transaction } from './transaction.ts'

const NO_ROUTE = { code: 312, text: 'NO_ROUTE' }
const TAG_BYTES = 8

/** What one channel publishes: finds the destination, stores the body, confirms what was stored. */
export class Publishing implements Sender {
  readonly #host: ChannelHost
  readonly #channel: number
  hasPublished = false
  /** Null: what is published takes effect at once. */
  transaction: Transaction | null = null
  #confirms = false
  /** Messages since confirm.select: the tag of the last one. */
  #published = 0
  /** Tag of the last message that was confirmed. */
  #confirmed = 0
  /** Arguments of the last basic.publish, and what they mean: the next is nearly always the same. */
  #arguments = new Uint8Array(0)
  #address: PublishAddress = { exchange: '', routingKey: '', mandatory: false }
  #destination: Destination | null = null
  /** Properties of the message that is being read and will be returned; null: it has somewhere to go. */
  #returning: Uint8Array | null = null

  constructor(host: ChannelHost, channel: number) {
    this.#host = host
    this.#channel = channel
  }

  get confirms(): boolean {
    return this.#confirms
  }

  confirmSelect(): void {
    this.#confirms = true
  }

  /** At the arguments of basic.publish. */
  onPublish(fields: FieldReader): void {
    if (this.#destination?.isDeleted === false && this.#isSame(fields)) return
    this.#arguments = fields.buffer.slice(fields.position, fields.end)
    const address = readPublish(fields)
    this.#address = address
    this.end()
    this.#destination = this.#host.topology.route(address.exchange, address.routingKey)
    if (this.#destination === null) {
      const why = refusal(NOT_FOUND, `NOT_FOUND - no exchange '${address.exchange}'`)
      this.#host.closeChannel(this.#channel, why, METHOD.basicPublish)
    }
    if (this.hasPublished) return
    this.hasPublished = true
    this.#host.reconsider()
  }

  /** At the property flags. */
  onHeader(properties: FieldReader): void {
    const destination = this.#destination
    if (!this.#address.mandatory || destination?.kind !== 'topic' || !destination.isUnused) return
    this.#returning = properties.buffer.slice(properties.position, properties.end)
  }

  /** @param body must stay as it is. */
  onBody(body: Uint8Array): void {
    const { broker } = this.#host
    if (broker.isOverfull) {
      this.#host.refuse(refusal(RESOURCE_ERROR, 'RESOURCE_ERROR - the broker is full'), METHOD.basicPublish)
      return
    }
    const destination = this.#destination
    if (destination === null) return
    if (this.transaction !== null) this.#defer(body, this.transaction)
    else this.#store(destination, body, this.#confirms ? ++this.#published : 0)
  }

  /** The fault model has let a message through. */
  confirm(receipt: Uint8Array): void {
    const tag = Number(new DataView(receipt.buffer, receipt.byteOffset, TAG_BYTES).getBigUint64(0))
    this.#ack(tag, false)
  }

  cut(): void {
    this.#host.cut()
  }

  /** Everything in one chunk was read: what was stored is confirmed, all of it at once. */
  confirmStored(): void {
    if (this.#confirmed === this.#published || this.#host.broker.hasFaults) return
    const isMultiple = this.#published - this.#confirmed > 1
    this.#confirmed = this.#published
    this.#ack(this.#published, isMultiple)
  }

  /** Nothing more comes for the present destination. */
  end(): void {
    if (this.#destination !== null) this.#host.broker.deleteIfUnused(this.#destination)
  }

  /** @param tag by which it is confirmed; 0: it is not. */
  #store(destination: Destination, body: Uint8Array, tag: number): void {
    const { broker } = this.#host
    if (this.#returning !== null) this.#return(body, this.#returning)
    if (broker.hasFaults) broker.offer(destination, body, this, tag === 0 ? null : receiptOf(tag))
    else destination.accept(body)
  }

  /** Where it goes is looked up again at the commit: destinations come and go. */
  #defer(body: Uint8Array, transaction: Transaction): void {
    const address = this.#address
    const returning = this.#returning
    this.#returning = null
    transaction.defer(() => {
      const destination = this.#host.topology.route(address.exchange, address.routingKey)
      if (destination === null) return
      this.#address = address
      this.#returning = returning
      this.#store(destination, body, 0)
      this.#host.broker.deleteIfUnused(destination)
    }, body.length)
  }

  #ack(tag: number, isMultiple: boolean): void {
    const { connection } = this.#host
    const at = connection.reserve(ACK_FRAME_BYTES)
    connection.commit(writeAck(connection.output, at, this.#channel, tag, isMultiple))
  }

  #return(body: Uint8Array, properties: Uint8Array): void {
    this.#returning = null
    const message = { reply: NO_ROUTE, ...this.#address, properties, body }
    this.#host.connection.write(basicReturn(this.#channel, message, this.#host.frameBytesMax))
  }

  #isSame({ buffer, position, end }: FieldReader): boolean {
    const known = this.#arguments
    const length = known.length
    if (end - position !== length) return false
    for (let index = 0; index < length; index++) if (buffer[position + index] !== known[index]) return false
    return true
  }
}

function receiptOf(tag: number): Uint8Array {
  const receipt = new Uint8Array(TAG_BYTES)
  new DataView(receipt.buffer).setBigUint64(0, BigInt(tag))
  return receipt
}
