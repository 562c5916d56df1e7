import type { Qos } from '../../../protocol/mqtt/packet-type.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import { MqttSubscription } from './mqtt-subscription.ts'
import type { Source } from './mqtt-subscription.ts'
import { Outbox } from './outbox.ts'
import type { Link } from './outbox.ts'

/** Whoever has the session now. */
export interface SessionHolder {
  /** Another connection of the same client id takes the session. */
  takeOver(): void
}

/** What the broker keeps of one client id, for as long as the client asked for: over connections or not. */
export class KeptSession {
  readonly clientId: string
  holder: SessionHolder | null = null
  readonly outbox: Outbox
  readonly #broker: EmbeddedBroker
  readonly #subscriptions = new Map<string, MqttSubscription>()
  /** The same as an array: gone through for every acknowledgement. */
  #all: readonly MqttSubscription[] = []
  /** Packet ids of QoS 2 messages that were taken and not released. */
  readonly #received = new Set<number>()

  constructor(clientId: string, broker: EmbeddedBroker) {
    this.clientId = clientId
    this.#broker = broker
    this.outbox = new Outbox(broker)
  }

  get hasSubscriptions(): boolean {
    return this.#all.length > 0
  }

  attach(holder: SessionHolder, link: Link): void {
    this.holder = holder
    this.outbox.attach(link)
    for (const subscription of this.#all) subscription.renew(subscription.qos)
    this.resume()
  }

  detach(): void {
    this.holder = null
    this.outbox.detach()
  }

  /** @param source called where the filter is new. @returns whether it was known. */
  subscribe(filter: string, qos: Qos, isShared: boolean, source: () => Source): boolean {
    const known = this.#subscriptions.get(filter)
    known?.renew(qos)
    if (known !== undefined) return true
    const subscription = new MqttSubscription(this.#broker, this.outbox, source(), isShared, qos)
    this.#subscriptions.set(filter, subscription)
    this.#all = [...this.#subscriptions.values()]
    subscription.begin()
    return false
  }

  /** @returns whether there was such a subscription. */
  unsubscribe(filter: string): boolean {
    this.#subscriptions.get(filter)?.leave()
    const wasKnown = this.#subscriptions.delete(filter)
    this.#all = [...this.#subscriptions.values()]
    return wasKnown
  }

  /** A QoS 2 message came. @returns false where it came before, and was not released yet. */
  receive(packetId: number): boolean {
    if (this.#received.has(packetId)) return false
    this.#received.add(packetId)
    return true
  }

  /** PUBREL came. @returns whether there was such a message. */
  release(packetId: number): boolean {
    return this.#received.delete(packetId)
  }

  /** The client or its socket takes more. */
  resume(): void {
    this.outbox.resend()
    this.dispatch()
  }

  /** By index, because it is done for every acknowledgement. */
  dispatch(): void {
    for (let index = 0; index < this.#all.length; index++) this.#all[index]?.dispatch()
  }

  /** Forgets everything. */
  end(): void {
    for (const subscription of this.#all) subscription.end()
    this.#all = []
    this.#subscriptions.clear()
    this.outbox.end()
  }
}
