import { AckTemplate } from '../../protocol/openwire/ack-template.ts'
import type { Throwable } from '../../protocol/openwire/answer.ts'
import { consumerInfo, removeConsumer } from '../../protocol/openwire/commands.ts'
import type { DurableSubscription } from '../../protocol/openwire/commands.ts'
import type { ConsumerControl } from '../../protocol/openwire/consumer-control.ts'
import { Dispatch } from '../../protocol/openwire/dispatch.ts'
import type { FrameReader } from '../../protocol/openwire/frame-reader.ts'
import { MESSAGE_ID_BYTES_MAX } from '../../protocol/openwire/limits.ts'
import { textBody } from '../../protocol/openwire/text-body.ts'
import { MESSAGE } from '../../protocol/openwire/type-codes.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type { AcknowledgePolicy, ConnectOptions, Consumer, ConsumerEvents, ConsumerSpec } from '../driver.ts'
import type { WireCounters } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { MessageIds } from './wire-message-ids.ts'
import { propertiesOf } from './wire-properties.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'
import { LocalTransactions } from './wire-transactions.ts'

const REMOVE_WITHIN_MS = 4_000

/** Opens a consumer on a session of its own and waits for the answer to its ConsumerInfo. @throws DriverError */
export async function openWireConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const startedMs = performance.now()
  if (spec.subscription?.kind.startsWith('shared') === true) {
    throw new DriverError('unsupported', 'OpenWire has no shared subscriptions')
  }
  const consumer = new WireConsumer(spec, events)
  const durable = durableOf(spec)
  const session = await WireSession.open(endpoint, options, consumer, spec.clientId, durable !== null)
  consumer.attach(session)
  const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
  try {
    const ask = (commandId: number): Uint8Array =>
      consumerInfo(commandId, session.id, spec.destination, spec.prefetch, durable)
    await session.request(ask, 'subscribing', leftMs)
  } catch (error) {
    await session.close()
    throw error
  }
  consumer.opened()
  return consumer
}

function durableOf({ clientId, subscription }: ConsumerSpec): DurableSubscription | null {
  return subscription?.kind === 'durable' ? { clientId, name: subscription.name } : null
}

/**
 * Acknowledges `each` as JMS' INDIVIDUAL_ACKNOWLEDGE does, `every` N by one standard acknowledgement from the first to
 * the last, and for `auto` each message as it is delivered by a standard one, as JMS' AUTO_ACKNOWLEDGE does. With
 * transactions, what is acknowledged takes effect when its transaction is committed.
 */
class WireConsumer implements Consumer, SessionOwner {
  readonly #spec: ConsumerSpec
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  /** Messages that one MessageAck covers. */
  #ackEvery: number
  readonly #ids: MessageIds
  readonly #dispatch = new Dispatch()
  /** Messages that one transaction covers; Infinity without transactions. */
  readonly #transactionMessages: number
  #transactions: LocalTransactions<'acknowledged'> | null = null
  /** Acknowledged in the open transaction. */
  #inTransaction = 0
  #ackTemplate!: AckTemplate
  #session!: WireSession
  #connection!: Connection
  /** `opening`: a loss is the error of `openWireConsumer`, and not yet the business of `onClosed`. */
  #state: 'opening' | 'open' | 'closing' = 'opening'
  /** Acknowledged by the harness and not yet to the broker: `unsent` messages up to `lastToken`. */
  #unsent = 0
  #lastToken = -1
  #closing: Promise<void> | null = null

  constructor(spec: ConsumerSpec, events: ConsumerEvents) {
    this.#spec = spec
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#ackEvery = spec.acknowledge.kind === 'every' ? spec.acknowledge.messages : 1
    this.#transactionMessages = spec.transactionMessages ?? Infinity
    this.#ids = new MessageIds(spec.prefetch)
  }

  attach(session: WireSession): void {
    this.#session = session
    this.#connection = session.connection
    const type = ackTypeOf(this.#spec.acknowledge)
    const isTransacted = this.#transactionMessages !== Infinity
    const transactedBy = isTransacted ? session.id.connectionId : null
    this.#ackTemplate = new AckTemplate(session.id, this.#spec.destination, type, transactedBy)
    if (isTransacted) this.#transactions = new LocalTransactions(session, this.#ackTemplate)
  }

  opened(): void {
    this.#state = 'open'
  }

  acknowledge(token: number): void {
    if (!this.#isAuto) this.#acknowledge(token)
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  onDispatch(fields: FrameReader): void {
    const dispatch = this.#dispatch
    dispatch.read(fields)
    if (dispatch.messageType === 0 || this.#state === 'closing') return
    const body = this.#bodyOf(dispatch)
    if (body === null) {
      this.#session.fail(new DriverError('unsupported', `${this.#connection.peer} delivered ${kindOf(dispatch)}`))
      return
    }
    const token = this.#ids.push(dispatch.buffer, dispatch.idStart, dispatch.idEnd)
    if (this.#events.onProperties !== undefined) this.#events.onProperties(propertiesOf(dispatch, fields))
    this.#events.onDelivery(body, dispatch.redeliveries > 0, token)
    if (this.#isAuto) this.#acknowledge(token)
  }

  onAnswer(commandId: number, refused: Throwable | null): void {
    const isCommit = this.#transactions?.take(commandId) === 'acknowledged'
    if (isCommit && refused === null) return
    const what = isCommit
      ? 'refused to commit acknowledgements'
      : `answered a command ${commandId} that nobody waits for`
    this.#session.fail(new DriverError('protocol-error', `${this.#connection.peer} ${what}`))
  }

  /**
   * ActiveMQ ends consumers that are too slow for its `abortSlowConsumerStrategy`. A prefetch of 0, by a policy of ActiveMQ
   * or an address setting of Artemis, means that every message is to be pulled: Java's asynchronous consumers refuse it.
   */
  onConsumerControl({ isClose, prefetch }: ConsumerControl): void {
    if (this.#state === 'closing') return
    const { kind, name } = this.#spec.destination
    const attempted = `consuming from ${kind} ${name}`
    if (isClose) {
      const sentence = `${attempted}: the broker ended the subscription (a consumer too slow for its policy?)`
      this.#session.fail(new DriverError('closed', sentence))
    } else if (prefetch === 0) {
      const sentence = `${attempted}: the broker sets the prefetch to 0, so that each message would have to be pulled`
      this.#session.fail(new DriverError('unsupported', `${sentence}, which is not done here`))
    } else if (prefetch < this.#ackEvery) {
      // A batch beyond the prefetch would never be full.
      this.#ackEvery = Math.max(1, prefetch)
      if (this.#unsent >= this.#ackEvery) this.#sendAck()
    }
  }

  onTurnEnd(): void {
    // Nothing is gathered over a turn.
  }

  onBlocked(): void {
    // Acknowledgements wait in the connection; there is nobody to hold back.
  }

  onDrain(): void {
    // See onBlocked.
  }

  onLost(cause: DriverError): void {
    if (this.#state === 'open') this.#events.onClosed(cause)
  }

  async #close(): Promise<void> {
    this.#state = 'closing'
    if (this.#session.isOpen) {
      this.#flush()
      const remove = (commandId: number): Uint8Array => removeConsumer(commandId, this.#session.id)
      await this.#session.request(remove, 'unsubscribing', REMOVE_WITHIN_MS).catch(() => undefined)
    }
    await this.#session.close()
  }

  /** The body as it was published, where it lies; null for a kind that is not understood. */
  #bodyOf(dispatch: Dispatch): Uint8Array | null {
    if (dispatch.compressed) return null
    if (dispatch.messageType === MESSAGE.bytes || dispatch.messageType === MESSAGE.plain) return dispatch.body()
    if (dispatch.messageType !== MESSAGE.text) return null
    return textBody(dispatch.buffer, dispatch.bodyStart, dispatch.bodyEnd)
  }

  #acknowledge(token: number): void {
    this.#lastToken = token
    this.#inTransaction++
    if (++this.#unsent >= this.#ackEvery) this.#sendAck()
    if (this.#inTransaction >= this.#transactionMessages) this.#flush()
  }

  /** Sends and commits what was acknowledged so far. */
  #flush(): void {
    if (this.#unsent > 0) this.#sendAck()
    this.#inTransaction = 0
    if (this.#transactions?.isOpen === true) this.#transactions.end('commit', 'acknowledged')
  }

  #sendAck(): void {
    this.#transactions?.begin()
    const messages = this.#unsent
    const ids = this.#ids
    const last = this.#lastToken
    const connection = this.#connection
    this.#unsent = 0
    // Classic takes no first id for the oldest message, Artemis for the last: they differ where there are several.
    const first = last - messages + 1
    const at = connection.reserve(this.#ackTemplate.frameBytesMax(MESSAGE_ID_BYTES_MAX))
    const end = this.#ackTemplate.write(
      connection.output,
      at,
      this.#session.nextCommandId(),
      ids.bytes,
      ids.startOf(first),
      messages === 1 ? 0 : ids.lengthOf(first),
      ids.startOf(last),
      ids.lengthOf(last),
      messages,
    )
    ids.release(last)
    connection.commit(end)
  }
}

function ackTypeOf(policy: AcknowledgePolicy): 'individual' | 'standard' {
  return policy.kind === 'each' ? 'individual' : 'standard'
}

const KINDS: Readonly<Record<number, string>> = {
  [MESSAGE.bytes]: 'a BytesMessage',
  [MESSAGE.map]: 'a MapMessage',
  [MESSAGE.object]: 'an ObjectMessage',
  [MESSAGE.stream]: 'a StreamMessage',
  [MESSAGE.text]: 'a TextMessage',
  [MESSAGE.blob]: 'a BlobMessage',
}

function kindOf({ messageType, compressed }: Dispatch): string {
  const kind = KINDS[messageType] ?? `a message of type ${messageType}`
  if (compressed) return `${kind} that is compressed, which is not read`
  return messageType === MESSAGE.text ? `${kind} whose body is no text` : `${kind}: only bytes and text are read`
}
