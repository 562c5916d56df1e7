import { Client, Versions, type IFrame } from '@stomp/stompjs'
import type { Transport } from '../capabilities.ts'
import { connectError, streamError } from '../../transport/connect-error.ts'
import { DriverError, toDriverError, type DriverErrorCode } from '../driver-error.ts'
import type { BrokerIdentity, ConnectOptions, WireCounters } from '../driver.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { connectHeaders, dialectOf, errorFrameCode, identityOfServer, type StompDialect } from './broker-dialect.ts'
import { heartBeatMsOf } from './heart-beat-interval.ts'
import { libraryHeaders } from './library-headers.ts'
import { openLibrarySocket, type LibrarySocket } from './library-socket.ts'

/** How long an orderly DISCONNECT may take before the socket is closed without it. */
const CLOSE_DEADLINE_MS = 5000

/** One STOMP connection by @stomp/stompjs, without reconnects. */
export class LibraryConnection {
  readonly client: Client
  readonly identity: BrokerIdentity
  readonly dialect: StompDialect
  readonly transport: Transport
  readonly #socket: LibrarySocket
  readonly #watch: ConnectionWatch
  #closed: Promise<void> | null = null

  constructor(
    client: Client,
    identity: BrokerIdentity,
    transport: Transport,
    socket: LibrarySocket,
    watch: ConnectionWatch,
  ) {
    this.client = client
    this.identity = identity
    this.dialect = dialectOf(identity)
    this.transport = transport
    this.#socket = socket
    this.#watch = watch
  }

  get isOpen(): boolean {
    return this.#watch.cause === null && this.#closed === null
  }

  /** Bytes that the library has written and the operating system has not taken. */
  get bufferedBytes(): number {
    return this.#socket.stream.writableLength
  }

  onDrain(listener: () => void): void {
    this.#socket.stream.on('drain', listener)
  }

  /** Calls `listener` once when the connection ends without `close()`; at once if it has. */
  onLost(listener: (cause: DriverError) => void): void {
    this.#watch.onLost = (cause) => {
      if (this.#closed === null) listener(cause)
    }
    if (this.#watch.cause !== null) this.#watch.onLost(this.#watch.cause)
  }

  /** Receives every ERROR frame after CONNECTED; true: it was about one frame, the connection may go on. */
  onErrorFrame(listener: (frame: IFrame) => boolean): void {
    this.#watch.onErrorFrame = listener
  }

  /** The library does not say how it groups writes, so those stay unknown. */
  counters(): WireCounters {
    const { bytesWritten, bytesRead } = this.#socket.stream
    return { writes: null, bytesWritten, bytesRead }
  }

  /** Resolves when the broker has answered the frame that carries `receipt`. Rejects with what ended the connection. */
  receipt(receipt: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#watch.onLost = reject
      this.client.watchForReceipt(receipt, () => {
        this.#watch.onLost = null
        resolve()
      })
    })
  }

  /** DISCONNECT with receipt, then the socket; without the receipt after a deadline. Never rejects. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    if (this.#watch.cause !== null) return
    const expiry = setTimeout(() => this.#socket.stream.destroy(), CLOSE_DEADLINE_MS)
    // A connection that breaks while it is being closed is closed all the same.
    await this.client.deactivate().catch(() => undefined)
    clearTimeout(expiry)
    this.#socket.stream.destroy()
  }
}

/** What the connection's callbacks know: shared between the handshake and the life after it. */
interface ConnectionWatch {
  /** First thing that went wrong; null as long as nothing did. */
  failure: DriverError | null
  /** Why the connection is gone; null while it stands. */
  cause: DriverError | null
  onLost: ((cause: DriverError) => void) | null
  onErrorFrame: ((frame: IFrame) => boolean) | null
}

/** Connects and waits for CONNECTED. @param clientId for a durable subscription; null: none. @throws DriverError */
export async function connectLibrary(
  endpoint: Endpoint,
  options: ConnectOptions,
  clientId: string | null = null,
): Promise<LibraryConnection> {
  const peer = describeEndpoint(endpoint)
  const attempted = `STOMP to ${peer}`
  let isConnected = false
  const watch: ConnectionWatch = { failure: null, cause: null, onLost: null, onErrorFrame: null }
  const fail = (error: Error): void => {
    watch.failure ??= isConnected
      ? toDriverError(streamError(error, peer), attempted)
      : connectError(error, peer, endpoint.tls !== null)
  }
  const socket = openLibrarySocket(endpoint, fail)
  const client = clientOver(socket, endpoint, clientId)
  const frame = await new Promise<IFrame>((resolve, reject) => {
    const expiry = setTimeout(() => {
      fail(new DriverError('timeout', `${attempted}: no answer within ${options.timeoutMs} ms`))
      socket.stream.destroy()
    }, options.timeoutMs)
    watch.onLost = reject
    let beats: NodeJS.Timeout | undefined
    client.onWebSocketClose = (event: CloseDetail) => {
      clearTimeout(expiry)
      clearInterval(beats)
      watch.cause = watch.failure ?? new DriverError('closed', `${attempted}: ${closedSentence(isConnected, event)}`)
      const { onLost } = watch
      watch.onLost = null
      onLost?.(watch.cause)
    }
    client.onStompError = (error) => {
      if (watch.onErrorFrame?.(error) === true) return
      fail(errorFrameError(error, client.connected, endpoint, attempted))
      socket.stream.destroy()
    }
    client.onConnect = (connected) => {
      isConnected = true
      clearTimeout(expiry)
      beats = startExtraBeats(client, connected, socket)
      watch.onLost = null
      resolve(connected)
    }
    client.activate()
  })
  return new LibraryConnection(client, identityOfServer(frame.headers['server']), endpoint.transport, socket, watch)
}

function clientOver(socket: LibrarySocket, endpoint: Endpoint, clientId: string | null): Client {
  const client = new Client()
  client.webSocketFactory = () => socket.webSocket
  client.connectHeaders = libraryHeaders(
    connectHeaders(endpoint.options, endpoint.username, endpoint.password, clientId),
  )
  client.stompVersions = new Versions([Versions.V1_2])
  client.reconnectDelay = 0
  client.heartbeatIncoming = heartBeatMsOf(endpoint.options)
  client.heartbeatOutgoing = client.heartbeatIncoming
  return client
}

/**
 * Beats between those of the library, which come at the very interval that it promises, while ActiveMQ ends a connection on
 * which nothing came in one such interval. None where the broker wants none.
 */
function startExtraBeats(client: Client, connected: IFrame, socket: LibrarySocket): NodeJS.Timeout | undefined {
  const wantedByBrokerMs = Number(connected.headers['heart-beat']?.split(',')[1] ?? 0)
  if (client.heartbeatOutgoing === 0 || !(wantedByBrokerMs > 0)) return undefined
  const everyMs = Math.max(client.heartbeatOutgoing, wantedByBrokerMs) / 2
  return setInterval(() => {
    socket.webSocket.send('\n')
  }, everyMs).unref()
}

/** First words of an ERROR frame, without the password should the broker repeat it. */
export function errorFrameText(frame: IFrame, password: string | null): string {
  const heading = frame.headers['message'] ?? ''
  const detail = frame.body.split(/[\r\n]/, 1)[0] ?? ''
  const text = detail === '' || heading.includes(detail) ? heading : `${heading} (${detail})`
  const short = text.trim().slice(0, 300)
  return password === null || password === '' ? short : short.replaceAll(password, '***')
}

function errorFrameError(frame: IFrame, connected: boolean, endpoint: Endpoint, attempted: string): DriverError {
  const text = errorFrameText(frame, endpoint.password)
  const code: DriverErrorCode = errorFrameCode(connected, text)
  return new DriverError(code, `${attempted}: the broker answered "${text}"`)
}

/** The part of a WebSocket's close event that says why. */
interface CloseDetail {
  readonly code?: number
  readonly reason?: string
}

/** 1005 and 1006 mean that no reason was given. */
function closedSentence(wasConnected: boolean, { code = 1006, reason = '' }: CloseDetail): string {
  if (code !== 1005 && code !== 1006) return `the peer closed the WebSocket with code ${code} ${reason}`.trimEnd()
  return wasConnected ? 'the connection was lost' : 'the peer hung up without an answer'
}
