import type { Socket } from 'node:net'
import rhea, { type Connection, type EventContext, type Session, type link } from 'rhea'
import { before } from '../deadline.ts'
import { DriverError, toDriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions, WireCounters } from '../driver.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import type { Terminus } from './address.ts'
import { amqpError, peerErrorOf } from './amqp-error.ts'
import { identityOf } from './broker-kind.ts'
import { NO_MECHANISM, saslLogins, type SaslMechanisms } from './sasl.ts'
import { openSocket } from './socket.ts'

/** A broker that does not answer a close is left after this time. */
const CLOSE_TIMEOUT_MS = 5_000

/** Largest number of deliveries that may be unsettled; rhea throws beyond it. */
export interface DeliveryBuffers {
  readonly incoming: number
  readonly outgoing: number
}

/** Smallest buffers: rhea's own default. */
export const DELIVERIES_MIN = 2048

const container = rhea.create_container({ id: 'brokermark' })

/** One AMQP 1.0 connection by rhea, without its reconnecting: opens in time, tells once when it is lost, closes in order. */
export class RheaConnection {
  readonly socket: Socket
  readonly #connection: Connection
  #session: Session | null = null
  readonly #deadline: AbortSignal
  readonly #attempted: string
  readonly #username: string | null
  /** What is being waited for, for the sentence if it fails. */
  #doing: string
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  #onOpen: () => void = () => undefined
  /** Who is told of the next failure: whoever waits for an answer, else the owner of the connection. */
  #onFailure: ((cause: DriverError) => void) | null = null
  #onLost: (cause: DriverError) => void = () => undefined
  #onClosed: () => void = () => undefined
  #lostBy: DriverError | null = null
  #closed: Promise<void> | null = null

  private constructor(
    endpoint: Endpoint,
    deadline: AbortSignal,
    containerId: string,
    buffers: DeliveryBuffers,
    mechanisms: SaslMechanisms,
  ) {
    this.#attempted = `AMQP 1.0 connection to ${describeEndpoint(endpoint)}`
    this.#username = endpoint.username
    this.#doing = this.#attempted
    this.#deadline = deadline
    const opened: { socket?: Socket } = {}
    const { vhost } = endpoint.options
    const rheaOptions = {
      host: endpoint.host,
      port: endpoint.port,
      container_id: containerId,
      reconnect: false,
      session_buffer_size: buffers,
      sasl_mechanisms: mechanisms,
      // RabbitMQ's spelling; no other broker here has virtual hosts.
      ...(vhost === undefined ? {} : { hostname: `vhost:${vhost}` }),
      connection_details: () => ({
        host: endpoint.host,
        port: endpoint.port,
        connect: (_port: number, _host: string, _options: unknown, connected: () => void) =>
          (opened.socket = openSocket(endpoint, connected)),
      }),
    }
    this.#connection = container.create_connection(rheaOptions)
    this.#watch()
    this.#connection.connect()
    if (opened.socket === undefined) throw new Error('rhea did not open a socket')
    this.socket = opened.socket
    this.socket.on('close', () => this.#ended())
  }

  /** @throws DriverError */
  static async open(
    endpoint: Endpoint,
    options: ConnectOptions,
    containerId: string,
    buffers: DeliveryBuffers,
  ): Promise<RheaConnection> {
    const deadline = AbortSignal.timeout(options.timeoutMs)
    const [first, ...others] = saslLogins(endpoint)
    let login = first
    for (;;) {
      const connection = new RheaConnection(endpoint, deadline, containerId, buffers, login)
      try {
        const opened = new Promise<void>((resolve) => (connection.#onOpen = resolve))
        await connection.opening(opened, connection.#attempted)
        return connection
      } catch (thrown) {
        connection.#discard()
        const next = others.shift()
        if (next === undefined || !String(thrown).includes(NO_MECHANISM)) throw thrown
        login = next
      }
    }
  }

  get identity(): BrokerIdentity {
    return identityOf(this.#connection.properties)
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Waits for an answer of the broker while opening, no longer than the connect time-out. @throws DriverError */
  async opening<T>(answer: Promise<T>, attempted: string, deadline = this.#deadline): Promise<T> {
    if (this.#lostBy !== null) throw this.#lostBy
    const failed = new Promise<never>((_, reject) => (this.#onFailure = reject))
    this.#doing = attempted
    try {
      return await before(deadline, Promise.race([answer, failed]), attempted)
    } finally {
      this.#onFailure = null
      this.#doing = this.#attempted
    }
  }

  /** Attaches a link to the first terminus that the broker accepts. @throws DriverError of the last that it refused. */
  async attach<Link extends link>(
    termini: readonly Terminus[],
    attempted: string,
    deadline: AbortSignal | undefined,
    open: (connection: Connection, terminus: Terminus) => Link,
  ): Promise<Link> {
    let refusal: unknown = new DriverError('unsupported', `${attempted}: no address`)
    for (const terminus of termini) {
      try {
        const opened = open(this.#connection, terminus)
        await this.opening(attached(opened), attempted, deadline)
        return opened
      } catch (thrown) {
        refusal = thrown
        if (!(thrown instanceof DriverError) || thrown.code !== 'not-permitted' || !this.isOpen) break
      }
    }
    throw refusal
  }

  /** `listener` is called once if the connection ends without `close()`; at once when it has. */
  onLost(listener: (cause: DriverError) => void): void {
    this.#onLost = listener
    if (this.#lostBy !== null) listener(this.#lostBy)
  }

  /** rhea writes every frame by itself, but it does not count; bytes are the socket's. */
  counters(): WireCounters {
    return { writes: null, bytesWritten: this.socket.bytesWritten, bytesRead: this.socket.bytesRead }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    const deadline = AbortSignal.timeout(CLOSE_TIMEOUT_MS)
    // The session first, whose end is answered only after everything in it is done: RabbitMQ's plugin ends the session of
    // a connection that it is told to close, with all that it has not read yet, and ActiveMQ closes the connection before
    // it puts back what its consumers held, or forgets its client.
    if (this.#session?.is_open() === true) await this.#ends(this.#session, deadline)
    await this.#ends(this.#connection, deadline)
    this.#discard()
  }

  async #ends(what: Session | Connection, deadline: AbortSignal): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#onClosed = resolve))
    what.close()
    await before(deadline, ended, 'closing').catch(() => undefined)
  }

  #watch(): void {
    const connection = this.#connection
    connection.on('session_open', ({ session }: EventContext) => (this.#session = session ?? null))
    connection.on('connection_open', () => {
      if (this.#state === 'opening') this.#state = 'open'
      this.#onOpen()
    })
    // Both follow each other where the broker gives a reason; the first one counts.
    for (const event of ['connection_error', 'connection_close']) {
      connection.on(event, ({ error }: EventContext) => this.#end(this.#peerError(error ?? connection.error)))
    }
    connection.on('disconnected', ({ error }: EventContext) => this.#end(this.#disconnected(error)))
    connection.on('protocol_error', (error: unknown) => this.#end(this.#protocolError(error)))
    connection.on('error', (error: unknown) => this.#end(this.#protocolError(error)))
    for (const event of ['session_error', 'session_close']) {
      connection.on(event, ({ session }: EventContext) => this.#refused(session?.error))
    }
    for (const event of ['sender_error', 'sender_close', 'receiver_error', 'receiver_close']) {
      connection.on(event, ({ sender, receiver }: EventContext) => this.#refused((sender ?? receiver)?.error))
    }
  }

  /** A link or session ended: the end of an attempt to attach, or of everything, as nothing can go on without it. */
  #refused(error: unknown): void {
    const cause = amqpError(peerErrorOf(error), this.#doing, 'connected', this.#username)
    if (this.#onFailure !== null) this.#onFailure(cause)
    else this.#end(cause)
  }

  #end(cause: DriverError): void {
    if (this.#state === 'closing' || this.#state === 'closed') {
      this.#onClosed()
      return
    }
    this.#state = 'closed'
    this.#lostBy = cause
    if (this.#onFailure !== null) this.#onFailure(cause)
    else this.#onLost(cause)
    this.#discard()
  }

  #ended(): void {
    this.#end(new DriverError('closed', `${this.#attempted}: the connection ended`))
  }

  /** With an error, because rhea stops its timers only when the socket reports one. */
  #discard(): void {
    this.#state = 'closed'
    this.socket.destroy(new Error('discarded'))
  }

  #peerError(error: unknown): DriverError {
    const stage = this.#state === 'opening' ? 'connecting' : 'connected'
    return amqpError(peerErrorOf(error), this.#attempted, stage, this.#username)
  }

  #disconnected(error: unknown): DriverError {
    if (error instanceof Error) return toDriverError(error, this.#attempted)
    return this.#state === 'opening' && this.socket.bytesRead === 0
      ? new DriverError(
          'wrong-protocol',
          `${this.#attempted}: the peer hung up instead of answering: no AMQP 1.0 there, or one connection too many?`,
        )
      : new DriverError('closed', `${this.#attempted}: the broker closed the connection`)
  }

  #protocolError(error: unknown): DriverError {
    const text = error instanceof Error ? error.message : String(error)
    return this.#state === 'opening'
      ? new DriverError('wrong-protocol', `${this.#attempted}: what answers does not speak AMQP 1.0 (${text})`)
      : new DriverError('protocol-error', `${this.#attempted}: ${text}`, { cause: error })
  }
}

/** Resolves when the peer has attached the link for good: a refused one comes without a terminus, and a detach follows. */
function attached(opened: link): Promise<void> {
  return new Promise((resolve) => {
    const event = opened.is_receiver() ? 'receiver_open' : 'sender_open'
    opened.once(event, () => {
      const terminus: unknown = opened.is_receiver() ? opened.source : opened.target
      if (terminus !== null && terminus !== undefined) resolve()
    })
  })
}
