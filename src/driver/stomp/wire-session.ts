import { StompParser } from '../../protocol/stomp/parser.ts'
import type { StompFrameHandler } from '../../protocol/stomp/parser.ts'
import type { StompFrame } from '../../protocol/stomp/frame.ts'
import { StompProtocolError } from '../../protocol/stomp/stomp-error.ts'
import { encodeFrame } from '../../protocol/stomp/encode-frame.ts'
import type { HeaderList } from '../../protocol/stomp/encode-frame.ts'
import type { Command } from '../../protocol/stomp/command.ts'
import type { Connection, ConnectionEvents } from '../../transport/connection.ts'
import { openConnection } from '../../transport/open-connection.ts'
import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions } from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { connectHeaders, dialectOf, errorFrameCode, identityOfServer, needsTextBody } from './broker-dialect.ts'
import type { StompDialect } from './broker-dialect.ts'
import { HeartBeat } from './wire-heart-beat.ts'
import { WireReceipts } from './wire-receipts.ts'

const RECEIPT_ID = new TextEncoder().encode('receipt-id')
/** A broker that stalls for some seconds is waited for: the next to use this client id would find it taken. */
const DISCONNECT_WITHIN_MS = 4_000

/** A reason for a refusal is counted by its words. */
const REASON_LENGTH_MAX = 80

/** What a session tells the publisher, consumer or admin that it serves. */
export interface SessionOwner {
  /** Valid only during the call. */
  onMessage(frame: StompFrame): void
  /** A RECEIPT whose id is a number: one of the owner's own. */
  onReceipt(receipt: number): void
  /**
   * An ERROR that names a receipt whose id is a number; `why` in a few words. False: it is about no message, and ends the
   * session. ActiveMQ goes on after one that is, whatever the specification says.
   */
  onRefused?(receipt: number, why: string): boolean
  /** All frames of one chunk were handed over. */
  onTurnEnd(): void
  onBlocked(): void
  onDrain(): void
  /** The session is gone and `close` did not end it. Called once. */
  onLost(cause: DriverError): void
}

/** What a session of a producer or consumer has of its own. */
export interface SessionAsk {
  /** CONNECT's `client-id`, for a durable subscription. */
  readonly clientId?: string | null
  /** Every frame leaves as a write of its own. */
  readonly messagePerWrite?: boolean
}

/** One STOMP session on a connection of its own, from CONNECT to DISCONNECT. */
export class WireSession implements ConnectionEvents, StompFrameHandler {
  readonly #endpoint: Endpoint
  readonly #owner: SessionOwner
  readonly #ask: SessionAsk
  readonly #parser = new StompParser(this)
  #connection: Connection | null = null
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'
  readonly #receipts = new WireReceipts()
  #heartBeat: HeartBeat | null = null
  #identity: BrokerIdentity = { product: null, version: null }
  #closed: Promise<void> | null = null

  private constructor(endpoint: Endpoint, owner: SessionOwner, ask: SessionAsk) {
    this.#endpoint = endpoint
    this.#owner = owner
    this.#ask = ask
  }

  /** @throws DriverError */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    owner: SessionOwner,
    ask: SessionAsk = {},
  ): Promise<WireSession> {
    const session = new WireSession(endpoint, owner, ask)
    await session.#connect(options.timeoutMs)
    return session
  }

  /** Throws where the session never was open. */
  get connection(): Connection {
    if (this.#connection === null) throw new Error('the session was never open')
    return this.#connection
  }

  get identity(): BrokerIdentity {
    return this.#identity
  }

  get dialect(): StompDialect {
    return dialectOf(this.#identity)
  }

  /** The broker takes only text over this transport, one frame per WebSocket message. */
  get sendsText(): boolean {
    return needsTextBody(this.dialect, this.#endpoint.transport)
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Sends a frame that asks for a receipt, and waits for it. @throws DriverError */
  request(command: Command, headers: HeaderList, id: string, timeoutMs: number): Promise<void> {
    const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
    const attempted = `${command} on ${this.connection.peer}`
    const answer = this.#receiptOf(id, attempted, timeoutMs)
    this.connection.write(encodeFrame(command, [...(pairs as [string, string][]), ['receipt', id]]))
    return answer
  }

  send(command: Command, headers: HeaderList, body: Uint8Array | null = null): void {
    this.connection.write(encodeFrame(command, headers, body))
  }

  /** Ends the session in order, within about five seconds whatever the broker does. Never rejects, safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      await this.request('DISCONNECT', [], 'disconnect', DISCONNECT_WITHIN_MS).catch(() => undefined)
    }
    this.#state = 'closed'
    this.#parser.stop()
    this.#heartBeat?.stop()
    await this.#connection?.close()
  }

  /** Ends the session at once because of what the peer did. */
  fail(cause: DriverError): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    this.#parser.stop()
    this.#heartBeat?.stop()
    this.#connection?.destroy()
    this.#receipts.rejectAll(cause)
    if (wasOpen) this.#owner.onLost(cause)
  }

  onData(buffer: Uint8Array, start: number, end: number): void {
    this.#heartBeat?.onRead()
    try {
      this.#parser.feed(buffer, start, end)
    } catch (error) {
      if (!(error instanceof StompProtocolError)) throw error
      this.fail(this.#broken(error))
    }
    this.#owner.onTurnEnd()
  }

  onFrame(frame: StompFrame): void {
    switch (frame.command) {
      case 'MESSAGE':
        if (this.#state === 'open') this.#owner.onMessage(frame)
        return
      case 'RECEIPT':
        this.#onReceipt(frame)
        return
      case 'CONNECTED':
        this.#onConnected(frame)
        return
      case 'ERROR':
        if (!this.#isRefusal(frame)) this.fail(this.#errorOf(frame))
        return
      default:
        this.fail(
          new DriverError(this.#brokenCode, `${this.#peer} sent a ${frame.command} frame, which only clients do`),
        )
    }
  }

  onBlocked(): void {
    this.#owner.onBlocked()
  }

  onDrain(): void {
    this.#owner.onDrain()
  }

  onClose(cause: DriverError): void {
    if (this.#state !== 'connecting' || cause.code !== 'closed') this.fail(cause)
    else
      this.fail(
        new DriverError(
          'wrong-protocol',
          `${cause.message} without an answer to CONNECT: no STOMP there, or one connection too many?`,
        ),
      )
  }

  async #connect(timeoutMs: number): Promise<void> {
    const startedMs = performance.now()
    this.#connection = await openConnection(this.#endpoint, { timeoutMs, webSocketProtocols: ['v12.stomp'] }, this)
    // Text, and one frame per WebSocket message: what every broker understands, until this one has said what it is.
    this.#connection.isText = true
    this.#connection.messagePerWrite = true
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs))
    const answer = this.#receiptOf('', `CONNECT on ${this.#peer}`, leftMs)
    const { options, username, password } = this.#endpoint
    const clientId = this.#ask.clientId ?? null
    const headers = {
      ...connectHeaders(options, username, password, clientId),
      'heart-beat': HeartBeat.header(options),
    }
    this.#connection.write(encodeFrame('CONNECT', headers))
    await answer
  }

  #onConnected(frame: StompFrame): void {
    const version = frame.header('version')
    if (this.#state !== 'connecting') {
      this.fail(new DriverError('protocol-error', `${this.#peer} sent a second CONNECTED frame`))
    } else if (version !== '1.2') {
      this.fail(new DriverError('wrong-protocol', `${this.#peer} speaks STOMP ${version ?? '1.0'}, not 1.2`))
    } else {
      this.#identity = identityOfServer(frame.header('server'))
      this.#state = 'open'
      this.connection.isText = this.sendsText
      this.connection.messagePerWrite = this.sendsText || this.#ask.messagePerWrite === true
      this.#heartBeat = HeartBeat.start(
        this.#endpoint.options,
        frame.header('heart-beat'),
        this.connection,
        (cause) => {
          this.fail(cause)
        },
      )
      this.#receipts.came('')
    }
  }

  #onReceipt(frame: StompFrame): void {
    const receipt = frame.numberOf(RECEIPT_ID)
    if (receipt >= 0) this.#owner.onReceipt(receipt)
    else this.#receipts.came(frame.header('receipt-id') ?? '')
  }

  #receiptOf(id: string, attempted: string, timeoutMs: number): Promise<void> {
    return this.#receipts.of(id, timeoutMs, () => {
      const cause = new DriverError('timeout', `${attempted}: no answer within ${Math.round(timeoutMs)} ms`)
      if (this.#state === 'connecting') this.fail(cause)
      return cause
    })
  }

  get #peer(): string {
    return this.connection.peer
  }

  /** Before CONNECTED, bytes that are not STOMP mean that something else listens there. */
  get #brokenCode(): 'wrong-protocol' | 'protocol-error' {
    return this.#state === 'connecting' ? 'wrong-protocol' : 'protocol-error'
  }

  #broken(error: StompProtocolError): DriverError {
    return new DriverError(this.#brokenCode, `${this.#peer} does not speak STOMP: ${error.message}`, { cause: error })
  }

  #isRefusal(frame: StompFrame): boolean {
    const receipt = this.#state === 'connecting' ? -1 : frame.numberOf(RECEIPT_ID)
    if (receipt < 0 || this.#owner.onRefused === undefined) return false
    const why = oneLine(this.#withoutName(frame.header('message') ?? '')).slice(0, REASON_LENGTH_MAX)
    return this.#owner.onRefused(receipt, why === '' ? 'ERROR' : why)
  }

  /** Brokers repeat the user's name in what they refuse, and names are credentials. */
  #withoutName(text: string): string {
    const name = this.#endpoint.username ?? ''
    return name === '' ? text : text.replaceAll(name, '…')
  }

  #errorOf(frame: StompFrame): DriverError {
    const words = `${frame.header('message') ?? ''} ${new TextDecoder().decode(frame.body().subarray(0, 1000))}`
    const text = this.#withoutName(words)
    const code = errorFrameCode(this.#state !== 'connecting', words)
    if (code === 'authentication') return new DriverError(code, `${this.#peer} refused the user name or password`)
    return new DriverError(code, `${this.#peer} answered with an ERROR frame: ${oneLine(text)}`)
  }
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 200)}…` : line
}
