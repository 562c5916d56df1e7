import { ACK_FRAME_BYTES, writeAck } from '../../protocol/amqp091/acknowledgement.ts'
import { basicConsume, basicQos, queueBind, queueDeclare } from '../../protocol/amqp091/client-methods.ts'
import { txCommit, txSelect } from '../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { METHOD } from '../../protocol/amqp091/method.ts'
import { readProperties } from '../../protocol/amqp091/properties.ts'
import { readDeclareOk } from '../../protocol/amqp091/server-methods.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type {
  ConnectOptions,
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  MessageProperties,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { describeDestination, exchangeOf, subscriptionQueueOf } from './destination.ts'
import { prefetchOf } from './prefetch.ts'
import { CHANNEL } from './wire-handshake.ts'
import { messagePropertiesOf } from './wire-properties.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session-owner.ts'
import { spelt } from './wire-spelling.ts'

/** Ours instead of the broker's longer one, because it comes with every delivery. */
const CONSUMER_TAG = 'brokermark'

/** Opens a consumer on a connection and channel of its own and waits for the answer to basic.consume. @throws DriverError */
export async function openWireConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const deadlineMs = performance.now() + options.timeoutMs
  const leftMs = (): number => deadlineMs - performance.now()
  const consumer = new WireConsumer(spec, events)
  const session = await WireSession.open(endpoint, options, spec.clientId, consumer)
  consumer.attach(session)
  try {
    await session.openChannel(leftMs())
    await subscribe(session, spec, leftMs)
    session.throwIfLost()
    consumer.opened()
    return consumer
  } catch (error) {
    await session.close()
    throw error
  }
}

/** With no-ack RabbitMQ does not honour the prefetch: nothing is ever unacknowledged. */
async function subscribe(session: WireSession, spec: ConsumerSpec, leftMs: () => number): Promise<void> {
  const attempted = `consuming from ${describeDestination(spec.destination)}`
  const ask = <T>(frame: () => Uint8Array, answer: number, read: (fields: FieldReader) => T): Promise<T> =>
    session.ask(spelt(frame), answer, read, attempted, leftMs())
  const prefetch = prefetchOf(spec)
  await ask(
    () => basicQos(CHANNEL, prefetch),
    METHOD.basicQosOk,
    () => undefined,
  )
  if (isTransacted(spec)) {
    await ask(
      () => txSelect(CHANNEL),
      METHOD.txSelectOk,
      () => undefined,
    )
  }
  const { kind, name } = spec.destination
  let queue = name
  if (kind === 'topic') {
    const ownQueue = subscriptionQueueOf(spec)
    const declared = await ask(() => queueDeclare(CHANNEL, ownQueue), METHOD.queueDeclareOk, readDeclareOk)
    queue = declared.queue
    const exchange = exchangeOf(spec.destination)
    await ask(
      () => queueBind(CHANNEL, declared.queue, exchange, name),
      METHOD.queueBindOk,
      () => undefined,
    )
  }
  const noAck = spec.acknowledge.kind === 'auto'
  await ask(
    () => basicConsume(CHANNEL, queue, CONSUMER_TAG, noAck),
    METHOD.basicConsumeOk,
    () => undefined,
  )
}

/** With no-ack there is nothing that could be committed. */
function isTransacted({ transactionMessages = 0, acknowledge }: ConsumerSpec): boolean {
  return transactionMessages > 0 && acknowledge.kind !== 'auto'
}

const COMMIT = txCommit(CHANNEL)

/** Tokens are delivery tags. Acknowledges each, or the last of every N with `multiple`, or (auto) consumes with no-ack. */
class WireConsumer implements Consumer, SessionOwner {
  readonly outlivesChannel = false
  readonly #events: ConsumerEvents
  readonly #destination: string
  readonly #isAuto: boolean
  /** Messages that one basic.ack covers. */
  readonly #ackEvery: number
  #session!: WireSession
  #connection!: Connection
  /** `opening`: a loss is the error of `openWireConsumer`, and not yet the business of `onClosed`. */
  #state: 'opening' | 'open' | 'closing' = 'opening'
  #unsent = 0
  #lastToken = 0
  /** Messages of one transaction; Infinity: there are none. */
  readonly #commitEvery: number
  #uncommitted = 0
  /** Of the delivery whose content is being read. */
  #deliveryTag = 0
  #isRedelivered = false
  /** Null where nobody asks for them. */
  #properties: MessageProperties | null = null

  constructor(spec: ConsumerSpec, events: ConsumerEvents) {
    this.#events = events
    this.#destination = describeDestination(spec.destination)
    this.#isAuto = spec.acknowledge.kind === 'auto'
    this.#ackEvery = spec.acknowledge.kind === 'every' ? spec.acknowledge.messages : 1
    this.#commitEvery = isTransacted(spec) ? (spec.transactionMessages ?? Infinity) : Infinity
  }

  attach(session: WireSession): void {
    this.#session = session
    this.#connection = session.connection
  }

  opened(): void {
    this.#state = 'open'
  }

  acknowledge(token: number): void {
    if (this.#isAuto || !this.#session.isOpen) return
    this.#lastToken = token
    if (++this.#unsent >= this.#ackEvery) this.#sendAck()
    if (++this.#uncommitted >= this.#commitEvery) this.#commit()
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  close(): Promise<void> {
    if (this.#state !== 'closing' && this.#session.isOpen) {
      if (this.#unsent > 0) this.#sendAck()
      if (this.#uncommitted > 0 && this.#commitEvery < Infinity) this.#commit()
    }
    this.#state = 'closing'
    return this.#session.close()
  }

  onMethod(method: number, fields: FieldReader): boolean {
    switch (method) {
      case METHOD.basicDeliver:
        fields.skipShortString()
        this.#deliveryTag = fields.longLong()
        this.#isRedelivered = (fields.octet() & 1) !== 0
        return true
      case METHOD.txCommitOk:
        return true
      case METHOD.basicCancel: {
        const reason = `consuming from ${this.#destination}: the broker cancelled the subscription (queue deleted?)`
        this.#session.fail(new DriverError('closed', reason))
        return true
      }
      default:
        return false
    }
  }

  onContentHeader(properties: FieldReader): void {
    if (this.#events.onProperties !== undefined) this.#properties = messagePropertiesOf(readProperties(properties))
  }

  onContent(buffer: Uint8Array, start: number, end: number): void {
    if (this.#state === 'closing') return
    if (this.#properties !== null) this.#events.onProperties?.(this.#properties)
    const body = new Uint8Array(buffer.buffer, buffer.byteOffset + start, end - start)
    this.#events.onDelivery(body, this.#isRedelivered, this.#deliveryTag)
  }

  onLost(cause: DriverError): void {
    if (this.#state === 'open') this.#events.onClosed(cause)
  }

  #commit(): void {
    if (this.#unsent > 0) this.#sendAck()
    this.#uncommitted = 0
    this.#connection.write(COMMIT)
  }

  #sendAck(): void {
    this.#unsent = 0
    const connection = this.#connection
    const at = connection.reserve(ACK_FRAME_BYTES)
    connection.commit(writeAck(connection.output, at, CHANNEL, this.#lastToken, this.#ackEvery > 1))
  }
}
