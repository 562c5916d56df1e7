import type { Throwable } from '../../protocol/openwire/answer.ts'
import { producerInfo } from '../../protocol/openwire/commands.ts'
import { FRAME_SIZE_BYTES, MESSAGE_SIZE_BYTES } from '../../protocol/openwire/limits.ts'
import type { MessageSpec } from '../../protocol/openwire/message-template.ts'
import { MessageTemplate } from '../../protocol/openwire/message-template.ts'
import { marshalProperties } from '../../protocol/openwire/primitive-map.ts'
import type { Connection } from '../../transport/connection.ts'
import { Blockage } from '../blockage.ts'
import { DriverError } from '../driver-error.ts'
import type {
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
import { shortClassName } from './wire-failure.ts'
import { OWN_COMMAND_IDS, WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'
import { LocalTransactions } from './wire-transactions.ts'

/** Opens a producer on a session of its own; the command id of a message follows from its sequence. @throws DriverError */
export async function openWirePublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  const startedMs = performance.now()
  const windowBytes = spec.transacted === true ? 0 : producerWindowBytesOf(endpoint)
  const publisher = new WirePublisher(spec, events, windowBytes)
  const session = await WireSession.open(endpoint, options, publisher, spec.clientId)
  const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
  try {
    const ask = (commandId: number): Uint8Array => producerInfo(commandId, session.id, spec.destination, windowBytes)
    await session.request(ask, 'opening a producer', leftMs)
    publisher.attach(session)
  } catch (error) {
    await session.close()
    throw error
  }
  return publisher
}

/** Option `producerWindowBytes` of the target; 0 = none. */
function producerWindowBytesOf(endpoint: Endpoint): number {
  const wantedBytes = Number(endpoint.options['producerWindowBytes'] ?? 0)
  return Number.isSafeInteger(wantedBytes) && wantedBytes > 0 ? wantedBytes : 0
}

/** What the broker is to do for a transaction's end, and the last message in it. */
interface PublishedEnding {
  readonly kind: 'commit' | 'rollback'
  readonly last: number
}

class WirePublisher implements Publisher, SessionOwner {
  readonly #spec: PublisherSpec
  readonly #events: PublisherEvents
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  /** Bytes of messages that may be without ProducerAck, and that are; 0 where there are no ProducerAcks. */
  readonly #windowBytes: number
  #outstandingBytes = 0
  /** Null while opening: a loss is the error of `openWirePublisher` then, and not yet the business of `onClosed`. */
  #session: WireSession | null = null
  #connection!: Connection
  #template!: MessageTemplate
  #propertiesBytes = 0
  #transactions: LocalTransactions<PublishedEnding> | null = null
  #published = 0
  /** Confirms of this turn, merged: `first..last`; empty while `last` is -1. */
  #first = 0
  #last = -1
  /** The sequence that is likely to be answered next, from which a command id of 32 bits is understood. */
  #expected = 0

  constructor(spec: PublisherSpec, events: PublisherEvents, windowBytes: number) {
    this.#spec = spec
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#windowBytes = windowBytes
  }

  /** @throws DriverError where the broker would not read the largest message. */
  attach(session: WireSession): void {
    const layout = layoutOf(this.#spec, session, this.#windowBytes)
    this.#template = new MessageTemplate(layout)
    this.#propertiesBytes = layout.properties?.length ?? 0
    this.#requireFits(session)
    if (this.#spec.transacted === true) this.#transactions = new LocalTransactions(session, this.#template)
    this.#session = session
    this.#connection = session.connection
    this.#connection.messagePerWrite = this.#spec.messagePerWrite === true
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#mustWait() || this.#session?.isOpen !== true) return 'not-taken'
    this.#transactions?.begin()
    const connection = this.#connection
    const at = connection.reserve(this.#template.frameBytes(body.length))
    const commandId = commandIdOf(sequence)
    const end = this.#template.write(connection.output, at, commandId, sequence + 1, Date.now(), body)
    if (this.#spec.confirm) this.#unsettled.accept(sequence)
    this.#published = sequence + 1
    connection.commit(end)
    if (this.#windowBytes > 0) this.#fillWindow(body.length)
    return this.#mustWait() ? 'accepted-now-full' : 'accepted'
  }

  commit(): void {
    this.#end('commit')
  }

  rollback(): void {
    this.#end('rollback')
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    await this.#session?.close()
    this.#settleAsUnknown()
  }

  onDispatch(): void {
    this.#fail('dispatched a message to a producer')
  }

  onAnswer(commandId: number, refused: Throwable | null): void {
    if (this.#transactions !== null) {
      this.#onTransactionEnd(this.#transactions.take(commandId), refused)
      return
    }
    const sequence = this.#expected + ((commandId - commandIdOf(this.#expected)) | 0)
    if (this.#unsettled.settle(sequence) === 'none') {
      // Artemis, whose threads race for it, answers some messages twice; so Java's client overlooks that too.
      if (this.#spec.confirm && sequence >= 0 && sequence < this.#published) return
      this.#fail(`answered a command ${commandId} that nobody waits for`)
      return
    }
    this.#expected = sequence + 1
    if (refused === null) {
      this.#confirm(sequence)
      return
    }
    this.#reportConfirmed()
    this.#events.onSettled(sequence, sequence, 'refused', shortClassName(refused))
  }

  onProducerAck(bytes: number): void {
    this.#outstandingBytes = Math.max(0, this.#outstandingBytes - bytes)
    // They come in the order of the messages, one for each, and name none.
    const sequence = this.#unsettled.lowest
    if (this.#unsettled.settle(sequence) !== 'none') this.#confirm(sequence)
  }

  onTurnEnd(): void {
    this.#reportConfirmed()
    if (this.#outstandingBytes < this.#windowBytes) this.#blockage.unblock('credit')
  }

  onBlocked(): void {
    this.#blockage.block('socket')
  }

  onDrain(): void {
    this.#blockage.unblock('socket')
  }

  onLost(cause: DriverError): void {
    if (this.#session === null) return
    this.#reportConfirmed()
    this.#settleAsUnknown()
    // Without confirms nothing was ever answered, so nothing is known of any message.
    if (!this.#spec.confirm && this.#published > 0) this.#events.onSettled(0, this.#published - 1, 'unknown', null)
    this.#blockage.end()
    this.#events.onClosed(cause)
  }

  #reportConfirmed(): void {
    const last = this.#last
    if (last < 0) return
    this.#last = -1
    this.#events.onSettled(this.#first, last, 'confirmed', null)
  }

  /** ActiveMQ hangs up on a larger frame. */
  #requireFits({ maxFrameBytes, connection }: WireSession): void {
    const { bodyBytesMax, destination } = this.#spec
    const frameBytes = this.#template.frameBytes(bodyBytesMax) - FRAME_SIZE_BYTES
    if (frameBytes <= maxFrameBytes) return
    const attempted = `publishing to ${destination.kind} ${destination.name}: ${connection.peer}`
    const size = `${frameBytes} (a body of ${bodyBytesMax} and what is around it)`
    throw new DriverError('not-permitted', `${attempted} reads frames of at most ${maxFrameBytes} bytes, not ${size}`)
  }

  #mustWait(): boolean {
    return this.#blockage.isBlocked
  }

  #confirm(sequence: number): void {
    if (this.#last >= 0 && sequence !== this.#last + 1) this.#reportConfirmed()
    if (this.#last < 0) this.#first = sequence
    this.#last = sequence
  }

  #fillWindow(bodyBytes: number): void {
    this.#outstandingBytes += MESSAGE_SIZE_BYTES + this.#propertiesBytes + bodyBytes
    if (this.#outstandingBytes >= this.#windowBytes) this.#blockage.block('credit')
  }

  #end(kind: 'commit' | 'rollback'): void {
    if (this.#transactions?.isOpen !== true || this.#session?.isOpen !== true) return
    this.#transactions.end(kind, { kind, last: this.#published - 1 })
  }

  #onTransactionEnd(ending: PublishedEnding | null, refused: Throwable | null): void {
    if (ending === null) {
      this.#fail('answered the end of a transaction that was not asked for')
      return
    }
    const code = ending.kind === 'rollback' ? 'rolled back' : refused === null ? null : shortClassName(refused)
    const outcome: Outcome = code === null ? 'confirmed' : 'refused'
    this.#unsettled.settleThrough(ending.last, (first, last) => this.#events.onSettled(first, last, outcome, code))
  }

  #settleAsUnknown(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
  }

  #fail(what: string): void {
    this.#session?.fail(new DriverError('protocol-error', `${this.#connection.peer} ${what}`))
  }
}

function layoutOf(spec: PublisherSpec, session: WireSession, windowBytes: number): MessageSpec {
  const { destination, persistent, confirm, transacted = false, properties } = spec
  const hasHeaders = properties !== undefined && Object.keys(properties.headers).length > 0
  return {
    producer: session.id,
    destination,
    persistent,
    // As in Java: what a transaction or a ProducerAck answers for needs no answer of its own.
    responseRequired: confirm && !transacted && windowBytes === 0,
    ...(transacted ? { transactedBy: session.id.connectionId } : {}),
    ...(typeof properties?.ttlMs === 'number' ? { ttlMs: properties.ttlMs } : {}),
    ...(typeof properties?.priority === 'number' ? { priority: properties.priority } : {}),
    ...(hasHeaders ? { properties: marshalProperties(properties.headers) } : {}),
  }
}

/** Wraps around after 2^32 messages, long after which the same id is free again. */
function commandIdOf(sequence: number): number {
  return (sequence + OWN_COMMAND_IDS) | 0
}
