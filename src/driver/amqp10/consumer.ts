import type { Delivery, EventContext, Message, Receiver } from 'rhea'
import type {
  AcknowledgePolicy,
  ConnectOptions,
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  MessageProperties,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { bytesOf } from './body.ts'
import { isRabbitPlugin } from './broker-kind.ts'
import { DELIVERIES_MIN, RheaConnection } from './connection.ts'
import { consumerLinkAsk } from './subscription.ts'

/** @throws DriverError */
export async function openConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const incoming = Math.max(DELIVERIES_MIN, 2 * spec.prefetch)
  const connection = await RheaConnection.open(endpoint, options, spec.clientId, { incoming, outgoing: DELIVERIES_MIN })
  try {
    const attempted = `consuming from ${spec.destination.kind} ${spec.destination.name}`
    const { termini, linkName } = consumerLinkAsk(spec, connection.identity)
    const receiver = await connection.attach(termini, attempted, undefined, (rheaConnection, source) =>
      rheaConnection.open_receiver({
        name: linkName,
        source,
        credit_window: 0,
        autoaccept: false,
        rcv_settle_mode: 0,
        snd_settle_mode: spec.acknowledge.kind === 'auto' ? 1 : 0,
      }),
    )
    return new RheaConsumer(connection, receiver, spec, events)
  } catch (thrown) {
    await connection.close()
    throw thrown
  }
}

/**
 * Credit is given by hand, so that at most `prefetch` messages are on the way or unacknowledged: a quarter of it at a
 * time, as messages are acknowledged. Tokens count deliveries from 0.
 *
 * `each` and `every` accept a delivery, and rhea writes what was accepted in one turn of the event loop as one ranged
 * disposition. `auto` asks the broker to send settled messages; one that it sends unsettled all the same is accepted.
 */
class RheaConsumer implements Consumer {
  readonly #connection: RheaConnection
  readonly #receiver: Receiver
  readonly #events: ConsumerEvents
  readonly #policy: AcknowledgePolicy
  /** RabbitMQ's plugin has no delivery count and tells by `first-acquirer`; elsewhere its absence also means false. */
  readonly #tellsByFirstAcquirer: boolean
  /** Unacknowledged deliveries, token n at n modulo `#slots`. */
  readonly #deliveries: (Delivery | undefined)[] = []
  readonly #slots: number
  readonly #creditStep: number
  #delivered = 0
  /** Acknowledged by the harness and not yet towards the broker: the tokens from `#firstPending` on. */
  #pending = 0
  #firstPending = 0
  #creditOwed = 0

  constructor(connection: RheaConnection, receiver: Receiver, spec: ConsumerSpec, events: ConsumerEvents) {
    this.#connection = connection
    this.#receiver = receiver
    this.#events = events
    this.#policy = spec.acknowledge
    this.#tellsByFirstAcquirer = isRabbitPlugin(connection.identity)
    this.#slots = spec.prefetch + 1
    this.#creditStep = Math.max(1, Math.floor(spec.prefetch / 4))
    receiver.on('message', (context: EventContext) => this.#deliver(context))
    connection.onLost((cause) => events.onClosed(cause))
    receiver.add_credit(spec.prefetch)
  }

  acknowledge(token: number): void {
    if (this.#policy.kind === 'auto' || !this.#connection.isOpen) return
    if (this.#pending++ === 0) this.#firstPending = token
    if (this.#policy.kind === 'each' || this.#pending >= this.#policy.messages) this.#acceptPending()
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  close(): Promise<void> {
    if (this.#connection.isOpen) this.#acceptPending()
    return this.#connection.close()
  }

  #acceptPending(): void {
    const count = this.#pending
    for (let token = this.#firstPending; token < this.#firstPending + count; token++) {
      const slot = token % this.#slots
      this.#deliveries[slot]?.accept()
      this.#deliveries[slot] = undefined
    }
    this.#pending = 0
    this.#giveCredit(count)
  }

  #giveCredit(messages: number): void {
    this.#creditOwed += messages
    if (this.#creditOwed < this.#creditStep) return
    this.#receiver.add_credit(this.#creditOwed)
    this.#creditOwed = 0
  }

  #deliver({ delivery, message }: EventContext): void {
    if (delivery === undefined || message === undefined || !this.#connection.isOpen) return
    const token = this.#delivered++
    if (this.#policy.kind === 'auto') {
      delivery.accept()
      this.#giveCredit(1)
    } else {
      this.#deliveries[token % this.#slots] = delivery
    }
    try {
      this.#events.onProperties?.(propertiesOf(message))
      this.#events.onDelivery(bytesOf(message.body), this.#isRedelivered(message), token)
    } catch (thrown) {
      // A bug of the callback: rhea would take it for one of the connection.
      setImmediate(() => {
        throw thrown
      })
    }
  }

  #isRedelivered(message: Message): boolean {
    if ((message.delivery_count ?? 0) > 0) return true
    return this.#tellsByFirstAcquirer && message.first_acquirer === false
  }
}

/** Of all application properties those that are text. */
function propertiesOf({ ttl, priority, application_properties: carried }: Message): MessageProperties {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries((carried ?? {}) as Record<string, unknown>)) {
    if (typeof value === 'string') headers[name] = value
  }
  return { ttlMs: ttl ?? null, priority: priority ?? null, headers }
}
