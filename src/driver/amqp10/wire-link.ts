/** One session with one link on a connection of its own: what publisher, consumer and admin have in common. */
import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { Disposition } from '../../protocol/amqp10/disposition.ts'
import { Flow } from '../../protocol/amqp10/flow.ts'
import { AMQP_FRAME } from '../../protocol/amqp10/frame.ts'
import type { AmqpFrame } from '../../protocol/amqp10/frame.ts'
import {
  encodeAttach,
  encodeBegin,
  encodeDetach,
  encodeEnd,
  encodeFrame,
  errorOf,
} from '../../protocol/amqp10/performative.ts'
import { joined } from '../../protocol/amqp10/encode-value.ts'
import { ABSENT } from '../../protocol/amqp10/reader.ts'
import type { AmqpReader } from '../../protocol/amqp10/reader.ts'
import { Transfer } from '../../protocol/amqp10/transfer.ts'
import { numberOf, readValue } from '../../protocol/amqp10/value.ts'
import type { AmqpValue } from '../../protocol/amqp10/value.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { amqpError } from './amqp-error.ts'
import type { LinkAsk, LinkOwner, SecondLink } from './wire-link-owner.ts'
import { WireConnection } from './wire-connection.ts'
import type { SessionHandler } from './wire-connection.ts'
import { SessionFlow } from './wire-session-flow.ts'

/** A session has two links at most. */
const HANDLE_MAX = 1

export class WireLink implements SessionHandler {
  readonly flow = new SessionFlow()
  readonly #owner: LinkOwner
  readonly #name: string
  readonly #transfer = new Transfer()
  readonly #disposition = new Disposition()
  readonly #flow = new Flow()
  #connection!: WireConnection
  #attempted = ''
  #hasSession = false
  #isAttached = false
  /** Between our detach and the peer's. */
  #isDetaching = false
  /** `attach` has resolved: from now on a loss is the owner's business, and no longer the error of opening. */
  #isServing = false
  #onEnded: () => void = () => undefined
  /** The session has ended after our end: the peer has read everything before it. */
  readonly #ended = new Promise<void>((resolve) => (this.#onEnded = resolve))
  #role: 'sender' | 'receiver' = 'sender'
  #outlivesLink = false
  #second: SecondLink | null = null
  /** The peer's handle of the second link; -1 while it is not attached. */
  #secondHandle = -1
  /** The peer's count of deliveries when the link was attached: where ours begins if we receive. */
  initialDeliveryCount = 0
  /** The peer's `max-message-size`, as it came, for messages to this `address`. */
  messageBytesMax: AmqpValue = null
  address = ''

  private constructor(name: string, owner: LinkOwner) {
    this.#name = name
    this.#owner = owner
  }

  /** Opens the connection, no link yet. @throws DriverError */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    containerId: string,
    owner: LinkOwner,
  ): Promise<WireLink> {
    const link = new WireLink(containerId, owner)
    link.#connection = await WireConnection.open(endpoint, options, containerId, link)
    return link
  }

  get identity(): BrokerIdentity {
    return this.#connection.identity
  }

  get transport(): Connection {
    return this.#connection.transport
  }

  get frameBytesMax(): number {
    return this.#connection.frameBytesMax
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  /** Attaches to the first terminus that the broker accepts. @throws DriverError of the last that it refused. */
  async attach(ask: LinkAsk, deadline?: AbortSignal): Promise<void> {
    const { role, isSettled, termini, attempted, linkName: name = this.#name } = ask
    this.#attempted = attempted
    this.#role = role
    this.#outlivesLink = ask.outlivesLink ?? false
    let refusal: unknown = new DriverError('unsupported', `${attempted}: no address`)
    for (const { address, capabilities = [], durable = null, expiry_policy: expiryPolicy = null } of termini) {
      const terminus = { address, capabilities: [capabilities].flat(), durable, expiryPolicy }
      this.address = address
      try {
        if (!this.#hasSession) await this.#request(encodeBegin(HANDLE_MAX), deadline)
        await this.#request(encodeAttach({ name, role, isSettled, terminus }), deadline)
        this.#connection.throwIfLost()
        this.#isServing = true
        return
      } catch (thrown) {
        refusal = thrown
        if (!(thrown instanceof DriverError) || thrown.code !== 'not-permitted' || !this.isOpen) break
      }
    }
    throw refusal
  }

  /** Attaches a link beside the first, by which we send. @throws DriverError `unsupported` where the broker refuses it. */
  async attachSecond(second: SecondLink, terminus: Uint8Array): Promise<void> {
    this.#second = second
    const { handle } = second
    const name = `${this.#name}-${handle}`
    this.#isServing = false
    try {
      await this.#request(encodeAttach({ name, role: 'sender', isSettled: false, terminus, handle }), undefined)
      this.#connection.throwIfLost()
    } catch (thrown) {
      if (!(thrown instanceof DriverError) || thrown.code === 'timeout' || !this.isOpen) throw thrown
      const sentence = `${this.#attempted} in transactions: the broker has none over AMQP 1.0 (${thrown.message})`
      throw new DriverError('unsupported', sentence, { cause: thrown })
    }
    this.#isServing = true
  }

  /** Ends the link and keeps the session. @throws DriverError */
  async detach(deadline: AbortSignal): Promise<void> {
    this.#isDetaching = true
    this.#isServing = false
    await this.#request(encodeDetach(), deadline)
    this.#isDetaching = false
  }

  /** Ends link, session and connection in order. Never rejects, safe to call twice. */
  close(): Promise<void> {
    const detach = encodeDetach(0, null, !this.#outlivesLink)
    const farewell = [
      ...(this.#isAttached ? [encodeFrame(AMQP_FRAME, detach)] : []),
      ...(this.#hasSession ? [encodeFrame(AMQP_FRAME, encodeEnd())] : []),
    ]
    if (!this.#hasSession) this.#onEnded()
    return this.#connection.close(joined(farewell), this.#ended)
  }

  /** After an error of opening: in order where the broker still answers. */
  async abandon(thrown: unknown): Promise<void> {
    if (thrown instanceof DriverError && thrown.code === 'timeout') this.#connection.discard()
    else await this.close()
  }

  fail(cause: DriverError): void {
    this.#connection.fail(cause)
  }

  onPerformative(descriptor: number, reader: AmqpReader, frame: AmqpFrame): void {
    switch (descriptor) {
      case DESCRIPTOR.transfer:
        this.#transfer.read(reader)
        this.#onTransfer(frame)
        return
      case DESCRIPTOR.disposition:
        this.#disposition.read(reader)
        this.#second?.onDisposition(this.#disposition)
        if (this.#isAttached) this.#owner.onDisposition(this.#disposition)
        return
      case DESCRIPTOR.flow:
        this.#flow.read(reader)
        this.flow.windows.flowed(this.#flow.nextIncomingId, this.#flow.incomingWindow)
        this.#onFlow(this.#flow)
        return
      default:
        this.#onState(descriptor, reader)
    }
  }

  onTurnEnd(): void {
    if (this.#isAttached) this.#owner.onTurnEnd()
  }

  onBlocked(): void {
    this.#owner.onBlocked()
  }

  onDrain(): void {
    this.#owner.onDrain()
  }

  onLost(cause: DriverError): void {
    this.#second?.onLost()
    if (this.#isServing) this.#owner.onLost(cause)
  }

  #onFlow(flow: Flow): void {
    const isOfSecond = this.#secondHandle >= 0 && flow.handle === this.#secondHandle
    if (isOfSecond || flow.handle < 0) this.#second?.onFlow(flow)
    if (isOfSecond) {
      // To the first link it is one of the session alone.
      flow.linkCredit = ABSENT
      flow.isDrain = false
      flow.isEcho = false
    }
    if (this.#isAttached) this.#owner.onFlow(flow)
  }

  #onTransfer(frame: AmqpFrame): void {
    const isHalfUsed = this.flow.windows.received()
    if (this.#isAttached && !this.#connection.isClosing) this.#owner.onTransfer(this.#transfer, frame)
    if (isHalfUsed) this.flow.renew(this.transport)
  }

  #onState(descriptor: number, reader: AmqpReader): void {
    const value = readValue(reader)
    if (!Array.isArray(value)) throw reader.error('the list of a performative')
    const fields = value as readonly AmqpValue[]
    switch (descriptor) {
      case DESCRIPTOR.begin:
        this.#hasSession = true
        this.flow.windows.begun(numberOf(fields[1]), numberOf(fields[2]))
        this.#connection.answer.resolve()
        return
      case DESCRIPTOR.attach:
        this.#onAttach(fields)
        return
      case DESCRIPTOR.detach:
        this.#onDetach(fields)
        return
      case DESCRIPTOR.end:
        this.#onEnd(fields)
        return
      default:
        throw reader.error('a performative of AMQP')
    }
  }

  /** Name, handle, role, settle modes, source (5), target (6), ..., initial delivery count (9), max-message-size (10). */
  #onAttach(fields: readonly AmqpValue[]): void {
    const isSecond = this.#isAttached && this.#second !== null
    // A refused link comes without our terminus, and a detach follows.
    const terminus = fields[isSecond || this.#role === 'sender' ? 6 : 5] ?? null
    if (isSecond) this.#secondHandle = numberOf(fields[1])
    if (terminus === null) return
    if (isSecond) {
      this.#connection.answer.resolve()
      return
    }
    this.initialDeliveryCount = numberOf(fields[9])
    this.messageBytesMax = fields[10] ?? null
    this.#isAttached = true
    this.#connection.answer.resolve()
  }

  #onDetach(fields: readonly AmqpValue[]): void {
    const isSecond = this.#secondHandle >= 0 && numberOf(fields[0]) === this.#secondHandle
    if (!isSecond) this.#isAttached = false
    if (this.#connection.isClosing) return
    if (this.#isDetaching) {
      this.#connection.answer.resolve()
      return
    }
    this.transport.write(encodeFrame(AMQP_FRAME, encodeDetach(isSecond ? this.#second?.handle : 0)))
    this.#refused(fields[2])
  }

  #onEnd(fields: readonly AmqpValue[]): void {
    this.#hasSession = false
    this.#isAttached = false
    if (this.#connection.isClosing) {
      this.#onEnded()
      return
    }
    this.transport.write(encodeFrame(AMQP_FRAME, encodeEnd()))
    this.#refused(fields[0])
  }

  /** The end of an attempt to attach, or of everything, as nothing can go on without it. */
  #refused(error: AmqpValue | undefined): void {
    const cause = amqpError(errorOf(error), this.#attempted, 'connected', this.#connection.username)
    if (this.#connection.answer.isAwaited) {
      this.#connection.answer.reject(cause)
      return
    }
    this.transport.flush()
    this.#connection.fail(cause)
  }

  #request(performative: Uint8Array, deadline: AbortSignal | undefined): Promise<void> {
    return this.#connection.request(encodeFrame(AMQP_FRAME, performative), this.#attempted, deadline)
  }
}
