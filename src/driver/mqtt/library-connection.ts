import { MqttClient, type IClientOptions, type IConnackPacket, type IPublishPacket } from 'mqtt'
import { DriverError } from '../driver-error.ts'
import type { ConnectOptions, WireCounters } from '../driver.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { hungUp, lost, timeoutSentence } from './connection-failure.ts'
import { asDriverError, messageOf } from './library-failure.ts'
import { openLibraryStream, type LibraryStream } from './library-stream.ts'
import { disconnectError } from './refusal.ts'
import { FLUSH_FILTER, keepAliveSecondsOf, versionOf, type MqttSession, type MqttVersion, type Qos } from './session.ts'

/** How long an orderly DISCONNECT may take before the socket is closed without it. */
const CLOSE_DEADLINE_MS = 5000

/** What a consumer does with PUBLISH; `next` lets the library go on, and with `true` acknowledge. */
export type OnPublish = (packet: IPublishPacket, next: (acknowledges: boolean) => void) => void

/** One MQTT connection by MQTT.js, without reconnects and offline queue. */
export class LibraryConnection {
  readonly client: MqttClient
  readonly version: MqttVersion
  readonly connack: IConnackPacket
  readonly #stream: LibraryStream
  readonly #watch: ConnectionWatch
  #closed: Promise<void> | null = null

  constructor(
    client: MqttClient,
    version: MqttVersion,
    connack: IConnackPacket,
    stream: LibraryStream,
    watch: ConnectionWatch,
  ) {
    this.client = client
    this.version = version
    this.connack = connack
    this.#stream = stream
    this.#watch = watch
  }

  get isOpen(): boolean {
    return this.#watch.cause === null && this.#closed === null
  }

  /** Bytes that the library has written and the operating system has not taken. */
  get bufferedBytes(): number {
    return this.#stream.stream.writableLength
  }

  onDrain(listener: () => void): void {
    this.#stream.stream.on('drain', listener)
  }

  /** Calls `listener` once when the connection ends without `close()`; at once if it has. */
  onLost(listener: (cause: DriverError) => void): void {
    this.#watch.onLost = (cause) => {
      if (this.#closed === null) listener(cause)
    }
    if (this.#watch.cause !== null) this.#watch.onLost(this.#watch.cause)
  }

  /** The library does not say how it groups writes, so those stay unknown. */
  counters(): WireCounters {
    const { bytesWritten, bytesRead } = this.#stream.socket
    return { writes: null, bytesWritten, bytesRead }
  }

  /** Resolves with the broker's SUBACK. @throws DriverError */
  async subscribe(filter: string, qos: Qos): Promise<void> {
    try {
      await this.client.subscribeAsync(filter, { qos })
    } catch (error) {
      if (this.#watch.cause !== null) throw this.#watch.cause
      throw new DriverError('not-permitted', `subscribing to ${filter}: ${messageOf(error)}`, { cause: error })
    }
  }

  /** PUBACK for a QoS 1 message that `next(false)` left unacknowledged. */
  acknowledge(packetId: number): void {
    // MQTT.js has no public way to acknowledge later; its own handler for QoS 1 ends in this very call.
    const sender = this.client as unknown as { _sendPacket(packet: { cmd: 'puback'; messageId: number }): void }
    sender._sendPacket({ cmd: 'puback', messageId: packetId })
  }

  /** Resolves when the broker has done all that was sent (see FLUSH_FILTER), or when it is too late. */
  flush(): Promise<void> {
    if (!this.isOpen) return Promise.resolve()
    return new Promise((resolve) => {
      const expiry = setTimeout(resolve, CLOSE_DEADLINE_MS)
      const finish = (): void => {
        clearTimeout(expiry)
        resolve()
      }
      this.#watch.onLost = finish
      this.client.unsubscribe(FLUSH_FILTER, finish)
    })
  }

  /** DISCONNECT, then the socket; without waiting for the broker's end after a deadline. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#watch.cause !== null) return
    const expiry = setTimeout(() => this.#stream.socket.destroy(), CLOSE_DEADLINE_MS)
    const ended = new Promise<void>((resolve) => {
      // Told by the stream as well: the library never ends where it waits for answers and the connection breaks.
      this.client.once('close', resolve)
      const isOwedAnswers = Object.keys(this.client.outgoing).length > 0
      this.client.end(isOwedAnswers, () => resolve())
    })
    await ended
    clearTimeout(expiry)
    this.#stream.socket.destroy()
  }
}

/** What the connection's callbacks know: shared between the handshake and the life after it. */
interface ConnectionWatch {
  /** First thing that went wrong; null as long as nothing did. */
  failure: DriverError | null
  /** Why the connection is gone; null while it stands. */
  cause: DriverError | null
  onLost: ((cause: DriverError) => void) | null
}

/** Told to `handleMessage`'s callback it makes MQTT.js go on without sending PUBACK: that is ours to send, later. */
const NOT_YET_ACKNOWLEDGED = new Error('acknowledged later')

/** Connects and waits for CONNACK. A broker that kept the session may publish before that. @throws DriverError */
export async function connectLibrary(
  endpoint: Endpoint,
  options: ConnectOptions,
  session: MqttSession,
  onPublish: OnPublish | null = null,
): Promise<LibraryConnection> {
  const version = versionOf(endpoint.options)
  const attempted = `MQTT ${version} to ${describeEndpoint(endpoint)}`
  const watch: ConnectionWatch = { failure: null, cause: null, onLost: null }
  const fail = (error: unknown): void => {
    watch.failure ??= asDriverError(error, endpoint, attempted, connack !== null)
  }
  let connack: IConnackPacket | null = null
  const stream = openLibraryStream(endpoint, fail)
  const client = new MqttClient(() => stream.stream, clientOptions(endpoint, version, session))
  if (onPublish !== null) {
    client.handleMessage = (packet, done) =>
      onPublish(packet, (acknowledges) => done(acknowledges ? undefined : NOT_YET_ACKNOWLEDGED))
  }
  client.on('error', (error) => {
    fail(error)
    // The library reports bytes that are no MQTT and stays connected.
    stream.socket.destroy()
  })
  client.on('disconnect', (packet) => fail(disconnectError(packet.reasonCode ?? 0, attempted)))
  const expiry = setTimeout(() => {
    fail(new DriverError('timeout', timeoutSentence(attempted, options.timeoutMs, version)))
    stream.socket.destroy()
    stream.stream.destroy()
  }, options.timeoutMs)
  client.on('close', () => {
    watch.cause = connack === null ? hungUp(watch.failure, attempted, version) : (watch.failure ?? lost(attempted))
    const { onLost } = watch
    watch.onLost = null
    onLost?.(watch.cause)
  })
  try {
    connack = await answer(client, watch)
    return new LibraryConnection(client, version, connack, stream, watch)
  } finally {
    clearTimeout(expiry)
  }
}

/** Resolves with CONNACK, rejects with what came instead. */
function answer(client: MqttClient, watch: ConnectionWatch): Promise<IConnackPacket> {
  return new Promise((resolve, reject) => {
    watch.onLost = reject
    client.on('connect', (packet) => {
      watch.onLost = null
      resolve(packet)
    })
  })
}

function clientOptions(endpoint: Endpoint, version: MqttVersion, session: MqttSession): IClientOptions {
  const { clientId, clean, receiveMaximum, expirySeconds } = session
  return {
    protocolVersion: version === '5' ? 5 : 4,
    clientId,
    clean,
    keepalive: keepAliveSecondsOf(endpoint.options),
    // Else every packet would set a timer anew, and one that only receives would never ping.
    reschedulePings: false,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: 2 ** 31 - 1,
    ...(endpoint.username === null ? {} : { username: endpoint.username }),
    ...(endpoint.password === null ? {} : { password: endpoint.password }),
    ...(version === '5'
      ? { properties: { sessionExpiryInterval: expirySeconds, ...(receiveMaximum === null ? {} : { receiveMaximum }) } }
      : {}),
  }
}
