import { confirmSelect } from '../../protocol/amqp091/client-methods.ts'
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
  Outcome,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { UnsettledWindow } from '../unsettled-window.ts'
import { describeDestination, exchangeOf } from './destination.ts'
import { CHANNEL } from './wire-handshake.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session-owner.ts'
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
    if (spec.confirm) {
      const attempted = `asking for confirms of ${describeDestination(spec.destination)}`
      const leftMs = deadlineMs - performance.now()
      await session.ask(confirmSelect(CHANNEL), METHOD.confirmSelectOk, () => undefined, attempted, leftMs)
    }
    session.throwIfLost()
    publisher.opened(session)
    return publisher
  } catch (error) {
    await session.close()
    throw error
  }
}

/**
 * Delivery tags count from 1 as sequences count from 0. Confirms of one chunk are merged into ranges, whether they come
 * one by one or as `multiple`.
 *
 * Messages to queues are `mandatory`: without it RabbitMQ confirms what it could not route and drops it. The return
 * names the message by its message-id, which is the sequence, and comes before the confirm.
 */
class WirePublisher implements Publisher, SessionOwner {
  readonly outlivesChannel = false
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  readonly #reportRange: (first: number, last: number, isReturned: boolean) => void
  #session!: WireSession
  #connection!: Connection
  #template!: PublishTemplate
  /** `opening`: a loss is the error of `openWirePublisher`, and not yet the business of `onClosed`. */
  #isOpened = false
  #published = 0
  #isReturning = false
  /** Outcome of the confirm that is being read. */
  #outcome: Outcome = 'confirmed'
  /** Settled in this turn and not yet reported: `first..last`; none while `last` is -1. */
  #first = 0
  #last = -1
  #mergedOutcome: Outcome = 'confirmed'
  #mergedCode: string | null = null

  constructor(spec: PublisherSpec, events: PublisherEvents) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#reportRange = (first, last, isReturned) => {
      this.#merge(first, last, isReturned)
    }
  }

  /** @throws DriverError where the destination cannot be spelt in AMQP 0-9-1. */
  opened(session: WireSession): void {
    const { destination, confirm, persistent } = this.#spec
    const mandatory = confirm && destination.kind === 'queue'
    const settings = {
      channel: CHANNEL,
      exchange: exchangeOf(destination),
      routingKey: destination.name,
      mandatory,
      persistent,
      withMessageId: mandatory,
      frameBytesMax: session.frameBytesMax,
    }
    this.#template = spelt(() => new PublishTemplate(settings))
    this.#session = session
    this.#connection = session.connection
    this.#connection.messagePerWrite = this.#spec.messagePerWrite ?? false
    this.#isOpened = true
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#blockage.isBlocked || !this.#session.isOpen) return 'not-taken'
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytesMax(body.length))
    const end = this.#template.write(connection.output, at, sequence, body)
    if (this.#spec.confirm) this.#unsettled.accept(sequence)
    this.#published = sequence + 1
    connection.commit(end)
    return connection.isBlocked ? 'accepted-now-full' : 'accepted'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    await this.#session.close()
    this.onTurnEnd()
    this.#settleAsUnknown()
    this.#blockage.end()
  }

  onMethod(method: number, fields: FieldReader): boolean {
    switch (method) {
      case METHOD.basicAck:
        this.#onConfirm('confirmed', fields)
        return true
      case METHOD.basicNack:
        this.#onConfirm('refused', fields)
        return true
      case METHOD.basicReturn:
        this.#isReturning = true
        return true
      default:
        return false
    }
  }

  onContentHeader(properties: FieldReader): void {
    if (!this.#isReturning) return
    this.#isReturning = false
    const sequence = readMessageNumber(properties)
    if (sequence >= 0) this.#unsettled.mark(sequence)
  }

  onTurnEnd(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, this.#mergedOutcome, this.#mergedCode)
  }

  onBlocked(reason: BlockReason): void {
    this.#blockage.block(reason)
  }

  onUnblocked(reason: BlockReason): void {
    this.#blockage.unblock(reason)
  }

  onLost(cause: DriverError): void {
    if (!this.#isOpened) return
    this.onTurnEnd()
    this.#settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#events.onClosed(cause)
  }

  #onConfirm(outcome: Outcome, fields: FieldReader): void {
    const deliveryTag = fields.longLong()
    const isMultiple = (fields.octet() & 1) !== 0
    this.#outcome = outcome
    // Tag 0 with `multiple` means all so far (specification, basic.ack).
    const last = deliveryTag === 0 && isMultiple ? this.#published - 1 : deliveryTag - 1
    if (!isMultiple) {
      const found = this.#unsettled.settle(last)
      if (found === 'none') this.#failUnknown(deliveryTag)
      else this.#merge(last, last, found === 'marked')
    } else if (last < this.#published) {
      this.#unsettled.settleThrough(last, this.#reportRange)
    } else {
      this.#failUnknown(deliveryTag)
    }
  }

  /** Reports what was settled before, unless this continues it. */
  #merge(first: number, last: number, isReturned: boolean): void {
    const outcome = isReturned ? 'refused' : this.#outcome
    const code = isReturned ? 'unroutable' : outcome === 'refused' ? 'nack' : null
    const continues = first === this.#last + 1 && outcome === this.#mergedOutcome && code === this.#mergedCode
    if (this.#last >= 0 && !continues) this.onTurnEnd()
    if (this.#last < 0) this.#first = first
    this.#last = last
    this.#mergedOutcome = outcome
    this.#mergedCode = code
  }

  #failUnknown(deliveryTag: number): void {
    const sentence = `${this.#connection.peer} confirmed delivery tag ${deliveryTag}, which nobody waits for`
    this.#session.fail(new DriverError('protocol-error', sentence))
  }

  #settleAsUnknown(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }
}
