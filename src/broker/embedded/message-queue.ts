import { MessageRing } from './message-ring.ts'
import type { StoredMessage } from './stored-message.ts'

/** One subscription, as the queue sees it. */
export interface Subscriber {
  /** Has credit, and its connection takes bytes. */
  canTake(): boolean
  take(message: StoredMessage): void
}

/**
 * A queue with competing subscribers: each message goes to one of them, in turn among those that can take it. A topic's
 * subscription is a queue with one subscriber. Pure.
 */
export class MessageQueue {
  readonly #messages = new MessageRing()
  readonly #subscribers: Subscriber[] = []
  #nextSubscriber = 0

  get depth(): number {
    return this.#messages.length
  }

  get subscriberCount(): number {
    return this.#subscribers.length
  }

  add(message: StoredMessage): void {
    if (this.#messages.length === 0) {
      const subscriber = this.#findSubscriber()
      if (subscriber !== null) {
        subscriber.take(message)
        return
      }
    }
    this.#messages.push(message)
  }

  /** Messages that come back, oldest first: to the front, in their order, marked as redelivered. */
  giveBack(messages: readonly StoredMessage[]): void {
    for (const message of messages.toReversed()) {
      message.redelivered = true
      this.#messages.unshift(message)
    }
    this.dispatch()
  }

  subscribe(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber)
    this.dispatch()
  }

  unsubscribe(subscriber: Subscriber): void {
    const index = this.#subscribers.indexOf(subscriber)
    if (index >= 0) this.#subscribers.splice(index, 1)
    this.#nextSubscriber = 0
  }

  /** Hands out what can be: to be called when a subscriber can take again. */
  dispatch(): void {
    while (this.#messages.length > 0) {
      const subscriber = this.#findSubscriber()
      if (subscriber === null) return
      const message = this.#messages.shift()
      if (message !== undefined) subscriber.take(message)
    }
  }

  /** Removes and returns all messages. */
  drain(): StoredMessage[] {
    const drained: StoredMessage[] = []
    for (let message = this.#messages.shift(); message !== undefined; message = this.#messages.shift()) {
      drained.push(message)
    }
    return drained
  }

  #findSubscriber(): Subscriber | null {
    const count = this.#subscribers.length
    for (let tried = 0; tried < count; tried++) {
      const index = this.#nextSubscriber < count ? this.#nextSubscriber : 0
      this.#nextSubscriber = index + 1
      const subscriber = this.#subscribers[index]
      if (subscriber?.canTake() === true) return subscriber
    }
    return null
  }
}
