import { DeliverTemplate } from '../../../protocol/amqp091/deliver-template.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { MessageQueue, Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Unacknowledged } from '../unacknowledged.ts'
import type { QueueConsumer, Topology } from './topology.ts'

export interface ConsumerSettings {
  readonly channel: number
  readonly queue: string
  readonly consumerTag: string
  readonly noAck: boolean
  /** Messages unacknowledged at a time; Infinity where there is no limit. */
  readonly prefetch: number
  readonly frameBytesMax: number
}

/** Where a consumer belongs. */
export interface ConsumerPlace {
  readonly broker: EmbeddedBroker
  readonly topology: Topology
  readonly connection: Connection
  readonly unacknowledged: Unacknowledged<Amqp091Consumer>
  /** The queue was deleted under it. */
  readonly onCancelled: (consumerTag: string) => void
}

/** One basic.consume: takes messages while it has credit and its connection takes bytes. */
export class Amqp091Consumer implements Subscriber, QueueConsumer {
  readonly settings: ConsumerSettings
  readonly #place: ConsumerPlace
  readonly #template: DeliverTemplate
  #destination: Destination
  /** Null before `begin` and after `end`. */
  #queue: MessageQueue | null = null
  #outstanding = 0
  /** What is given back to a queue that was deleted is gone. */
  #isQueueGone = false

  /** @throws RangeError for names that are too long. */
  constructor(settings: ConsumerSettings, place: ConsumerPlace) {
    this.settings = settings
    this.#place = place
    this.#template = new DeliverTemplate({ ...settings, ...place.topology.addressOf(settings.queue) })
    this.#destination = place.broker.destination('queue', settings.queue)
  }

  begin(): void {
    this.#place.topology.addConsumer(this.settings.queue, this)
    // While it subscribes it is given messages, and may have to be asked whether it can take more.
    this.#queue = this.#destination.subscribe(this)
  }

  /** Takes no more messages; what it has may still be acknowledged or given back. */
  stop(): void {
    const queue = this.#queue
    this.#queue = null
    if (queue !== null) this.#destination.unsubscribe(this, queue, [])
  }

  /** `stop`, and away from the queue, which may go with its last consumer. */
  end(): void {
    this.stop()
    if (this.#place.topology.removeConsumer(this.settings.queue, this)) this.#isQueueGone = true
    this.#deleteIfUnused()
  }

  cancel(): void {
    this.#isQueueGone = true
    this.#place.onCancelled(this.settings.consumerTag)
  }

  canTake(): boolean {
    const { connection, broker } = this.#place
    return this.#outstanding < this.settings.prefetch && !connection.isBlocked && broker.serves
  }

  take(message: StoredMessage): void {
    const { unacknowledged, broker, connection } = this.#place
    const tag = unacknowledged.next
    if (this.settings.noAck) {
      unacknowledged.skip()
      broker.add(-storedBytes(message))
    } else {
      unacknowledged.add(message, this)
      this.#outstanding++
    }
    const at = connection.reserve(this.#template.frameBytesMax(message.body.length))
    connection.commit(this.#template.write(connection.output, at, tag, message.redelivered, message.body))
  }

  /** A message of this consumer was acknowledged, or dropped. `dispatch` must follow. */
  forget(message: StoredMessage): void {
    this.#outstanding--
    this.#place.broker.add(-storedBytes(message))
  }

  /** Credit has come, or the connection takes bytes again. */
  dispatch(): void {
    if (this.#queue !== null) this.#queue.dispatch()
    else if (this.#outstanding === 0) this.#deleteIfUnused()
  }

  /** Messages of this consumer go back to the front of the queue, oldest first. */
  giveBack(messages: readonly StoredMessage[]): void {
    if (messages.length === 0) return
    if (this.#isQueueGone) {
      for (const message of messages) this.forget(message)
      return
    }
    this.#outstanding -= messages.length
    if (this.#queue !== null) {
      this.#queue.giveBack(messages)
      return
    }
    const { broker } = this.#place
    // The queue went when nobody used it: it comes back under its name.
    if (this.#destination.isDeleted) this.#destination = broker.destination('queue', this.settings.queue)
    // A destination takes messages back from a subscriber only.
    const carrier = { canTake: () => false, take: () => undefined }
    this.#destination.unsubscribe(carrier, this.#destination.subscribe(carrier), messages)
  }

  #deleteIfUnused(): void {
    if (this.#outstanding === 0) this.#place.broker.deleteIfUnused(this.#destination)
  }
}
