import { Amqp091ProtocolError } from '../../protocol/amqp091/amqp091-error.ts'
import { channelFlowOk, channelOpen, close, closeOk } from '../../protocol/amqp091/client-methods.ts'
import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { HEARTBEAT_FRAME } from '../../protocol/amqp091/frame.ts'
import { METHOD, methodName } from '../../protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../protocol/amqp091/parser.ts'
import type { Amqp091Handler } from '../../protocol/amqp091/parser.ts'
import { readReply } from '../../protocol/amqp091/server-methods.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import { HeartBeat } from '../../transport/heart-beat.ts'
import { openConnection } from '../../transport/open-connection.ts'
import { DriverError, toDriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { CHANNEL, endedError, replyError } from './wire-handshake.ts'
import type { HandshakeStep } from './wire-handshake.ts'
import { openVirtualHost, type OpeningSession } from './wire-opening.ts'
import { ReplySlot } from './wire-reply-slot.ts'
import type { SessionOwner } from './wire-session-owner.ts'

/** A broker that does not answer a close is left after this time. */
const CLOSE_WITHIN_MS = 5_000

/** One AMQP 0-9-1 connection with one channel, from the protocol header to connection.close. */
export class WireSession implements ConnectionEvents, Amqp091Handler, OpeningSession {
  step: HandshakeStep = 'greeting'
  /** `AMQP 0-9-1 connection to amqp091://host:5672`. */
  readonly attempted: string
  readonly #endpoint: Endpoint
  readonly #owner: SessionOwner
  readonly #parser = new Amqp091Parser(this)
  readonly #reply = new ReplySlot((cause) => {
    this.fail(cause)
  })
  #connection: Connection | null = null
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  #isChannelOpen = false
  #brokerBlocks = false
  #heartBeat: HeartBeat | null = null
  #identity: BrokerIdentity = { product: null, version: null }
  #lostBy: DriverError | null = null
  #closed: Promise<void> | null = null

  private constructor(endpoint: Endpoint, owner: SessionOwner) {
    this.#endpoint = endpoint
    this.#owner = owner
    this.attempted = `AMQP 0-9-1 connection to ${describeEndpoint(endpoint)}`
  }

  /**
   * Connects, logs in and opens the virtual host.
   * @param connectionName shown by RabbitMQ's management interface.
   * @throws DriverError
   */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    connectionName: string,
    owner: SessionOwner,
  ): Promise<WireSession> {
    const session = new WireSession(endpoint, owner)
    try {
      await session.#connect(performance.now() + options.timeoutMs, connectionName)
      return session
    } catch (thrown) {
      const cause = toDriverError(thrown, session.attempted)
      session.fail(cause)
      throw session.#lostBy ?? cause
    }
  }

  /** Throws where the session never was open. */
  get connection(): Connection {
    if (this.#connection === null) throw new Error('the session was never open')
    return this.#connection
  }

  get identity(): BrokerIdentity {
    return this.#identity
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isChannelOpen(): boolean {
    return this.#isChannelOpen
  }

  /** Largest frame that the broker takes. */
  get frameBytesMax(): number {
    return this.#parser.frameBytesMax
  }

  write(frame: Uint8Array): void {
    this.connection.write(frame)
  }

  /** @throws DriverError */
  async openChannel(timeoutMs: number): Promise<void> {
    // Not after the answer was awaited: the broker may close the channel again in the same packet.
    const opened = (): void => {
      this.#isChannelOpen = true
    }
    const attempted = `${this.attempted}: opening a channel`
    await this.ask(channelOpen(CHANNEL), METHOD.channelOpenOk, opened, attempted, timeoutMs)
  }

  /**
   * Sends a method and waits for its answer; one at a time.
   * @param read called at the answer's arguments, which are gone after it.
   * @param attempted the beginning of the error's sentence.
   * @throws DriverError
   */
  ask<T>(
    frame: Uint8Array,
    answer: number,
    read: (fields: FieldReader) => T,
    attempted: string,
    timeoutMs: number,
  ): Promise<T> {
    if (this.#lostBy !== null) return Promise.reject(this.#lostBy)
    const reading = this.#reply.expect(answer, read, attempted, Math.max(1, timeoutMs))
    this.connection.write(frame)
    return reading
  }

  /** @throws DriverError where the session has been lost: a loss while opening has nobody else to tell it to. */
  throwIfLost(): void {
    if (this.#lostBy !== null) throw this.#lostBy
  }

  /** Ends the session in order, within some seconds whatever the broker does. Never rejects, safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Ends the session because of what the peer did; `goodbye` is sent before. */
  fail(cause: DriverError, goodbye: Uint8Array | null = null): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    this.#lostBy = cause
    this.#parser.stop()
    this.#heartBeat?.stop()
    if (goodbye === null || this.#connection === null) {
      this.#connection?.destroy()
    } else {
      this.#connection.write(goodbye)
      void this.#connection.close()
    }
    this.#reply.reject(cause)
    if (wasOpen) this.#owner.onLost(cause)
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof Amqp091ProtocolError)) throw error
      const code = this.step === 'greeting' ? 'wrong-protocol' : 'protocol-error'
      this.fail(new DriverError(code, `${this.attempted}: ${error.message}`, { cause: error }))
    }
    this.#owner.onTurnEnd?.()
  }

  onMethod(channel: number, method: number, fields: FieldReader): void {
    if (channel === CHANNEL && this.#owner.onMethod(method, fields)) return
    if (this.#reply.take(method, fields)) return
    if (channel === 0) this.#onConnectionMethod(method, fields)
    else this.#onChannelMethod(method, fields)
  }

  onContentHeader(properties: FieldReader): void {
    this.#owner.onContentHeader?.(properties)
  }

  onContent(buffer: Uint8Array, start: number, end: number): void {
    this.#owner.onContent?.(buffer, start, end)
  }

  onBlocked(): void {
    this.#owner.onBlocked?.('socket')
  }

  onDrain(): void {
    this.#owner.onUnblocked?.('socket')
  }

  onClose(cause: DriverError): void {
    this.fail(endedError(this.step, cause, this.attempted))
  }

  async #connect(deadlineMs: number, connectionName: string): Promise<void> {
    const leftMs = (): number => Math.max(1, deadlineMs - performance.now())
    const options = { timeoutMs: leftMs(), webSocketProtocols: [] }
    this.#connection = await openConnection(this.#endpoint, options, this)
    const { identity, tuned } = await openVirtualHost(this, this.#endpoint, connectionName, leftMs)
    this.throwIfLost()
    this.#identity = identity
    this.#parser.frameBytesMax = tuned.frameBytesMax
    this.step = 'done'
    this.#state = 'open'
    if (tuned.heartbeatSeconds === 0) return
    this.#heartBeat = new HeartBeat(this.connection, {
      intervalMs: tuned.heartbeatSeconds * 1000,
      frame: HEARTBEAT_FRAME,
      onSilence: (cause) => {
        this.fail(endedError('done', cause, this.attempted))
      },
    })
  }

  async #close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      // A broker that blocks us reads nothing, so there is no order to keep.
      if (!this.#brokerBlocks) await this.#sayGoodbye().catch(() => undefined)
    }
    this.#state = 'closed'
    this.#parser.stop()
    this.#heartBeat?.stop()
    await this.#connection?.close()
  }

  /** The channel first: its close is answered only after everything that was sent on it is done. */
  async #sayGoodbye(): Promise<void> {
    const deadlineMs = performance.now() + CLOSE_WITHIN_MS
    const attempted = `${this.attempted}: closing`
    if (this.#isChannelOpen) await this.ask(close(CHANNEL), METHOD.channelCloseOk, nothing, attempted, CLOSE_WITHIN_MS)
    await this.ask(close(0), METHOD.connectionCloseOk, nothing, attempted, deadlineMs - performance.now())
  }

  #onConnectionMethod(method: number, fields: FieldReader): void {
    switch (method) {
      case METHOD.connectionClose:
        this.fail(replyError(this.step, readReply(fields), this.#reply.attempted ?? this.attempted), closeOk(0))
        return
      case METHOD.connectionBlocked:
        this.#brokerBlocks = true
        this.#owner.onBlocked?.('broker')
        return
      case METHOD.connectionUnblocked:
        this.#brokerBlocks = false
        this.#owner.onUnblocked?.('broker')
        return
      case METHOD.connectionSecure: {
        const sentence = `${this.attempted}: the broker asks for more than a user and a password`
        this.fail(new DriverError('authentication', sentence))
        return
      }
      default:
        this.failUnexpected(method)
    }
  }

  #onChannelMethod(method: number, fields: FieldReader): void {
    switch (method) {
      case METHOD.channelClose:
        this.#onChannelClose(fields)
        return
      case METHOD.channelFlow: {
        const isActive = fields.octet() !== 0
        this.connection.write(channelFlowOk(CHANNEL, isActive))
        if (isActive) this.#owner.onUnblocked?.('credit')
        else this.#owner.onBlocked?.('credit')
        return
      }
      default:
        this.failUnexpected(method)
    }
  }

  #onChannelClose(fields: FieldReader): void {
    const cause = replyError('done', readReply(fields), this.#reply.attempted ?? this.attempted)
    this.#isChannelOpen = false
    this.connection.write(closeOk(CHANNEL))
    // Our own channel.close has crossed this one: its answer is on the way.
    if (this.#state === 'closing') return
    if (this.#owner.outlivesChannel) this.#reply.reject(cause)
    else this.fail(cause, close(0))
  }

  /** The peer broke the protocol by a method that is not due. */
  failUnexpected(method: number): void {
    const code = this.step === 'greeting' ? 'wrong-protocol' : 'protocol-error'
    this.fail(new DriverError(code, `${this.attempted}: the broker sent ${methodName(method)}, which was not due`))
  }
}

function nothing(): void {
  // The answer itself is all there is to know.
}
