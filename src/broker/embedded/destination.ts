import type { Displacement } from './displacement.ts'
import { MessageQueue } from './message-queue.ts'
import type { Subscriber } from './message-queue.ts'
import { storedBytes } from './stored-message.ts'
import type { StoredMessage } from './stored-message.ts'

/** Where messages that are stored, or forgotten, are counted. */
export interface MemoryMeter {
  add(bytes: number): void
}

/** What a waiting message and its copies need to know to be let out. */
export interface Displaceable {
  readonly body: Uint8Array
  readonly copies: number
}

/**
 * A queue or a topic under its name. Made on first use; `isUnused` says when it may go. A topic keeps one queue for each
 * subscription and nothing for those who come later. Pure.
 */
export class Destination {
  readonly kind: 'queue' | 'topic'
  readonly name: string
  readonly #memory: MemoryMeter
  readonly #queues: MessageQueue[] = []
  /** Messages that the fault model has decided on. */
  published = 0
  /** Messages decided on and on their way into the queue: waiting for service or held back. */
  underway = 0
  displacement: Displacement<Displaceable> | null = null
  isDeleted = false

  constructor(kind: 'queue' | 'topic', name: string, memory: MemoryMeter) {
    this.kind = kind
    this.name = name
    this.#memory = memory
    if (kind === 'queue') this.#queues.push(new MessageQueue())
  }

  /** Nothing in it or on its way, and nobody subscribes. */
  get isUnused(): boolean {
    return (
      this.underway === 0 &&
      (this.displacement?.size ?? 0) === 0 &&
      this.#queues.every((queue) => queue.depth === 0 && queue.subscriberCount === 0)
    )
  }

  /** Messages that wait for delivery, over all its queues. */
  get depth(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.depth, 0)
  }

  /** Stores a message; `body` must stay as it is. */
  accept(body: Uint8Array): void {
    for (let index = 0; index < this.#queues.length; index++) {
      const message: StoredMessage = { body, redelivered: false }
      this.#memory.add(storedBytes(message))
      this.#queues[index]?.add(message)
    }
  }

  /** @returns the queue that feeds the subscriber. */
  subscribe(subscriber: Subscriber): MessageQueue {
    const queue = this.kind === 'queue' ? this.#queues[0] : undefined
    if (queue !== undefined) {
      queue.subscribe(subscriber)
      return queue
    }
    const own = new MessageQueue()
    this.#queues.push(own)
    own.subscribe(subscriber)
    return own
  }

  /** @param unacknowledged what the subscriber got and did not acknowledge, oldest first. */
  unsubscribe(subscriber: Subscriber, queue: MessageQueue, unacknowledged: readonly StoredMessage[]): void {
    queue.unsubscribe(subscriber)
    if (this.kind === 'queue') {
      queue.giveBack(unacknowledged)
      return
    }
    this.#queues.splice(this.#queues.indexOf(queue), 1)
    for (const message of [...queue.drain(), ...unacknowledged]) this.#memory.add(-storedBytes(message))
  }

  /** Throws away all that waits. False where somebody subscribes, and then nothing is thrown away. */
  purge(): boolean {
    if (this.#queues.some((queue) => queue.subscriberCount > 0)) return false
    for (const queue of this.#queues) {
      for (const message of queue.drain()) this.#memory.add(-storedBytes(message))
    }
    return true
  }

  dispatch(): void {
    for (const queue of this.#queues) queue.dispatch()
  }
}
