import { Acknowledgement } from '../../../protocol/openwire/acknowledgement.ts'
import type { ConsumerAsk } from '../../../protocol/openwire/asks.ts'
import type { FrameReader } from '../../../protocol/openwire/frame-reader.ts'
import type { EndpointId } from '../../../protocol/openwire/nested.ts'
import { ACK_TYPE } from '../../../protocol/openwire/type-codes.ts'
import type { Connection } from '../../../transport/connection.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import { Unacknowledged } from '../unacknowledged.ts'
import { OpenWireSubscription } from './openwire-subscription.ts'
import { Refusal, unsupported } from './refusal.ts'

/** The consumers of one connection and what they have not acknowledged. */
export class OpenWireSubscriptions {
  readonly #broker: EmbeddedBroker
  readonly #connection: Connection
  readonly #byId = new Map<string, OpenWireSubscription>()
  readonly #unacknowledged = new Unacknowledged<OpenWireSubscription>()
  readonly #acknowledgement = new Acknowledgement()

  constructor(broker: EmbeddedBroker, connection: Connection) {
    this.#broker = broker
    this.#connection = connection
  }

  get count(): number {
    return this.#byId.size
  }

  /** Deliveries begin with `begin` of what this returns. @throws Refusal */
  add(ask: ConsumerAsk): OpenWireSubscription {
    if (ask.prefetch < 1) throw unsupported('consumers without a prefetch')
    if (ask.isBrowser) throw unsupported('browsers')
    if (ask.selector !== null) throw unsupported('selectors')
    if (ask.subscriptionName !== null) throw unsupported('durable subscriptions')
    const key = keyOf(ask.id)
    if (this.#byId.has(key)) throw new Refusal('javax.jms.JMSException', `there is a consumer ${key} already`)
    const destination = this.#broker.destination(ask.destination.kind, ask.destination.name)
    const subscription = new OpenWireSubscription(
      ask,
      destination,
      this.#broker,
      this.#connection,
      this.#unacknowledged,
    )
    this.#byId.set(key, subscription)
    return subscription
  }

  end(id: EndpointId): void {
    const key = keyOf(id)
    this.#byId.get(key)?.end()
    this.#byId.delete(key)
  }

  endSession(session: number): void {
    for (const { ask } of [...this.#byId.values()]) {
      if (ask.id.session === session) this.end(ask.id)
    }
  }

  endAll(): void {
    for (const subscription of this.#byId.values()) subscription.end()
    this.#byId.clear()
  }

  /** The connection takes bytes again. */
  resume(): void {
    for (const subscription of this.#byId.values()) subscription.resume()
  }

  /** A MessageAck, behind its base. @throws Refusal, OpenWireProtocolError */
  onAck(fields: FrameReader): void {
    const acknowledgement = this.#acknowledgement
    acknowledgement.read(fields)
    if (acknowledgement.isTransacted) throw unsupported('transactions')
    const { lastNumber, messages } = acknowledgement
    // Only tells that a message was looked at.
    if (!acknowledgement.isFinal) return
    const subscription = this.#unacknowledged.ownerOf(lastNumber)
    if (subscription === null) throw unmatched()
    if (acknowledgement.type === ACK_TYPE.individual || messages === 1) subscription.acknowledge(lastNumber)
    else if (subscription.acknowledgeUpTo(lastNumber) !== messages) throw unmatched()
  }
}

function unmatched(): Refusal {
  return new Refusal('javax.jms.JMSException', 'Unmatched acknowledge: not as many deliveries are outstanding')
}

function keyOf({ session, value }: EndpointId): string {
  return `${session}/${value}`
}
