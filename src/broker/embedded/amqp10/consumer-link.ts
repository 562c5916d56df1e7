import { DESCRIPTOR } from '../../../protocol/amqp10/descriptor.ts'
import { FLOW_BYTES, writeFlow } from '../../../protocol/amqp10/flow.ts'
import type { Flow } from '../../../protocol/amqp10/flow.ts'
import { encodeMessageHead } from '../../../protocol/amqp10/message-head.ts'
import { SendCredit } from '../../../protocol/amqp10/send-credit.ts'
import { TransferTemplate } from '../../../protocol/amqp10/transfer-template.ts'
import { TransferWriter } from '../../../protocol/amqp10/transfer-writer.ts'
import type { Destination } from '../destination.ts'
import type { MessageQueue, Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Amqp10Channel } from './amqp10-channel.ts'
import type { LinkDestination } from './link-destination.ts'

/** A link by which a client consumes: takes messages while it has credit and the connection takes bytes. */
export class ConsumerLink implements Subscriber {
  readonly #channel: Amqp10Channel
  readonly #handle: number
  readonly #isSettled: boolean
  readonly #destination: Destination
  readonly #queue: MessageQueue
  readonly #writer: TransferWriter
  readonly #template: TransferTemplate
  /** For messages that were delivered before. */
  readonly #templateAgain: TransferTemplate
  readonly #credit = new SendCredit()
  #isEnded = false
  /** Released by the client, oldest first, until the disposition is through. */
  readonly #released: StoredMessage[] = []

  /** @param isSettled nothing is to be acknowledged. */
  constructor(channel: Amqp10Channel, handle: number, { kind, name }: LinkDestination, isSettled: boolean) {
    const { host, windows, number } = channel
    this.#channel = channel
    this.#handle = handle
    this.#isSettled = isSettled
    this.#writer = new TransferWriter(host.connection, windows, host.frameBytesMax)
    const link = { isSettled, handle, channel: number }
    const head = encodeMessageHead({ isDurable: true })
    this.#template = new TransferTemplate({ ...link, head })
    const headAgain = encodeMessageHead({ isDurable: true, deliveryCount: 1 })
    this.#templateAgain = new TransferTemplate({ ...link, head: headAgain })
    this.#destination = host.broker.destination(kind, name)
    this.#queue = this.#destination.subscribe(this)
  }

  /** What was not settled goes back to the queue. */
  end(): void {
    this.#isEnded = true
    const given = this.#channel.unacknowledged.removeUpTo(Infinity, this)
    this.#destination.unsubscribe(this, this.#queue, given)
    this.#channel.host.broker.deleteIfUnused(this.#destination)
  }

  canTake(): boolean {
    const { connection, broker } = this.#channel.host
    return this.#credit.left > 0 && !connection.isBlocked && this.#writer.maySend && broker.serves
  }

  take(message: StoredMessage): void {
    const { unacknowledged, host } = this.#channel
    // Deliveries of a session are numbered from 1, their ids from 0.
    const deliveryId = unacknowledged.next - 1
    if (this.#isSettled) {
      unacknowledged.skip()
      host.broker.add(-storedBytes(message))
    } else {
      unacknowledged.add(message, this)
    }
    this.#credit.used()
    this.#writer.send(message.redelivered ? this.#templateAgain : this.#template, deliveryId, message.body)
  }

  onFlow(flow: Flow): void {
    this.#credit.flowed(flow)
    this.resume()
    if (flow.isDrain && this.#writer.maySend) this.#credit.giveBack()
    if (flow.isDrain || flow.isEcho) this.#sendFlow(flow.isDrain)
  }

  /** @param state descriptor of the outcome. */
  settle(number: number, state: number): void {
    const { unacknowledged, host } = this.#channel
    const message = unacknowledged.remove(number)
    if (message === null) return
    if (state === DESCRIPTOR.released || state === DESCRIPTOR.modified) this.#released.push(message)
    else host.broker.add(-storedBytes(message))
  }

  /** All of a disposition that is for this link was settled. */
  settledSome(): void {
    if (this.#released.length === 0) return
    this.#queue.giveBack(this.#released.splice(0))
  }

  /** The connection or the session's window takes messages again. */
  resume(): void {
    if (this.#isEnded) return
    this.#writer.resume()
    this.#queue.dispatch()
  }

  #sendFlow(isDrain: boolean): void {
    const { host, windows, number } = this.#channel
    const { connection } = host
    const at = connection.reserve(FLOW_BYTES)
    const { deliveryCount, left } = this.#credit
    connection.commit(writeFlow(connection.output, at, windows, deliveryCount, left, isDrain, this.#handle, number))
    windows.renewed()
  }
}
