/**
 * One AMQP 1.0 connection by our own frames, from the SASL header to close:
 *
 *   SASL header → mechanisms → init → outcome → AMQP header → open → ... → close
 */
import { Amqp10ProtocolError } from '../../protocol/amqp10/amqp10-error.ts'
import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { AMQP_FRAME, SASL_FRAME } from '../../protocol/amqp10/frame.ts'
import type { AmqpFrame } from '../../protocol/amqp10/frame.ts'
import { AmqpFrameParser, PROTOCOL_ID } from '../../protocol/amqp10/frame-parser.ts'
import type { AmqpFrameHandler } from '../../protocol/amqp10/frame-parser.ts'
import { DEFAULT_LIMITS } from '../../protocol/amqp10/limits.ts'
import {
  encodeClose,
  encodeFrame,
  encodeOpen,
  encodeProtocolHeader,
  errorOf,
} from '../../protocol/amqp10/performative.ts'
import { AmqpReader } from '../../protocol/amqp10/reader.ts'
import { propertiesOf, readValue } from '../../protocol/amqp10/value.ts'
import type { AmqpValue } from '../../protocol/amqp10/value.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import { openConnection } from '../../transport/open-connection.ts'
import { before } from '../deadline.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import { describeEndpoint } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'
import { amqpError } from './amqp-error.ts'
import { identityOf } from './broker-kind.ts'
import { WireAnswer } from './wire-answer.ts'
import { WireIdle } from './wire-idle.ts'
import { WireSasl } from './wire-sasl.ts'

/** A broker that does not answer a close is left after this time. */
const CLOSE_TIMEOUT_MS = 5_000
/** A peer from which nothing comes for so long is gone; we ask it to say something in half of that. */
const IDLE_TIMEOUT_MS = 60_000
/** Smallest `max-frame-size` that the specification allows. */
const FRAME_BYTES_MIN = 512
/** Frames that we write are no longer than this, whatever the peer takes: it would have to hold them whole. */
const FRAME_BYTES_MAX = 1024 * 1024
/** In the properties of an open that a close follows (specification, 2.4.1). */
const ESTABLISHMENT_FAILED = 'amqp:connection-establishment-failed'

/** Whoever has the session on this connection. */
export interface SessionHandler {
  /** Any performative but open and close; `reader` stands behind the descriptor. Valid only during the call. */
  onPerformative(descriptor: number, reader: AmqpReader, frame: AmqpFrame): void
  /** All frames of one chunk were handed over. */
  onTurnEnd(): void
  onBlocked(): void
  onDrain(): void
  /** The connection is gone, nobody waits for an answer, and `close` did not end it. Called once. */
  onLost(cause: DriverError): void
}

export class WireConnection implements ConnectionEvents, AmqpFrameHandler {
  readonly #endpoint: Endpoint
  readonly #handler: SessionHandler
  readonly #containerId: string
  readonly #attempted: string
  readonly #deadline: AbortSignal
  readonly #parser = new AmqpFrameParser(this)
  readonly #reader = new AmqpReader()
  readonly #sasl: WireSasl
  #connection: Connection | null = null
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  #isLoggedIn = false
  /** What is asked of the peer while opening. */
  readonly answer = new WireAnswer()
  #lostBy: DriverError | null = null
  #idle: WireIdle | null = null
  #onClosed: () => void = () => undefined
  #closed: Promise<void> | null = null
  /** What the peer's open said. */
  identity: BrokerIdentity = { product: null, version: null }
  /** Longest frame that we write. */
  frameBytesMax = FRAME_BYTES_MIN

  private constructor(endpoint: Endpoint, timeoutMs: number, containerId: string, handler: SessionHandler) {
    this.#endpoint = endpoint
    this.#handler = handler
    this.#containerId = containerId
    this.#attempted = `AMQP 1.0 connection to ${describeEndpoint(endpoint)}`
    this.#deadline = AbortSignal.timeout(timeoutMs)
    this.#sasl = new WireSasl(endpoint, this.#attempted)
  }

  /** @throws DriverError */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    containerId: string,
    handler: SessionHandler,
  ): Promise<WireConnection> {
    const opening = new WireConnection(endpoint, options.timeoutMs, containerId, handler)
    opening.#connection = await openConnection(endpoint, { ...options, webSocketProtocols: [] }, opening)
    try {
      await opening.request(encodeProtocolHeader(PROTOCOL_ID.sasl), opening.#attempted)
    } catch (thrown) {
      opening.discard()
      throw thrown
    }
    return opening
  }

  /** Throws where the connection never was open. */
  get transport(): Connection {
    if (this.#connection === null) throw new Error('the connection was never open')
    return this.#connection
  }

  /** Null where nobody was named. */
  get username(): string | null {
    return this.#endpoint.username
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isClosing(): boolean {
    return this.#state === 'closing'
  }

  /**
   * Sends bytes and waits for `answer`, no longer than `deadline`, or than the connect time-out. @throws DriverError
   */
  async request(bytes: Uint8Array, attempted: string, deadline = this.#deadline): Promise<void> {
    if (this.#lostBy !== null) throw this.#lostBy
    const answer = this.answer.wait()
    this.transport.write(bytes)
    try {
      await before(deadline, answer, attempted)
    } finally {
      this.answer.forget()
    }
  }

  /** Nobody heard of a loss between two answers. @throws DriverError */
  throwIfLost(): void {
    if (this.#lostBy !== null) throw this.#lostBy
  }

  /** Ends the connection at once because of what the peer did. */
  fail(cause: DriverError): void {
    if (this.#state === 'closing') this.#onClosed()
    if (this.#state === 'closing' || this.#state === 'closed') return
    this.#lostBy = cause
    this.discard()
    if (this.answer.isAwaited) this.answer.reject(cause)
    else this.#handler.onLost(cause)
  }

  /**
   * Ends session and connection in order, one after the other: RabbitMQ's plugin ends the session of a connection that
   * it is told to close, with all that this session has not read yet.
   * @param farewell frames that end link and session. @param ended resolves when the peer has ended the session.
   * Never rejects.
   */
  close(farewell: Uint8Array, ended: Promise<void>): Promise<void> {
    this.#closed ??= this.#close(farewell, ended)
    return this.#closed
  }

  discard(): void {
    this.#state = 'closed'
    this.#parser.stop()
    this.#idle?.stop()
    this.#connection?.destroy()
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (error instanceof DriverError) this.fail(error)
      else if (error instanceof Amqp10ProtocolError) this.fail(this.#broken(error))
      else throw error
    }
    this.#handler.onTurnEnd()
  }

  onHeader(protocolId: number): void {
    const expected = this.#isLoggedIn ? PROTOCOL_ID.amqp : PROTOCOL_ID.sasl
    if (protocolId === expected) return
    const sentence = `${this.#attempted}: the peer wants protocol ${protocolId} of AMQP instead of ${expected}`
    throw new DriverError('wrong-protocol', sentence)
  }

  onFrame(frame: AmqpFrame): void {
    if (frame.bodyStart === frame.end) return
    const reader = this.#reader
    reader.load(frame.buffer, frame.bodyStart, frame.end, frame.originBytes)
    const descriptor = reader.readDescriptor()
    if (frame.type === SASL_FRAME) this.#onSasl(descriptor, readFields(reader))
    else if (descriptor === DESCRIPTOR.open) this.#onOpen(readFields(reader))
    else if (descriptor === DESCRIPTOR.close) this.#onCloseFrame(readFields(reader))
    else if (this.#state === 'connecting') throw reader.error('an open first')
    else this.#handler.onPerformative(descriptor, reader, frame)
  }

  onBlocked(): void {
    this.#handler.onBlocked()
  }

  onDrain(): void {
    this.#handler.onDrain()
  }

  onClose(cause: DriverError): void {
    if (this.#state !== 'connecting' || cause.code !== 'closed') this.fail(cause)
    else if (this.transport.counters().bytesRead > 0) this.fail(cause)
    else
      this.fail(
        new DriverError(
          'wrong-protocol',
          `${this.#attempted}: the peer hung up instead of answering: no AMQP 1.0 there, or one connection too many?`,
        ),
      )
  }

  #onSasl(descriptor: number, fields: readonly AmqpValue[]): void {
    const answer = this.#sasl.answer(descriptor, fields)
    if (answer !== 'done') {
      this.transport.write(answer)
      return
    }
    this.#isLoggedIn = true
    this.#parser.expectHeader()
    this.transport.write(encodeProtocolHeader(PROTOCOL_ID.amqp))
    const { vhost } = this.#endpoint.options
    const open = encodeOpen({
      containerId: this.#containerId,
      // RabbitMQ's spelling; no other broker here has virtual hosts.
      hostname: vhost === undefined ? this.#endpoint.host : `vhost:${vhost}`,
      maxFrameBytes: DEFAULT_LIMITS.frameBytesMax,
      idleTimeOutMs: IDLE_TIMEOUT_MS / 2,
    })
    this.transport.write(encodeFrame(AMQP_FRAME, open))
  }

  /** Container, host name, largest frame, channels, idle time-out, ..., properties. */
  #onOpen(fields: readonly AmqpValue[]): void {
    if (this.#state !== 'connecting') throw new DriverError('protocol-error', `${this.#attempted}: a second open`)
    const properties = propertiesOf(fields[9])
    this.identity = identityOf(properties)
    const frameBytesMax = typeof fields[2] === 'number' ? fields[2] : FRAME_BYTES_MAX
    this.frameBytesMax = Math.max(FRAME_BYTES_MIN, Math.min(FRAME_BYTES_MAX, frameBytesMax))
    if (properties[ESTABLISHMENT_FAILED] === true) return
    this.#state = 'open'
    const peerTimeOutMs = typeof fields[4] === 'number' ? fields[4] : 0
    this.#idle = new WireIdle(this.transport, peerTimeOutMs, IDLE_TIMEOUT_MS, (cause) => {
      this.fail(cause)
    })
    this.answer.resolve()
  }

  #onCloseFrame(fields: readonly AmqpValue[]): void {
    if (this.#state === 'closing') {
      this.#onClosed()
      return
    }
    this.transport.write(encodeFrame(AMQP_FRAME, encodeClose()))
    this.transport.flush()
    const stage = this.#state === 'connecting' ? 'connecting' : 'connected'
    this.fail(amqpError(errorOf(fields[0]), this.#attempted, stage, this.username))
  }

  async #close(farewell: Uint8Array, ended: Promise<void>): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    const closed = new Promise<void>((resolve) => (this.#onClosed = resolve))
    const deadline = AbortSignal.timeout(CLOSE_TIMEOUT_MS)
    this.transport.write(farewell)
    await before(deadline, Promise.race([ended, closed]), 'closing').catch(() => undefined)
    this.transport.write(encodeFrame(AMQP_FRAME, encodeClose()))
    await before(deadline, closed, 'closing').catch(() => undefined)
    this.#state = 'closed'
    this.#parser.stop()
    this.#idle?.stop()
    await this.transport.close()
  }

  #broken(error: Amqp10ProtocolError): DriverError {
    const isConnecting = this.#state === 'connecting'
    const sentence = isConnecting ? 'what answers does not speak AMQP 1.0' : 'the broker broke the protocol'
    const code = isConnecting ? 'wrong-protocol' : 'protocol-error'
    return new DriverError(code, `${this.#attempted}: ${sentence} (${error.message})`, { cause: error })
  }
}

function readFields(reader: AmqpReader): readonly AmqpValue[] {
  const value = readValue(reader)
  if (!Array.isArray(value)) throw reader.error('the list of a performative')
  return value as readonly AmqpValue[]
}
