import '../../transport/address-attempts.ts'
import { Socket } from 'node:net'
import { connect, type Channel, type ChannelModel } from 'amqplib'
import type { BrokerIdentity, ConnectOptions, WireCounters } from '../driver.ts'
import { before } from '../deadline.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { DriverError } from '../driver-error.ts'
import { connectOptions, loginsOf, socketOptions } from './connect-options.ts'
import { handshakeError, isNotOffered } from './handshake-error.ts'
import { sessionError } from './session-error.ts'

/** A broker that does not answer a close is left after this time. */
const CLOSE_TIMEOUT_MS = 5_000

/** One AMQP 0-9-1 connection by amqplib: opens in time, tells once when it is lost, closes in order. */
export class AmqplibConnection {
  readonly #model: ChannelModel
  readonly #deadline: AbortSignal
  readonly #attempted: string
  readonly #channels: Channel[] = []
  #state: 'open' | 'closing' | 'lost' = 'open'
  #brokerBlocks = false
  #closed: Promise<void> | null = null
  #onLost: (cause: DriverError) => void = () => undefined
  #lostBy: DriverError | null = null

  private constructor(model: ChannelModel, deadline: AbortSignal, attempted: string) {
    this.#model = model
    this.#deadline = deadline
    this.#attempted = attempted
    model.on('error', (error: unknown) => this.#lose(error))
    model.on('close', (error: unknown) => this.#lose(error ?? new Error('the broker closed the connection')))
    model.on('blocked', () => (this.#brokerBlocks = true))
    model.on('unblocked', () => (this.#brokerBlocks = false))
    model.on('handler-error', rethrow)
  }

  /** @throws DriverError */
  static async open(endpoint: Endpoint, options: ConnectOptions, name: string): Promise<AmqplibConnection> {
    const attempted = `AMQP 0-9-1 connection to ${describeEndpoint(endpoint)}`
    const deadline = AbortSignal.timeout(options.timeoutMs)
    const [first, ...others] = loginsOf(endpoint)
    let login = first
    for (;;) {
      const connecting = connect(connectOptions(endpoint), socketOptions(endpoint, login, name, options.timeoutMs))
      try {
        return new AmqplibConnection(await before(deadline, connecting, attempted), deadline, attempted)
      } catch (thrown) {
        // Too late for us, but not for the broker: a connection that comes up after all is closed again.
        connecting.then((model) => model.close()).catch(() => undefined)
        const next = others.shift()
        if (next === undefined || !isNotOffered(thrown)) throw handshakeError(thrown, attempted)
        login = next
      }
    }
  }

  get identity(): BrokerIdentity {
    const { product, version } = this.#model.connection.serverProperties as Partial<Record<string, unknown>>
    return {
      product: typeof product === 'string' ? product : null,
      version: typeof version === 'string' ? version : null,
    }
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Waits for an answer of the broker while opening, no longer than the connect time-out. @throws DriverError */
  async opening<T>(answer: Promise<T>, attempted: string): Promise<T> {
    try {
      return await before(this.#deadline, answer, attempted)
    } catch (thrown) {
      throw this.#explained(thrown, attempted)
    }
  }

  /** A channel whose end is the end of the connection, as nothing can go on without it. */
  async channel(kind: 'plain' | 'confirm', highWaterMark: number): Promise<Channel> {
    const channel = await this.opening(
      kind === 'confirm'
        ? this.#model.createConfirmChannel({ highWaterMark })
        : this.#model.createChannel({ highWaterMark }),
      `${this.#attempted}: opening a channel`,
    )
    this.#channels.push(channel)
    channel.on('error', (error: unknown) => this.#lose(error))
    channel.on('close', () => this.#lose(new Error('the broker closed the channel')))
    channel.on('handler-error', rethrow)
    return channel
  }

  /** A channel for one operation that may fail without harm to the connection. @throws DriverError */
  async once<T>(attempted: string, timeoutMs: number, work: (channel: Channel) => Promise<T>): Promise<T> {
    const operation = async (): Promise<T> => {
      const channel = await this.#model.createChannel()
      channel.on('error', () => undefined)
      const result = await work(channel)
      await channel.close()
      return result
    }
    try {
      return await before(AbortSignal.timeout(timeoutMs), operation(), attempted)
    } catch (thrown) {
      throw this.#explained(thrown, attempted)
    }
  }

  /** `listener` is called once if the connection ends without `close()`; at once when it has. */
  onLost(listener: (cause: DriverError) => void): void {
    this.#onLost = listener
    if (this.#lostBy !== null) listener(this.#lostBy)
  }

  onBrokerBlocked(blocked: () => void, unblocked: () => void): void {
    this.#model.on('blocked', blocked)
    this.#model.on('unblocked', unblocked)
  }

  /** amqplib hides how often it writes, and shows its socket only in a property that is not part of its interface. */
  counters(): WireCounters {
    const socket = this.#socket()
    return {
      writes: null,
      bytesWritten: socket?.bytesWritten ?? null,
      bytesRead: socket?.bytesRead ?? null,
    }
  }

  /** Ends the connection as lost, with a cause that the broker did not give by closing it (a cancelled consumer). */
  fail(cause: DriverError): void {
    this.#lose(cause)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#state === 'lost') return
    this.#state = 'closing'
    const inOrder = async (): Promise<void> => {
      // The channel first: the connection's own frames overtake what still waits in the channel's buffer. A broker that
      // blocks us reads nothing, so there is no order to keep.
      if (!this.#brokerBlocks) for (const channel of this.#channels) await channel.close()
      await this.#model.close()
    }
    await before(AbortSignal.timeout(CLOSE_TIMEOUT_MS), inOrder(), 'closing').catch(() => undefined)
    this.#socket()?.destroySoon()
  }

  #lose(error: unknown): void {
    if (this.#state !== 'open') return
    this.#state = 'lost'
    this.#lostBy = sessionError(error, this.#attempted)
    this.#onLost(this.#lostBy)
    // A dead channel leaves the connection standing.
    this.#model.close().catch(() => this.#socket()?.destroy())
  }

  /** An answer with the broker's own code says most; without one the loss of the connection is the reason. */
  #explained(thrown: unknown, attempted: string): DriverError {
    const hasCode = thrown instanceof Error && 'code' in thrown && thrown.code !== undefined
    return sessionError(hasCode ? thrown : (this.#lostBy ?? thrown), attempted)
  }

  #socket(): Socket | null {
    const stream: unknown = Reflect.get(this.#model.connection, 'stream')
    return stream instanceof Socket ? stream : null
  }
}

/** An exception in a callback is a bug of the callback: amqplib would turn it into a protocol error of the channel. */
function rethrow(error: unknown): never {
  throw error
}
