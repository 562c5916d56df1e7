import type { ConsumerAsk } from '../../../protocol/openwire/asks.ts'
import { DispatchTemplate } from '../../../protocol/openwire/dispatch-template.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { MessageQueue, Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Unacknowledged } from '../unacknowledged.ts'

/** One ConsumerInfo: is given messages while fewer than its prefetch are unacknowledged and its connection takes bytes. */
export class OpenWireSubscription implements Subscriber {
  readonly ask: ConsumerAsk
  readonly destination: Destination
  readonly #broker: EmbeddedBroker
  readonly #connection: Connection
  readonly #unacknowledged: Unacknowledged<OpenWireSubscription>
  readonly #template: DispatchTemplate
  #queue: MessageQueue | null = null
  #outstanding = 0

  constructor(
    ask: ConsumerAsk,
    destination: Destination,
    broker: EmbeddedBroker,
    connection: Connection,
    unacknowledged: Unacknowledged<OpenWireSubscription>,
  ) {
    this.ask = ask
    this.destination = destination
    this.#broker = broker
    this.#connection = connection
    this.#unacknowledged = unacknowledged
    this.#template = new DispatchTemplate(ask.id, ask.destination)
  }

  begin(): void {
    this.#queue = this.destination.subscribe(this)
  }

  /** Ends the subscription; what it did not acknowledge goes back to the queue. */
  end(): void {
    const given = this.#unacknowledged.removeUpTo(Infinity, this)
    if (this.#queue !== null) this.destination.unsubscribe(this, this.#queue, given)
    this.#queue = null
    this.#broker.deleteIfUnused(this.destination)
  }

  canTake(): boolean {
    return this.#outstanding < this.ask.prefetch && !this.#connection.isBlocked && this.#broker.serves
  }

  take(message: StoredMessage): void {
    const number = this.#unacknowledged.next
    this.#unacknowledged.add(message, this)
    this.#outstanding++
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytes(message.body.length))
    const redeliveries = message.redelivered ? 1 : 0
    connection.commit(this.#template.write(connection.output, at, number, redeliveries, message.body))
  }

  /** Delivery `number` is done with. */
  acknowledge(number: number): void {
    const message = this.#unacknowledged.remove(number)
    if (message !== null) this.#forget(message)
    this.#queue?.dispatch()
  }

  /** All deliveries up to `number` are done with; returns how many they were. */
  acknowledgeUpTo(number: number): number {
    const messages = this.#unacknowledged.removeUpTo(number, this)
    for (const message of messages) this.#forget(message)
    this.#queue?.dispatch()
    return messages.length
  }

  /** The connection takes bytes again. */
  resume(): void {
    this.#queue?.dispatch()
  }

  #forget(message: StoredMessage): void {
    this.#outstanding--
    this.#broker.add(-storedBytes(message))
  }
}
