import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import { MessageQueue } from '../message-queue.ts'
import type { Subscriber } from '../message-queue.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Source } from './mqtt-subscription.ts'

/** A topic, all of whose messages go to the one subscriber. */
export class TopicSource implements Source {
  readonly topic: string
  readonly #broker: EmbeddedBroker
  readonly #destination: Destination
  #queue: MessageQueue | null = null

  constructor(broker: EmbeddedBroker, topic: string) {
    this.topic = topic
    this.#broker = broker
    this.#destination = broker.destination('topic', topic)
  }

  join(subscriber: Subscriber): void {
    this.#queue = this.#destination.subscribe(subscriber)
  }

  leave(subscriber: Subscriber, unanswered: readonly StoredMessage[]): void {
    if (this.#queue !== null) this.#destination.unsubscribe(subscriber, this.#queue, unanswered)
    this.#queue = null
    this.#broker.deleteIfUnused(this.#destination)
  }

  dispatch(): void {
    this.#queue?.dispatch()
  }
}

/** `$share/NAME/TOPIC`: each message goes to one of those who joined. Lasts as long as anybody is in it. */
export class SharedGroup implements Source, Subscriber {
  readonly #source: TopicSource
  readonly #members: Subscriber[] = []
  /** Holds only what comes back from a member that left; the others wait in the topic. */
  readonly #queue = new MessageQueue()
  readonly #onEmpty: () => void

  constructor(broker: EmbeddedBroker, topic: string, onEmpty: () => void) {
    this.#source = new TopicSource(broker, topic)
    this.#onEmpty = onEmpty
  }

  get topic(): string {
    return this.#source.topic
  }

  join(subscriber: Subscriber): void {
    this.#members.push(subscriber)
    this.#queue.subscribe(subscriber)
    if (this.#members.length === 1) this.#source.join(this)
    else this.#source.dispatch()
  }

  leave(subscriber: Subscriber, unanswered: readonly StoredMessage[]): void {
    this.#members.splice(this.#members.indexOf(subscriber), 1)
    this.#queue.unsubscribe(subscriber)
    if (this.#members.length > 0) {
      this.#queue.giveBack(unanswered)
      return
    }
    this.#source.leave(this, [...this.#queue.drain(), ...unanswered])
    this.#onEmpty()
  }

  dispatch(): void {
    this.#queue.dispatch()
    this.#source.dispatch()
  }

  canTake(): boolean {
    for (const member of this.#members) if (member.canTake()) return true
    return false
  }

  take(message: StoredMessage): void {
    this.#queue.add(message)
  }
}
