import type { StompFrame } from '../../protocol/stomp/frame.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type { ConnectOptions, Consumer, ConsumerEvents, ConsumerSpec, WireCounters } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { subscribeHeaders, TEXT_BODY_HEADER } from './broker-dialect.ts'
import { propertiesOf } from './message-headers.ts'
import { connectClientId, requireTransactions } from './subscription-headers.ts'
import { WireAcknowledger } from './wire-acknowledger.ts'
import { TextBody } from './wire-text-body.ts'
import { WireSession } from './wire-session.ts'
import type { SessionOwner } from './wire-session.ts'

const ACK = new TextEncoder().encode('ack')
const REDELIVERED = new TextEncoder().encode('redelivered')
const TEXT_BODY = new TextEncoder().encode(TEXT_BODY_HEADER.name)
const SUBSCRIPTION_ID = '1'

/** Opens a consumer on a session of its own and waits for the receipt of its SUBSCRIBE. @throws DriverError */
export async function openWireConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const startedMs = performance.now()
  const consumer = new WireConsumer(spec, events)
  const ask = { clientId: connectClientId(spec.subscription, spec.clientId) }
  const session = await WireSession.open(endpoint, options, consumer, ask)
  consumer.attach(session)
  const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs))
  try {
    if (spec.transactionMessages !== undefined) requireTransactions(session.dialect, 'acknowledgements')
    const headers = subscribeHeaders(session.dialect, spec, SUBSCRIPTION_ID)
    await session.request('SUBSCRIBE', headers, 'subscribe', leftMs)
  } catch (error) {
    await session.close()
    throw error
  }
  consumer.opened()
  return consumer
}

class WireConsumer implements Consumer, SessionOwner {
  readonly #spec: ConsumerSpec
  readonly #events: ConsumerEvents
  readonly #isAuto: boolean
  #acknowledger!: WireAcknowledger
  #textBody: TextBody | null = null
  #mayBeText = false
  #session!: WireSession
  #connection!: Connection
  /** `opening`: a loss is the error of `openWireConsumer`, and not yet the business of `onClosed`. */
  #state: 'opening' | 'open' | 'closing' = 'opening'
  #delivered = 0

  constructor(spec: ConsumerSpec, events: ConsumerEvents) {
    this.#spec = spec
    this.#events = events
    this.#isAuto = spec.acknowledge.kind === 'auto'
  }

  attach(session: WireSession): void {
    this.#session = session
    this.#connection = session.connection
    this.#acknowledger = new WireAcknowledger(session.connection, this.#spec)
    this.#mayBeText = session.dialect === 'ActiveMQ'
  }

  opened(): void {
    this.#state = 'open'
  }

  acknowledge(token: number): void {
    if (!this.#isAuto) this.#acknowledger.acknowledge(token)
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    if (this.#state !== 'closing' && this.#session.isOpen) {
      this.#acknowledger.flush()
      this.#session.send('UNSUBSCRIBE', { id: SUBSCRIPTION_ID })
    }
    this.#state = 'closing'
    await this.#session.close()
  }

  onMessage(frame: StompFrame): void {
    if (this.#events.onProperties !== undefined) {
      this.#events.onProperties(propertiesOf(frame.headers(), Date.now()))
    }
    if (this.#isAuto) {
      this.#events.onDelivery(this.#bodyOf(frame), frame.isTrue(REDELIVERED), this.#delivered++)
      return
    }
    const index = frame.indexOf(ACK)
    if (index < 0) {
      this.#session.fail(new DriverError('protocol-error', `${this.#connection.peer} sent a MESSAGE without an ack id`))
      return
    }
    this.#events.onDelivery(this.#bodyOf(frame), frame.isTrue(REDELIVERED), this.#acknowledger.push(frame, index))
  }

  onReceipt(receipt: number): void {
    const sentence = `${this.#connection.peer} sent a receipt ${receipt} that nobody waits for`
    this.#session.fail(new DriverError('protocol-error', sentence))
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

  /** The body as it was published. Only ActiveMQ passes on text bodies, over whatever transport this session has. */
  #bodyOf(frame: StompFrame): Uint8Array {
    const body = frame.body()
    if (!this.#mayBeText || frame.indexOf(TEXT_BODY) < 0) return body
    this.#textBody ??= new TextBody()
    return this.#textBody.decode(body)
  }
}
