import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { DISPOSITION_BYTES, writeDisposition } from '../../protocol/amqp10/disposition.ts'
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Flow } from '../../protocol/amqp10/flow.ts'
import { encodeMessageHead } from '../../protocol/amqp10/message-head.ts'
import { SendCredit } from '../../protocol/amqp10/send-credit.ts'
import { encodeTransactionalState } from '../../protocol/amqp10/transaction.ts'
import { TransferTemplate } from '../../protocol/amqp10/transfer-template.ts'
import type { TransferShape } from '../../protocol/amqp10/transfer-template.ts'
import { TransferWriter } from '../../protocol/amqp10/transfer-writer.ts'
import { Blockage } from '../blockage.ts'
import { before } from '../deadline.ts'
import { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { terminiOf } from './address.ts'
import { requireMessageFits } from './message-size.ts'
import { WireLink } from './wire-link.ts'
import type { LinkOwner } from './wire-link-owner.ts'
import { codeOf, outcomeOf } from './wire-outcome.ts'
import { WireSettlements } from './wire-settlements.ts'
import { TransactedMessages } from './wire-transacted-messages.ts'
import { WireTransactions } from './wire-transactions.ts'
import type { TransactionsOwner } from './wire-transactions.ts'

/** A broker that has no room gives no credit: then the publisher opens all the same, blocked. */
const FIRST_CREDIT_MS = 1_000
/** A transaction that is not through in this time is left to the broker, which rolls it back. */
const CLOSE_MS = 5_000

/** Opens a producer on a connection of its own and waits for its first credit. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const publisher = new WirePublisher(spec, events)
  const link = await WireLink.open(endpoint, options, spec.clientId, publisher)
  publisher.link = link
  const attempted = `publishing to ${spec.destination.kind} ${spec.destination.name}`
  try {
    const termini = terminiOf(spec.destination, link.identity, true)
    await link.attach({ role: 'sender', isSettled: !spec.confirm, termini, attempted })
    await publisher.begin(attempted)
  } catch (thrown) {
    await link.abandon(thrown)
    throw thrown
  }
  await before(AbortSignal.timeout(FIRST_CREDIT_MS), publisher.credited, attempted).catch(() => undefined)
  return publisher
}

/**
 * Delivery-ids are the sequence numbers, of which they are the low 32 bits: there is one link in the session. With
 * transactions there are two, and each transaction's messages follow each other.
 */
class WirePublisher implements Publisher, LinkOwner, TransactionsOwner {
  link!: WireLink
  /** Resolves with the first link credit, or when the link is lost. */
  readonly credited: Promise<void>
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #shape: TransferShape
  /** In a transaction, the one of that transaction. */
  #template: TransferTemplate
  #templateTransaction: Uint8Array | null = null
  /** Both null where nothing is done in transactions. */
  #transactions: WireTransactions | null = null
  readonly #transacted: TransactedMessages | null
  #isClosing = false
  #writer: TransferWriter | null = null
  readonly #blockage: Blockage
  readonly #settlements: WireSettlements
  #onCredit: () => void = () => undefined
  readonly #credit = new SendCredit()
  #published = 0

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#settlements = new WireSettlements(events)
    const head = encodeMessageHead({ isDurable: spec.persistent, ...spec.properties })
    this.#shape = { isSettled: !spec.confirm, head }
    this.#template = new TransferTemplate(this.#shape)
    this.#transacted = spec.transacted === true ? new TransactedMessages() : null
    this.credited = new Promise((resolve) => (this.#onCredit = resolve))
  }

  /**
   * The link is attached. @throws DriverError `unsupported` where there are to be transactions and the broker has none;
   * `not-permitted` where the largest message is too large for it.
   */
  async begin(attempted: string): Promise<void> {
    const { transport, flow, frameBytesMax, messageBytesMax, address } = this.link
    const { bodyBytesMax: bodyBytes } = this.#spec
    const messageBytes = (): number => this.#template.messageBytes(bodyBytes)
    requireMessageFits(messageBytesMax, { attempted, peer: transport.peer, address, bodyBytes, messageBytes })
    this.#writer = new TransferWriter(transport, flow.windows, frameBytesMax)
    // Credit may have come in the packet of the attach.
    if (this.#hasCredit) this.#onCredit()
    if (this.#transacted !== null) {
      this.#transactions = new WireTransactions(this.link, this)
      await this.#transactions.open()
    }
    transport.messagePerWrite = this.#spec.messagePerWrite ?? false
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    const { link } = this
    const writer = this.#writer
    if (writer === null || this.#blockage.isBlocked || !link.isOpen || this.#isClosing) return 'not-taken'
    const lack = this.#lack
    if (lack !== null) {
      this.#blockage.block(lack)
      return 'not-taken'
    }
    this.#credit.used()
    this.#published = sequence + 1
    if (this.#spec.confirm) this.#settlements.accept(sequence)
    if (this.#transacted === null) writer.send(this.#template, sequence, body)
    else this.#sendTransacted(writer, this.#transacted, body, sequence)
    if (!this.#hasCredit) this.#blockage.block('credit')
    else if (!link.transport.isBlocked) return 'accepted'
    return 'accepted-now-full'
  }

  commit(): void {
    this.#endTransaction(false)
  }

  rollback(): void {
    this.#endTransaction(true)
  }

  counters(): WireCounters {
    return this.link.transport.counters()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.rollback()
    const ended = this.#transactions?.idle()
    if (ended !== undefined) await before(AbortSignal.timeout(CLOSE_MS), ended, 'closing').catch(() => undefined)
    await this.link.close()
    this.#settlements.settleAsUnknown()
    this.#blockage.end()
  }

  onTransfer(): void {
    this.link.fail(new DriverError('protocol-error', `${this.link.transport.peer} sent a transfer to a producer`))
  }

  onFlow(flow: Flow): void {
    const credit = this.#credit
    credit.flowed(flow)
    if (flow.isDrain && credit.left > 0) {
      credit.giveBack()
      this.link.flow.send(this.link.transport, credit.deliveryCount, 0, true)
    } else if (flow.isEcho) {
      this.link.flow.send(this.link.transport, credit.deliveryCount, credit.left, false)
    }
    this.#writer?.resume()
    this.#transactions?.resume()
    if (!this.#hasCredit) return
    this.#onCredit()
    this.#blockage.unblock('credit')
  }

  /** For the coordinator's link. */
  get mayTransfer(): boolean {
    return this.#writer?.maySend === true
  }

  onTransactionReady(): void {
    this.#blockage.unblock('broker')
  }

  onTransactionEnded(code: string | null): void {
    this.#transacted?.settle(code, (first, last, outcome, reason) =>
      this.#settlements.settle(first, last, outcome, reason),
    )
  }

  onDisposition(disposition: Disposition): void {
    if (!disposition.isFromReceiver) return
    const { state, isSettled } = disposition
    const isOutcome = state >= DESCRIPTOR.accepted && state <= DESCRIPTOR.modified
    if (!isOutcome && !isSettled) return
    if (this.#transacted !== null) {
      const isRefused = isOutcome && state !== DESCRIPTOR.accepted
      if (isRefused) this.#transacted.refuse(disposition.first, disposition.last, codeOf(disposition))
      return
    }
    const first = Math.max(this.#sequenceOf(disposition.first), this.#settlements.lowest)
    const last = Math.min(this.#sequenceOf(disposition.last), this.#published - 1)
    this.#settlements.settle(first, last, outcomeOf(state), codeOf(disposition))
    if (!isSettled) this.#answer(disposition.first, disposition.last, state)
  }

  onTurnEnd(): void {
    this.#settlements.flush()
  }

  onBlocked(): void {
    this.#blockage.block('socket')
  }

  onDrain(): void {
    this.#blockage.unblock('socket')
  }

  onLost(cause: DriverError): void {
    this.#onCredit()
    this.#settlements.settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#events.onClosed(cause)
  }

  get #hasCredit(): boolean {
    return this.#credit.left > 0 && this.#writer?.maySend === true
  }

  /** What is missing for the next message. */
  get #lack(): 'credit' | 'broker' | null {
    if (!this.#hasCredit) return 'credit'
    return this.#transactions !== null && this.#transactions.current === null ? 'broker' : null
  }

  #sendTransacted(writer: TransferWriter, transacted: TransactedMessages, body: Uint8Array, sequence: number): void {
    const transaction = this.#transactions?.current ?? null
    if (transaction !== null && transaction !== this.#templateTransaction) {
      this.#templateTransaction = transaction
      const state = encodeTransactionalState(transaction, null)
      this.#template = new TransferTemplate({ ...this.#shape, state })
    }
    const deliveryId = this.link.flow.takeDeliveryId()
    transacted.published(sequence, deliveryId)
    writer.send(this.#template, deliveryId, body)
  }

  #endTransaction(isFailed: boolean): void {
    if (this.#transacted?.hasOpen !== true || !this.link.isOpen) return
    this.#transacted.end()
    this.#transactions?.end(isFailed)
  }

  /** The sequence nearest to what was published whose low 32 bits are the delivery-id. */
  #sequenceOf(deliveryId: number): number {
    return this.#published + ((deliveryId - this.#published) | 0)
  }

  /** A receiver that names an outcome and does not settle waits for us to. */
  #answer(first: number, last: number, state: number): void {
    const { transport } = this.link
    const at = transport.reserve(DISPOSITION_BYTES)
    transport.commit(writeDisposition(transport.output, at, false, first, last, state))
  }
}
