import rhea, { type EventContext, type Message, type Sender, type SenderOptions } from 'rhea'
import { Blockage } from '../blockage.ts'
import { before } from '../deadline.ts'
import type {
  ConnectOptions,
  Destination,
  Outcome,
  Publisher,
  PublisherEvents,
  PublisherSpec,
  PublishResult,
  WireCounters,
} from '../driver.ts'
import { describeEndpoint } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'
import { UnsettledWindow } from '../unsettled-window.ts'
import { terminiOf } from './address.ts'
import type { Terminus } from './address.ts'
import { DELIVERIES_MIN, RheaConnection } from './connection.ts'
import { requireMessageFits } from './message-size.ts'

/** Bytes that may wait in rhea and in the socket before the publisher is held back; rhea itself has no limit. */
const BUFFER_BYTES = 1024 * 1024
/** Messages that rhea may hold until the end of the current turn of the event loop, when it writes them. */
const QUEUED_MAX = 512
/** A broker that has no room gives no credit: then the publisher opens all the same, blocked. */
const FIRST_CREDIT_MS = 1_000

/** @throws DriverError */
export async function openPublisher(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: PublisherSpec,
  events: PublisherEvents,
): Promise<Publisher> {
  // Twice the window: a settled delivery leaves the buffer only after the message that takes its place has come in.
  const outgoing = Math.max(DELIVERIES_MIN, 2 * spec.inFlightMax + QUEUED_MAX)
  const connection = await RheaConnection.open(endpoint, options, spec.clientId, { incoming: DELIVERIES_MIN, outgoing })
  try {
    const sender = await attachSender(connection, spec)
    requireLargestFits(sender, spec, describeEndpoint(endpoint))
    return new RheaPublisher(connection, sender, spec, events)
  } catch (thrown) {
    await connection.close()
    throw thrown
  }
}

async function attachSender(connection: RheaConnection, spec: PublisherSpec): Promise<Sender> {
  const termini = terminiOf(spec.destination, connection.identity, true)
  const attempted = attemptedOf(spec.destination)
  const sender = await connection.attach(termini, attempted, undefined, (rheaConnection, terminus) => {
    const senderOptions: SenderOptions & { readonly treat_modified_as_released: boolean } = {
      target: terminus,
      snd_settle_mode: spec.confirm ? 0 : 1,
      // Else every modified message would be reported as released too.
      treat_modified_as_released: false,
    }
    return rheaConnection.open_sender(senderOptions)
  })
  if (!sender.has_credit()) {
    const credited = new Promise((resolve) => sender.once('sendable', resolve))
    await before(AbortSignal.timeout(FIRST_CREDIT_MS), credited, attempted).catch(() => undefined)
  }
  return sender
}

/** rhea itself would send whatever it is given. @throws DriverError */
function requireLargestFits(sender: Sender, spec: PublisherSpec, peer: string): void {
  const { bodyBytesMax: bodyBytes, destination } = spec
  // rhea's types say that it is always there, and that it is a number.
  const limit: unknown = sender.max_message_size
  const { target } = sender.options as { readonly target: Terminus }
  const attempted = attemptedOf(destination)
  const messageBytes = (): number => {
    const body: unknown = rhea.message.data_section(Buffer.alloc(bodyBytes))
    return rhea.message.encode({ ...carriedOf(spec), body }).length
  }
  requireMessageFits(limit, { attempted, peer, address: target.address, bodyBytes, messageBytes })
}

function attemptedOf({ kind, name }: Destination): string {
  return `publishing to ${kind} ${name}`
}

/** What every message has beside its body. */
function carriedOf({ persistent, properties }: PublisherSpec): Omit<Message, 'body'> {
  const { ttlMs = null, priority = null, headers = {} } = properties ?? {}
  return {
    durable: persistent,
    ...(ttlMs === null ? {} : { ttl: ttlMs }),
    ...(priority === null ? {} : { priority }),
    ...(Object.keys(headers).length === 0 ? {} : { application_properties: headers }),
  }
}

/**
 * Settlement comes by rhea's events per delivery: there is one link and one session, so delivery ids count as sequences
 * do. A range in the broker's disposition arrives as single settlements, which cost nothing beside the rest of rhea.
 */
class RheaPublisher implements Publisher {
  readonly #connection: RheaConnection
  readonly #sender: Sender & { readonly credit?: number }
  readonly #events: PublisherEvents
  readonly #blockage: Blockage
  readonly #unsettled = new UnsettledWindow()
  readonly #confirm: boolean
  /** What every message has beside its body. */
  readonly #carried: Omit<Message, 'body'>
  /** Delivery id of sequence 0. */
  #firstDelivery = 0
  /** Given to rhea in this turn of the event loop, and not yet written. */
  #queued = 0
  #queuedBytes = 0
  readonly #turnEnded = (): void => this.#flushed()

  constructor(connection: RheaConnection, sender: Sender, spec: PublisherSpec, events: PublisherEvents) {
    this.#connection = connection
    this.#sender = sender
    this.#events = events
    this.#blockage = new Blockage(events)
    this.#confirm = spec.confirm
    this.#carried = carriedOf(spec)
    sender.on('sendable', () => this.#mayGoOn())
    connection.socket.on('drain', () => this.#mayGoOn())
    if (spec.confirm) this.#watchSettlement(sender)
    connection.onLost((cause) => {
      this.#settleAll()
      events.onClosed(cause)
    })
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#blockage.isBlocked || !this.#connection.isOpen) return 'not-taken'
    if (!this.#hasCredit()) {
      this.#blockage.block('credit')
      return 'not-taken'
    }
    // rhea encodes the message, and so copies the body, before it returns.
    const section: unknown = rhea.message.data_section(body)
    const delivery = this.#sender.send({ ...this.#carried, body: section })
    if (sequence === 0) this.#firstDelivery = delivery.id
    if (this.#confirm) this.#unsettled.accept(sequence)
    if (this.#queued++ === 0) process.nextTick(this.#turnEnded)
    this.#queuedBytes += body.length
    if (this.#isFull()) this.#blockage.block('socket')
    else if (!this.#hasCredit()) this.#blockage.block('credit')
    else return 'accepted'
    return 'accepted-now-full'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    await this.#connection.close()
    this.#settleAll()
  }

  /** Link credit, less what rhea has not yet counted, and room in rhea's buffer of unsettled deliveries. */
  #hasCredit(): boolean {
    return this.#sender.sendable() && (this.#sender.credit ?? 1) > this.#queued
  }

  #isFull(): boolean {
    return this.#queued >= QUEUED_MAX || this.#queuedBytes + this.#connection.socket.writableLength > BUFFER_BYTES
  }

  /** Runs after rhea has written what was queued: its turn was asked for first. */
  #flushed(): void {
    this.#queued = 0
    this.#queuedBytes = 0
    this.#mayGoOn()
  }

  #mayGoOn(): void {
    if (!this.#blockage.isBlocked || !this.#connection.isOpen) return
    if (!this.#isFull()) this.#blockage.unblock('socket')
    if (this.#hasCredit()) this.#blockage.unblock('credit')
  }

  #watchSettlement(sender: Sender): void {
    sender.on('accepted', (context: EventContext) => this.#settle(context, 'confirmed', null))
    sender.on('rejected', (context: EventContext) => this.#settle(context, 'refused', conditionOf(context)))
    sender.on('released', (context: EventContext) => this.#settle(context, 'refused', 'released'))
    sender.on('modified', (context: EventContext) => this.#settle(context, 'refused', 'modified'))
    // After one of the above there is nothing left to settle; alone it leaves open what became of the message.
    sender.on('settled', (context: EventContext) => this.#settle(context, 'unknown', null))
  }

  #settle({ delivery }: EventContext, outcome: Outcome, code: string | null): void {
    if (delivery === undefined) return
    const sequence = delivery.id - this.#firstDelivery
    if (this.#unsettled.settle(sequence) === 'none') return
    this.#events.onSettled(sequence, sequence, outcome, code)
    // The settled delivery makes room in rhea's buffer once rhea is through with this disposition.
    if (this.#blockage.isBlocked) process.nextTick(this.#turnEnded)
  }

  #settleAll(): void {
    this.#unsettled.settleAll((first, last) => this.#events.onSettled(first, last, 'unknown', null))
    this.#blockage.end()
  }
}

/** The condition of a rejection, `rejected` where the broker gives none. */
function conditionOf({ delivery }: EventContext): string {
  const error: unknown = delivery?.remote_state?.['error']
  const condition: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'condition') : undefined
  return typeof condition === 'string' ? condition : 'rejected'
}
