import { Delivery } from '../../protocol/amqp10/delivery.ts'
import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { DISPOSITION_BYTES, writeDisposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import type { AmqpFrame } from '../../protocol/amqp10/frame.ts'
import type { Transfer } from '../../protocol/amqp10/transfer.ts'
import { before } from '../deadline.ts'
import type { DriverError } from '../driver-error.ts'
import type { ConnectOptions, Consumer, ConsumerEvents, ConsumerSpec, WireCounters } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { isRabbitPlugin } from './broker-kind.ts'
import { consumerLinkAsk } from './subscription.ts'
import { DeliveryIds } from './wire-delivery-ids.ts'
import { WireLink } from './wire-link.ts'
import type { LinkOwner } from './wire-link-owner.ts'
import { TransactedAcceptance } from './wire-transacted-acceptance.ts'
import type { IdRange } from './wire-transacted-acceptance.ts'

/** A transaction that is not through in this time is left to the broker, which rolls it back. */
const CLOSE_MS = 5_000

/** Opens a consumer on a connection of its own and gives the first credit. @throws DriverError */
export async function openWireConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const consumer = new WireConsumer(spec, events)
  const link = await WireLink.open(endpoint, options, spec.clientId, consumer)
  consumer.link = link
  try {
    const attempted = `consuming from ${spec.destination.kind} ${spec.destination.name}`
    const ask = consumerLinkAsk(spec, link.identity)
    await link.attach({ role: 'receiver', isSettled: spec.acknowledge.kind === 'auto', attempted, ...ask })
    await consumer.begin()
  } catch (thrown) {
    await link.abandon(thrown)
    throw thrown
  }
  return consumer
}

/**
 * At most `prefetch` messages are on the way or unacknowledged. `each` gives credit back a quarter of it at a time,
 * `every` with each batch. `auto` asks the broker to send settled messages; one that it sends unsettled is accepted.
 */
class WireConsumer implements Consumer, LinkOwner {
  link!: WireLink
  readonly #events: ConsumerEvents
  readonly #prefetch: number
  readonly #isAuto: boolean
  /** Messages that one disposition covers. */
  readonly #acceptEvery: number
  readonly #creditStep: number
  readonly #ids: DeliveryIds
  readonly #delivery = new Delivery()
  /** RabbitMQ's plugin has no delivery count and tells by `first-acquirer`; elsewhere its absence also means false. */
  #tellsByFirstAcquirer = false
  /** Of the link, a serial number of 32 bits. */
  #deliveryCount = 0
  #delivered = 0
  /** Deliveries for which credit is due again, and of those the ones for which it was given. */
  #released = 0
  #credited = 0
  /** Acknowledged and not yet said: how many messages, and the last range `first..last` of their delivery-ids. */
  #pending = 0
  #hasRange = false
  #first = 0
  #last = 0
  readonly #transactionMessages: number | null
  #acceptance: TransactedAcceptance | null = null
  /** To be accepted in the next transaction. */
  #ranges: IdRange[] = []

  constructor(spec: ConsumerSpec, events: ConsumerEvents) {
    this.#events = events
    this.#prefetch = spec.prefetch
    this.#isAuto = spec.acknowledge.kind === 'auto'
    const every = spec.acknowledge.kind === 'every' ? spec.acknowledge.messages : null
    this.#transactionMessages = this.#isAuto ? null : (spec.transactionMessages ?? null)
    const batch = this.#transactionMessages ?? every
    // A batch beyond the prefetch would never be full.
    this.#acceptEvery = batch === null ? 1 : Math.min(batch, spec.prefetch)
    this.#creditStep = batch === null ? Math.max(1, Math.floor(spec.prefetch / 4)) : 1
    this.#ids = new DeliveryIds(spec.prefetch)
  }

  /** The link is attached: messages may come. @throws DriverError `unsupported` where the broker has no transactions. */
  async begin(): Promise<void> {
    const { link } = this
    if (this.#transactionMessages !== null) {
      this.#acceptance = new TransactedAcceptance(link)
      await this.#acceptance.transactions.open()
    }
    this.#tellsByFirstAcquirer = isRabbitPlugin(link.identity)
    this.#deliveryCount = link.initialDeliveryCount
    this.#giveCredit()
  }

  acknowledge(token: number): void {
    if (this.#isAuto || !this.link.isOpen) return
    const id = this.#ids.take(token)
    if (id >= 0) this.#accept(id)
    this.#pending++
    if (this.#pending >= this.#acceptEvery) this.#sendAccepted()
  }

  counters(): WireCounters {
    return this.link.transport.counters()
  }

  async close(): Promise<void> {
    if (this.link.isOpen) this.#sendAccepted()
    const committed = this.#acceptance?.committed()
    if (committed !== undefined)
      await before(AbortSignal.timeout(CLOSE_MS), committed, 'closing').catch(() => undefined)
    await this.link.close()
  }

  onTransfer(transfer: Transfer, frame: AmqpFrame): void {
    const delivery = this.#delivery
    const piece = delivery.add(transfer, frame)
    if (piece === 'partial') return
    this.#deliveryCount = (this.#deliveryCount + 1) >>> 0
    if (piece === 'aborted') {
      // It has used up credit, and nobody will acknowledge it.
      this.link.flow.send(this.link.transport, this.#deliveryCount, this.#credit, false)
      return
    }
    const token = this.#delivered++
    const { id, isSettled, message } = delivery
    if (!this.#isAuto) this.#ids.put(token, isSettled ? -1 : id)
    else if (isSettled) this.#release(1)
    else this.#acceptByItself(id)
    this.#events.onProperties?.(message.properties())
    this.#events.onDelivery(message.body(), this.#isRedelivered, token)
  }

  onDisposition(): void {
    // What a sender says of deliveries that we have answered changes nothing.
  }

  onFlow(flow: Flow): void {
    if (flow.isEcho) this.link.flow.send(this.link.transport, this.#deliveryCount, this.#credit, false)
  }

  onTurnEnd(): void {
    if (this.#isAuto && this.#pending > 0) this.#sendAccepted()
  }

  onBlocked(): void {
    // Acknowledgements wait in the connection; there is nobody to hold back.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    this.#events.onClosed(cause)
  }

  get #isRedelivered(): boolean {
    const { message } = this.#delivery
    return message.deliveryCount > 0 || (this.#tellsByFirstAcquirer && message.isFirstAcquired === false)
  }

  /** Messages that may come: `prefetch` less those delivered and not acknowledged. */
  get #credit(): number {
    return Math.max(0, this.#prefetch - (this.#delivered - this.#released))
  }

  #acceptByItself(id: number): void {
    this.#accept(id)
    this.#pending++
  }

  #accept(id: number): void {
    if (this.#hasRange && id === (this.#last + 1) >>> 0) {
      this.#last = id
      return
    }
    if (this.#hasRange) this.#sendRange()
    this.#hasRange = true
    this.#first = id
    this.#last = id
  }

  #sendAccepted(): void {
    if (this.#hasRange) this.#sendRange()
    if (this.#ranges.length > 0) this.#acceptance?.accept(this.#ranges)
    if (this.#ranges.length > 0) this.#ranges = []
    const count = this.#pending
    this.#pending = 0
    this.#release(count)
  }

  #sendRange(): void {
    this.#hasRange = false
    if (this.#acceptance !== null) {
      this.#ranges.push([this.#first, this.#last])
      return
    }
    const { transport } = this.link
    const at = transport.reserve(DISPOSITION_BYTES)
    const end = writeDisposition(transport.output, at, true, this.#first, this.#last, DESCRIPTOR.accepted)
    transport.commit(end)
  }

  #release(messages: number): void {
    this.#released += messages
    if (this.#released - this.#credited >= this.#creditStep) this.#giveCredit()
  }

  #giveCredit(): void {
    this.#credited = this.#released
    this.link.flow.send(this.link.transport, this.#deliveryCount, this.#credit, false)
  }
}
