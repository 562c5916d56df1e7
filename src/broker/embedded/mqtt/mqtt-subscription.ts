import { PublishTemplate } from '../../../protocol/mqtt/publish-template.ts'
import type { Qos } from '../../../protocol/mqtt/packet-type.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import type { Outbox } from './outbox.ts'

/** Where a subscription gets its messages from: a topic, or a group that shares one. */
export interface Source {
  readonly topic: string
  join(subscriber: Subscriber): void
  /** @param unanswered what the subscriber was sent and has no answer to, oldest first. */
  leave(subscriber: Subscriber, unanswered: readonly StoredMessage[]): void
  dispatch(): void
}

/**
 * One filter of one client: takes messages while the client does. Messages come at the QoS of the subscription, whatever
 * they were published at, because other protocols publish here too.
 */
export class MqttSubscription implements Subscriber {
  readonly #broker: EmbeddedBroker
  readonly #outbox: Outbox
  readonly #source: Source
  /** Shared messages go to others while this client is away. */
  readonly #isShared: boolean
  #qos: Qos
  #template: PublishTemplate

  constructor(broker: EmbeddedBroker, outbox: Outbox, source: Source, isShared: boolean, qos: Qos) {
    this.#broker = broker
    this.#outbox = outbox
    this.#source = source
    this.#isShared = isShared
    this.#qos = qos
    this.#template = new PublishTemplate(outbox.level, source.topic, qos)
  }

  get qos(): Qos {
    return this.#qos
  }

  get template(): PublishTemplate {
    return this.#template
  }

  begin(): void {
    this.#source.join(this)
  }

  /** Another SUBSCRIBE with the same filter, or another connection, whose version may be another. */
  renew(qos: Qos): void {
    this.#qos = qos
    this.#template = new PublishTemplate(this.#outbox.level, this.#source.topic, qos)
  }

  /** UNSUBSCRIBE: what is under way still gets its answer. */
  leave(): void {
    this.#source.leave(this, [])
  }

  /** The session is over. */
  end(): void {
    this.#source.leave(this, this.#outbox.takeBack(this))
  }

  canTake(): boolean {
    return this.#outbox.canSend(this.#qos) || this.#drops
  }

  take(message: StoredMessage): void {
    if (this.#drops) this.#broker.add(-storedBytes(message))
    else this.#outbox.send(message, this)
  }

  dispatch(): void {
    this.#source.dispatch()
  }

  /** At QoS 0 nothing is kept for a client that is away. */
  get #drops(): boolean {
    return this.#qos === 0 && !this.#isShared && !this.#outbox.isAttached
  }
}
