import { MessageTemplate } from '../../../protocol/stomp/message-template.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { MessageQueue, Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Unacknowledged } from '../unacknowledged.ts'

export type AckMode = 'auto' | 'client' | 'client-individual'

export interface SubscriptionAsk {
  readonly id: string
  /** The header's text, which MESSAGE repeats. */
  readonly destinationText: string
  readonly ack: AckMode
  /** Messages unacknowledged at a time; Infinity where the client set none. */
  readonly prefetch: number
}

/** One SUBSCRIBE: takes messages while it has credit and its connection takes bytes. */
export class StompSubscription implements Subscriber {
  readonly ask: SubscriptionAsk
  readonly destination: Destination
  readonly #broker: EmbeddedBroker
  readonly #connection: Connection
  readonly #unacknowledged: Unacknowledged<StompSubscription>
  readonly #template: MessageTemplate
  #queue: MessageQueue | null = null
  #outstanding = 0

  constructor(
    ask: SubscriptionAsk,
    destination: Destination,
    broker: EmbeddedBroker,
    connection: Connection,
    unacknowledged: Unacknowledged<StompSubscription>,
  ) {
    this.ask = ask
    this.destination = destination
    this.#broker = broker
    this.#connection = connection
    this.#unacknowledged = unacknowledged
    this.#template = new MessageTemplate({ destination: ask.destinationText, subscription: ask.id })
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
    if (this.ask.ack === 'auto') {
      this.#unacknowledged.skip()
      this.#broker.add(-storedBytes(message))
    } else {
      this.#unacknowledged.add(message, this)
      this.#outstanding++
    }
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytesMax(message.body.length))
    connection.commit(this.#template.write(connection.output, at, number, message.redelivered, message.body))
  }

  /** ACK of delivery `number`, and of all before it where the mode is `client`. */
  acknowledge(number: number): void {
    if (this.ask.ack === 'client') {
      for (const message of this.#unacknowledged.removeUpTo(number, this)) this.#forget(message)
    } else {
      const message = this.#unacknowledged.remove(number)
      if (message !== null) this.#forget(message)
    }
    this.#queue?.dispatch()
  }

  /** NACK: the message goes back to the front of the queue. */
  reject(number: number): void {
    const message = this.#unacknowledged.remove(number)
    if (message === null) return
    this.#outstanding--
    this.#queue?.giveBack([message])
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
