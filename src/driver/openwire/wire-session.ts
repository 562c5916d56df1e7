import { readBrokerId, readCorrelationId, readProducerAck, readThrowable } from '../../protocol/openwire/answer.ts'
import type { Throwable } from '../../protocol/openwire/answer.ts'
import {
  connectionInfo,
  keepAliveInfo,
  removeConnection,
  sessionInfo,
  shutdownInfo,
} from '../../protocol/openwire/commands.ts'
import { readConsumerControl } from '../../protocol/openwire/consumer-control.ts'
import type { ConsumerControl } from '../../protocol/openwire/consumer-control.ts'
import { FrameParser } from '../../protocol/openwire/frame-parser.ts'
import type { FrameHandler } from '../../protocol/openwire/frame-parser.ts'
import type { FrameReader } from '../../protocol/openwire/frame-reader.ts'
import { FIRST_FRAME_BYTES_MAX, FRAME_BYTES_MAX } from '../../protocol/openwire/limits.ts'
import type { EndpointId } from '../../protocol/openwire/nested.ts'
import { OpenWireProtocolError } from '../../protocol/openwire/openwire-error.ts'
import { COMMAND, OPENWIRE_VERSION_MIN } from '../../protocol/openwire/type-codes.ts'
import { readWireFormatInfo, wireFormatInfo } from '../../protocol/openwire/wire-format-info.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import { openConnection } from '../../transport/open-connection.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { identityOf } from './broker-identity.ts'
import { newConnectionId } from './connection-id.ts'
import { failureOf } from './wire-failure.ts'
import { inactivityOf, InactivityMonitor } from './wire-inactivity.ts'
import { PendingAnswers } from './wire-pending-answers.ts'

/** A broker that stalls for some seconds is waited for: the next to use this client id would find it taken. */
const REMOVE_WITHIN_MS = 4_000
/** Number of the one session that every connection has. */
const SESSION = 1
/** Stands for the answer to our WireFormatInfo, which has no command id. */
const WIRE_FORMAT = -1

/** Command ids below are the session's own; its owner may use the others. */
export const OWN_COMMAND_IDS = 1024

/** What a session tells the publisher, consumer or admin that it serves. */
export interface SessionOwner {
  /** A MessageDispatch, valid only during the call. */
  onDispatch(fields: FrameReader): void
  /** The answer to one of the owner's own commands. @param refused the broker's exception, null where there was none. */
  onAnswer(commandId: number, refused: Throwable | null): void
  /** A message of so many bytes, as the broker counts them, has left the producer's window. */
  onProducerAck?(bytes: number): void
  /** The broker ends the subscription, or sets its prefetch. */
  onConsumerControl?(control: ConsumerControl): void
  /** All frames of one chunk were handed over. */
  onTurnEnd(): void
  onBlocked(): void
  onDrain(): void
  /** The session is gone and `close` did not end it. Called once. */
  onLost(cause: DriverError): void
}

/** One OpenWire connection with one session, from WireFormatInfo to ShutdownInfo. */
export class WireSession implements ConnectionEvents, FrameHandler {
  /** For the one producer or consumer of this session; new for every connection. */
  readonly id: EndpointId = { connectionId: newConnectionId(), session: SESSION, value: 1 }
  readonly #endpoint: Endpoint
  readonly #owner: SessionOwner
  readonly #parser = new FrameParser(this, FIRST_FRAME_BYTES_MAX)
  readonly #pending = new PendingAnswers()
  #connection: Connection | null = null
  #state: 'negotiating' | 'connecting' | 'open' | 'closing' | 'closed' = 'negotiating'
  #inactivity: InactivityMonitor | null = null
  #provider: BrokerIdentity = { product: null, version: null }
  #brokerId: string | null = null
  #maxFrameBytes = FRAME_BYTES_MAX
  #nextCommandId = 0
  #lostBy: DriverError | null = null
  #closing: Promise<void> | null = null

  private constructor(endpoint: Endpoint, owner: SessionOwner) {
    this.#endpoint = endpoint
    this.#owner = owner
  }

  /**
   * @param clientId made unique by this, so that two runs do not meet, unless `keepsClientId`: what the broker keeps for a
   * client is found by it. @throws DriverError
   */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    owner: SessionOwner,
    clientId: string,
    keepsClientId = false,
  ): Promise<WireSession> {
    const session = new WireSession(endpoint, owner)
    const uniqueId = keepsClientId ? clientId : `${clientId}-${session.id.connectionId.slice(3)}`
    try {
      await session.#connect(options.timeoutMs, uniqueId)
    } catch (error) {
      // A broker that refused keeps the connection open for a while.
      session.#end()
      session.#connection?.destroy()
      throw error
    }
    return session
  }

  /** Throws where the session never was open. */
  get connection(): Connection {
    if (this.#connection === null) throw new Error('the session was never open')
    return this.#connection
  }

  get identity(): BrokerIdentity {
    return identityOf(this.#provider, this.#brokerId)
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Largest frame that the broker reads, in bytes after its size. */
  get maxFrameBytes(): number {
    return this.#maxFrameBytes
  }

  /** The next command id of the session's own. */
  nextCommandId(): number {
    this.#nextCommandId = (this.#nextCommandId % (OWN_COMMAND_IDS - 1)) + 1
    return this.#nextCommandId
  }

  /** Sends a command that asks for an answer, and waits for it. @throws DriverError */
  request(encode: (commandId: number) => Uint8Array, attempted: string, timeoutMs: number): Promise<void> {
    if (this.#lostBy !== null) return Promise.reject(this.#lostBy)
    const commandId = this.nextCommandId()
    const answer = this.#pending.wait(commandId, `${attempted} on ${this.#peer}`, timeoutMs)
    this.connection.write(encode(commandId))
    return answer
  }

  /** Ends the session in order, within about five seconds whatever the broker does. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      const { connectionId } = this.id
      const remove = (commandId: number): Uint8Array => removeConnection(commandId, connectionId)
      await this.request(remove, 'closing', REMOVE_WITHIN_MS).catch(() => undefined)
      this.#connection?.write(shutdownInfo(this.nextCommandId()))
    }
    this.#end()
    await this.#connection?.close()
  }

  /** Ends the session at once because of what the peer did. */
  fail(cause: DriverError): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#lostBy = cause
    this.#end()
    this.#connection?.destroy()
    this.#pending.rejectAll(cause)
    if (wasOpen) this.#owner.onLost(cause)
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof OpenWireProtocolError)) throw error
      this.fail(this.#broken(error.message, error))
    }
    this.#owner.onTurnEnd()
  }

  onFrame(type: number, fields: FrameReader): void {
    if (this.#state === 'negotiating' && type !== COMMAND.wireFormatInfo) {
      throw fields.error('a WireFormatInfo (type 1)', fields.position - 1)
    }
    switch (type) {
      case COMMAND.messageDispatch:
        if (this.#state === 'open') this.#owner.onDispatch(fields)
        return
      case COMMAND.response:
      case COMMAND.dataResponse:
      case COMMAND.dataArrayResponse:
      case COMMAND.integerResponse:
        this.#onAnswer(readCorrelationId(fields), null)
        return
      case COMMAND.exceptionResponse:
        this.#onAnswer(readCorrelationId(fields), readThrowable(fields))
        return
      case COMMAND.producerAck:
        if (this.#state === 'open') this.#owner.onProducerAck?.(readProducerAck(fields))
        return
      case COMMAND.consumerControl:
        if (this.#state === 'open') this.#owner.onConsumerControl?.(readConsumerControl(fields))
        return
      case COMMAND.connectionError:
        fields.skipBase()
        this.fail(this.#failureOf(readThrowable(fields)))
        return
      case COMMAND.keepAliveInfo:
        fields.skip(4)
        if (fields.bool()) this.connection.write(keepAliveInfo(0))
        return
      case COMMAND.wireFormatInfo:
        this.#onWireFormat(fields)
        return
      case COMMAND.brokerInfo:
        this.#brokerId = readBrokerId(fields)
        return
      case COMMAND.shutdownInfo:
        this.fail(new DriverError('closed', `${this.#peer} is shutting down`))
        return
      default:
      // ConnectionControl and what else there is: nothing to do, and the size skips it.
    }
  }

  onBlocked(): void {
    this.#owner.onBlocked()
  }

  onDrain(): void {
    this.#owner.onDrain()
  }

  onClose(cause: DriverError): void {
    const isHungUp = this.#state === 'negotiating' && cause.code === 'closed'
    const sentence = `${cause.message} without a WireFormatInfo: no OpenWire there, or one connection too many?`
    this.fail(isHungUp ? new DriverError('wrong-protocol', sentence) : cause)
  }

  async #connect(timeoutMs: number, clientId: string): Promise<void> {
    const untilMs = performance.now() + timeoutMs
    const leftMs = (): number => Math.max(1, untilMs - performance.now())
    this.#connection = await openConnection(this.#endpoint, { timeoutMs, webSocketProtocols: [] }, this)
    const negotiated = this.#pending.wait(WIRE_FORMAT, `WireFormatInfo to ${this.#peer}`, leftMs())
    this.connection.write(wireFormatInfo(inactivityOf(this.#endpoint)))
    await negotiated
    const { connectionId, session } = this.id
    const { username, password } = this.#endpoint
    const ask = { connectionId, clientId, username, password }
    await this.request((commandId) => connectionInfo(commandId, ask), 'logging in', leftMs())
    await this.request((commandId) => sessionInfo(commandId, connectionId, session), 'opening a session', leftMs())
    this.#state = 'open'
  }

  #onWireFormat(fields: FrameReader): void {
    if (this.#state !== 'negotiating') throw fields.error('no second WireFormatInfo', fields.position - 1)
    const format = readWireFormatInfo(fields)
    if (format.version < OPENWIRE_VERSION_MIN) {
      const sentence = `${this.#peer} speaks OpenWire ${format.version}, not ${OPENWIRE_VERSION_MIN} or later`
      this.fail(new DriverError('wrong-protocol', sentence))
      return
    }
    this.#state = 'connecting'
    this.#provider = { product: format.providerName, version: format.providerVersion }
    if (format.maxFrameBytes > 0) this.#maxFrameBytes = format.maxFrameBytes
    this.#parser.frameBytesMax = FRAME_BYTES_MAX
    const agreedMs = Math.min(format.maxInactivityMs, inactivityOf(this.#endpoint).maxInactivityMs)
    if (agreedMs > 0) this.#inactivity = new InactivityMonitor(agreedMs, this.connection, (cause) => this.fail(cause))
    this.#pending.take(WIRE_FORMAT)?.resolve()
  }

  #onAnswer(commandId: number, refused: Throwable | null): void {
    if (commandId < 0 || commandId >= OWN_COMMAND_IDS) {
      this.#owner.onAnswer(commandId, refused)
      return
    }
    const waiting = this.#pending.take(commandId)
    if (refused === null) waiting?.resolve()
    else waiting?.reject(this.#failureOf(refused))
  }

  #failureOf(throwable: Throwable): DriverError {
    return failureOf(throwable, this.#peer, this.#state === 'connecting', this.#endpoint.username)
  }

  #end(): void {
    this.#state = 'closed'
    this.#parser.stop()
    this.#inactivity?.stop()
  }

  get #peer(): string {
    return this.connection.peer
  }

  /** Before its WireFormatInfo, bytes that are not OpenWire mean that something else listens there. */
  #broken(sentence: string, cause: Error): DriverError {
    const code = this.#state === 'negotiating' ? 'wrong-protocol' : 'protocol-error'
    return new DriverError(code, `${this.#peer} does not speak OpenWire: ${sentence}`, { cause })
  }
}
