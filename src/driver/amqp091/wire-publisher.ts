import { confirmSelect, txCommit, txRollback, txSelect } from '../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { METHOD } from '../../protocol/amqp091/method.ts'
import { readMessageNumber } from '../../protocol/amqp091/properties.ts'
import { PublishTemplate } from '../../protocol/amqp091/publish-template.ts'
import type { Connection } from '../../transport/connection.ts'
import { Blockage } from '../blockage.ts'
import { DriverError } from '../driver-error.ts'
import type {
  BlockReason,
  ConnectOptions,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { describeDestination, exchangeOf } from './destination.ts'
import { CHANNEL } from './wire-handshake.ts'
import { basicPropertiesOf } from './wire-properties.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session-owner.ts'
import { Settlement } from './wire-settlement.ts'
import { spelt } from './wire-spelling.ts'

/** Opens a producer on a connection and channel of its own. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const deadlineMs = performance.now() + options.timeoutMs
  const publisher = new WirePublisher(spec, events)
  const session = await WireSession.open(endpoint, options, spec.clientId, publisher)
  try {
    await session.openChannel(deadlineMs - performance.now())
    await selectMode(session, spec, deadlineMs - performance.now())
    session.throwIfLost()
    publisher.opened(session)
    return publisher
  } catch (error) {
    await session.close()
    throw error
  }
}

/** A channel confirms or has transactions, never both. */
async function selectMode(session: WireSession, spec: PublisherSpec, leftMs: number): Promise<void> {
  const of = describeDestination(spec.destination)
  const nothing = (): void => undefined
  if (spec.transacted === true) {
    await session.ask(txSelect(CHANNEL), METHOD.txSelectOk, nothing, `asking for transactions of ${of}`, leftMs)
  } else if (spec.confirm) {
    await session.ask(confirmSelect(CHANNEL), METHOD.confirmSelectOk, nothing, `asking for confirms of ${of}`, leftMs)
  }
}

const COMMIT = txCommit(CHANNEL)
const ROLLBACK = txRollback(CHANNEL)

/**
 * Delivery tags count from 1 as sequences count from 0. In transactions there are none: tx.commit-ok settles all that was
 * published before, and nothing is published before it has come (the specification answers methods one at a time).
 *
 * Messages to queues are `mandatory`: without it RabbitMQ confirms what it could not route and drops it. The return
 * names the message by its message-id, which is the sequence, and comes before the confirm.
 */
class WirePublisher implements Publisher, SessionOwner {
  readonly outlivesChannel = false
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #blockage: Blockage
  readonly #settlement: Settlement
  readonly #isTransacted: boolean
  #session!: WireSession
  #connection!: Connection
  #template!: PublishTemplate
  /** `opening`: a loss is the error of `openWirePublisher`, and not yet the business of `onClosed`. */
  #isOpened = false
  #published = 0
  /** All before are in transactions that have been ended. */
  #ended = 0
  /** A tx.commit or tx.rollback is not answered yet. */
  #isEnding = false
  #isReturning = false
  #returnText = ''

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#settlement = new Settlement(events)
    this.#isTransacted = spec.transacted ?? false
  }

  /** @throws DriverError where the destination or a header cannot be spelt in AMQP 0-9-1. */
  opened(session: WireSession): void {
    const { destination, confirm, persistent, properties, messagePerWrite } = this.#spec
    const mandatory = confirm && destination.kind === 'queue'
    const settings = {
      channel: CHANNEL,
      exchange: exchangeOf(destination),
      routingKey: destination.name,
      mandatory,
      persistent,
      withMessageId: mandatory,
      frameBytesMax: session.frameBytesMax,
      ...(properties === undefined ? {} : { properties: basicPropertiesOf(properties) }),
    }
    this.#template = spelt(() => new PublishTemplate(settings))
    this.#session = session
    this.#connection = session.connection
    this.#connection.messagePerWrite = messagePerWrite ?? false
    this.#isOpened = true
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#isEnding) this.#blockage.block('credit')
    if (this.#blockage.isBlocked || !this.#session.isOpen) return 'not-taken'
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytesMax(body.length))
    const end = this.#template.write(connection.output, at, sequence, body)
    if (this.#spec.confirm) this.#settlement.accept(sequence)
    this.#published = sequence + 1
    connection.commit(end)
    return connection.isBlocked ? 'accepted-now-full' : 'accepted'
  }

  commit(): void {
    this.#endTransaction(COMMIT)
  }

  rollback(): void {
    this.#endTransaction(ROLLBACK)
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    await this.#session.close()
    this.#settlement.end()
    this.#blockage.end()
  }

  onMethod(method: number, fields: FieldReader): boolean {
    switch (method) {
      case METHOD.basicAck:
        this.#onConfirm(fields, true)
        return true
      case METHOD.basicNack:
        this.#onConfirm(fields, false)
        return true
      case METHOD.basicReturn:
        this.#isReturning = true
        fields.short()
        this.#returnText = fields.shortString()
        return true
      case METHOD.txCommitOk:
      case METHOD.txRollbackOk:
        return this.#onTransactionEnded(method === METHOD.txCommitOk)
      default:
        return false
    }
  }

  onContentHeader(properties: FieldReader): void {
    if (!this.#isReturning) return
    this.#isReturning = false
    const sequence = readMessageNumber(properties)
    if (sequence >= 0) this.#settlement.markReturned(sequence, this.#returnText)
  }

  onTurnEnd(): void {
    this.#settlement.report()
  }

  onBlocked(reason: BlockReason): void {
    this.#blockage.block(reason)
  }

  onUnblocked(reason: BlockReason): void {
    this.#blockage.unblock(reason)
  }

  onLost(cause: DriverError): void {
    if (!this.#isOpened) return
    this.#settlement.end()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#events.onClosed(cause)
  }

  #onConfirm(fields: FieldReader, isAck: boolean): void {
    const deliveryTag = fields.longLong()
    const isMultiple = (fields.octet() & 1) !== 0
    const outcome = isAck ? 'confirmed' : 'refused'
    const code = isAck ? null : 'nack'
    // Tag 0 with `multiple` means all so far (specification, basic.ack).
    const last = deliveryTag === 0 && isMultiple ? this.#published - 1 : deliveryTag - 1
    const isKnown = isMultiple ? last < this.#published : this.#settlement.settle(last, outcome, code)
    if (!isKnown) this.#failUnknown(deliveryTag)
    else if (isMultiple) this.#settlement.settleThrough(last, outcome, code)
  }

  #endTransaction(frame: Uint8Array): void {
    if (!this.#isTransacted || this.#ended === this.#published || !this.#session.isOpen) return
    this.#ended = this.#published
    this.#isEnding = true
    this.#connection.write(frame)
  }

  /** False: no transaction was being ended. */
  #onTransactionEnded(isCommit: boolean): boolean {
    if (!this.#isEnding) return false
    this.#isEnding = false
    if (this.#spec.confirm) {
      this.#settlement.settleThrough(
        this.#ended - 1,
        isCommit ? 'confirmed' : 'refused',
        isCommit ? null : 'rolled back',
      )
      this.#settlement.report()
    }
    this.#blockage.unblock('credit')
    return true
  }

  #failUnknown(deliveryTag: number): void {
    const sentence = `${this.#connection.peer} confirmed delivery tag ${deliveryTag}, which nobody waits for`
    this.#session.fail(new DriverError('protocol-error', sentence))
  }
}
