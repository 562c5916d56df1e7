import { SendTemplate } from '../../protocol/stomp/send-template.ts'
import type { Connection } from '../../transport/connection.ts'
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
import { sendHeaders, TEXT_BODY_HEADER } from './broker-dialect.ts'
import { expiresByClock, propertyHeaders } from './message-headers.ts'
import { requireTransactions } from './subscription-headers.ts'
import { WireExpiry } from './wire-expiry.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'
import { TextBody } from './wire-text-body.ts'
import { TRANSACTION_ID, WireTransactions, type EndedTransaction } from './wire-transaction.ts'
import { Unsettled } from './wire-unsettled.ts'

/** Opens a producer on a session of its own; the receipt of a message is its sequence number. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const owner = new WirePublisher(spec, events)
  const session = await WireSession.open(endpoint, options, owner, { messagePerWrite: spec.messagePerWrite === true })
  try {
    owner.attach(session)
  } catch (error) {
    await session.close()
    throw error
  }
  return owner
}

class WirePublisher implements Publisher, SessionOwner {
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #unsettled: Unsettled
  #session!: WireSession
  #connection!: Connection
  #template!: SendTemplate
  #textBody: TextBody | null = null
  #expiry: WireExpiry | null = null
  #transactions: WireTransactions | null = null
  #isBlocked = false
  #published = 0
  /** Receipts of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#unsettled = new Unsettled(spec.inFlightMax)
  }

  /** @throws DriverError `unsupported` for what this broker cannot do. */
  attach(session: WireSession): void {
    const { dialect, connection } = session
    const { destination, persistent, confirm, properties, transacted = false } = this.#spec
    this.#session = session
    this.#connection = connection
    this.#textBody = session.sendsText ? new TextBody() : null
    const headers = {
      ...propertyHeaders(dialect, properties),
      ...sendHeaders(dialect, destination, persistent),
      ...(session.sendsText ? { [TEXT_BODY_HEADER.name]: TEXT_BODY_HEADER.value } : {}),
      ...(transacted ? { transaction: TRANSACTION_ID } : {}),
    }
    const ttlMs = properties?.ttlMs ?? null
    const withExpires = ttlMs !== null && expiresByClock(dialect)
    // RabbitMQ answers each message once its transaction is committed and safe; the others answer it at once, and
    // COMMIT when all of it is safe.
    const answersEach = !transacted || dialect === 'RabbitMQ'
    this.#template = new SendTemplate(headers, confirm && answersEach, withExpires)
    if (withExpires) this.#expiry = new WireExpiry(this.#template, ttlMs)
    if (!transacted) return
    requireTransactions(dialect, 'messages')
    this.#transactions = new WireTransactions(connection, confirm && !answersEach, confirm)
  }

  publish(payload: Uint8Array, sequence: number): PublishResult {
    if (this.#isBlocked || !this.#session.isOpen) return 'not-taken'
    const body = this.#textBody === null ? payload : this.#textBody.encode(payload)
    const connection = this.#connection
    this.#expiry?.refresh()
    this.#transactions?.include(sequence)
    const at = connection.reserve(this.#template.frameBytesMax(body.length))
    const end = this.#template.write(connection.output, at, sequence, body)
    if (this.#spec.confirm) this.#unsettled.add(sequence)
    this.#published = sequence + 1
    connection.commit(end)
    return connection.isBlocked ? 'accepted-now-full' : 'accepted'
  }

  commit(): void {
    this.#transactions?.commit()
  }

  rollback(): void {
    this.#transactions?.rollback()
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    if (this.#session.isOpen) this.rollback()
    await this.#session.close()
    this.#settleAsUnknown()
  }

  onMessage(): void {
    this.#session.fail(new DriverError('protocol-error', `${this.#connection.peer} sent a MESSAGE to a producer`))
  }

  onRefused(receipt: number, why: string): boolean {
    const ended = this.#transactions?.answered(receipt) ?? null
    if (ended !== null) {
      this.#settleEnded({ ...ended, outcome: 'refused', code: ended.code ?? why })
      return true
    }
    if (!this.#unsettled.settle(receipt)) return false
    this.onTurnEnd()
    this.#events.onSettled(receipt, receipt, 'refused', why)
    return true
  }

  onReceipt(receipt: number): void {
    const ended = this.#transactions?.answered(receipt) ?? null
    if (ended !== null) {
      this.#settleEnded(ended)
      return
    }
    if (!this.#unsettled.settle(receipt)) {
      const sentence = `${this.#connection.peer} sent a receipt ${receipt} that nobody waits for`
      this.#session.fail(new DriverError('protocol-error', sentence))
      return
    }
    if (this.#last >= 0 && receipt !== this.#last + 1) this.onTurnEnd()
    if (this.#last < 0) this.#first = receipt
    this.#last = receipt
  }

  onTurnEnd(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  onBlocked(): void {
    this.#isBlocked = true
    this.#events.onBlocked('socket')
  }

  onDrain(): void {
    this.#isBlocked = false
    this.#events.onUnblocked()
  }

  onLost(cause: DriverError): void {
    this.onTurnEnd()
    this.#settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    if (this.#isBlocked) this.onDrain()
    this.#events.onClosed(cause)
  }

  #settleEnded({ first, last, outcome, code }: EndedTransaction): void {
    this.onTurnEnd()
    for (let sequence = first; sequence <= last; sequence++) this.#unsettled.settle(sequence)
    this.#events.onSettled(first, last, outcome, code)
  }

  #settleAsUnknown(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }
}
