import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { MessageQueue, Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'

/** Carries every message of a topic into a queue, whether or not anybody consumes from it. */
export class Binding implements Subscriber {
  /** By which the messages come, as the client named it. */
  readonly address: { readonly exchange: string; readonly routingKey: string }
  readonly #broker: EmbeddedBroker
  readonly #topic: Destination
  readonly #queueName: string
  readonly #queue: MessageQueue
  #target: Destination

  constructor(broker: EmbeddedBroker, topic: string, queue: string, address: Binding['address']) {
    this.address = address
    this.#broker = broker
    this.#queueName = queue
    this.#target = broker.destination('queue', queue)
    this.#topic = broker.destination('topic', topic)
    this.#queue = this.#topic.subscribe(this)
  }

  canTake(): boolean {
    return true
  }

  take(message: StoredMessage): void {
    this.#broker.add(-storedBytes(message))
    // The queue goes when nobody uses it, and comes back under its name.
    if (this.#target.isDeleted) this.#target = this.#broker.destination('queue', this.#queueName)
    this.#target.accept(message.body)
  }

  end(): void {
    this.#topic.unsubscribe(this, this.#queue, [])
    this.#broker.deleteIfUnused(this.#topic)
  }
}
