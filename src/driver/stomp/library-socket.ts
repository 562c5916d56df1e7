/**
 * The three ways in which @stomp/stompjs gets its bytes here: a TCP or TLS socket behind the few WebSocket members that
 * the library asks for, or a WebSocket of `ws`. In all of them the socket below is ours, for back-pressure and counters.
 */
import '../../transport/address-attempts.ts'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { StompSocketState, type IStompSocket } from '@stomp/stompjs'
import { WebSocket } from 'ws'
import { DriverError } from '../driver-error.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { tlsOptions } from '../../transport/tls-options.ts'

/** What the library talks to, and the socket under it. */
export interface LibrarySocket {
  readonly webSocket: IStompSocket
  readonly stream: Socket
}

/** Largest WebSocket message that is taken: the largest body plus headers, with room. */
const WEB_SOCKET_MESSAGE_BYTES_MAX = 256 * 1024 * 1024

/** Largest binary WebSocket message that is sent; a longer STOMP frame goes out as several. */
const WEB_SOCKET_FRAME_BYTES = 64 * 1024

/** First bytes that a STOMP server may send: CONNECTED, ERROR, an end of line. */
const FIRST_BYTES = new Set(['C', 'E', '\n', '\r'].map((text) => text.charCodeAt(0)))

/** Begins to connect. Failures are reported to `onFailure`, once, before the library's `onclose`. */
export function openLibrarySocket(endpoint: Endpoint, onFailure: (error: Error) => void): LibrarySocket {
  const stream = openStream(endpoint)
  stream.on('error', onFailure)
  if (endpoint.transport !== 'ws' && endpoint.transport !== 'wss') {
    return { webSocket: new SocketAsWebSocket(endpoint, stream), stream }
  }
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  const url = `${endpoint.transport}://${host}:${endpoint.port}${endpoint.path}`
  const webSocket = new WebSocket(url, ['v12.stomp'], {
    createConnection: () => stream,
    perMessageDeflate: false,
    // RabbitMQ sends text frames whatever the body is.
    skipUTF8Validation: true,
    maxPayload: WEB_SOCKET_MESSAGE_BYTES_MAX,
  })
  webSocket.on('error', (error) => onFailure(webSocketFailure(endpoint, error)))
  return { webSocket: new WebSocketAsIs(webSocket), stream }
}

function openStream(endpoint: Endpoint): Socket {
  const { host, port } = endpoint
  if (endpoint.transport === 'tcp' || endpoint.transport === 'ws') return connectTcp({ host, port, noDelay: true })
  try {
    return connectTls({ host, port, ...tlsOptions(endpoint) }).setNoDelay(true)
  } catch (error) {
    const sentence = `${describeEndpoint(endpoint)}: the CA, certificate or key is not usable PEM`
    throw new DriverError('authentication', sentence, { cause: error })
  }
}

/** The same peer over a WebSocket: frames arrive as bytes even where the broker sends them as text. */
class WebSocketAsIs implements IStompSocket {
  readonly url: string
  onopen: IStompSocket['onopen'] = null
  onmessage: IStompSocket['onmessage'] = null
  onclose: IStompSocket['onclose'] = null
  onerror: IStompSocket['onerror'] = null
  readonly #webSocket: WebSocket

  constructor(webSocket: WebSocket) {
    this.url = webSocket.url
    this.#webSocket = webSocket
    webSocket.binaryType = 'nodebuffer'
    webSocket.on('open', () => {
      this.onopen?.()
    })
    // The library's own listener would get text frames as strings, and a body that is not UTF-8 would be lost.
    webSocket.on('message', (message) => {
      this.onmessage?.({ data: message })
    })
    webSocket.on('error', (error) => {
      this.onerror?.(error)
    })
    webSocket.on('close', (code, reason) => {
      this.onclose?.({ code, reason: reason.toString(), wasClean: code === 1000 })
    })
  }

  get readyState(): number {
    return this.#webSocket.readyState
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) throw new TypeError('a frame is a string or bytes')
    if (typeof data === 'string' || data.byteLength <= WEB_SOCKET_FRAME_BYTES) {
      this.#webSocket.send(data)
      return
    }
    // STOMP over WebSocket is a stream of bytes: Artemis takes frames of at most 64 KiB and puts them together.
    for (let start = 0; start < data.byteLength; start += WEB_SOCKET_FRAME_BYTES) {
      this.#webSocket.send(data.slice(start, start + WEB_SOCKET_FRAME_BYTES))
    }
  }

  close(): void {
    this.#webSocket.close()
  }

  terminate(): void {
    this.#webSocket.terminate()
  }
}

/** `ws` reports a peer that answers the upgrade in any other way as an error without a system code. */
function webSocketFailure(endpoint: Endpoint, error: Error): Error {
  if ('code' in error && error.code !== undefined) return error
  const heard = /Unexpected server response: (\d+)/.exec(error.message)?.[1]
  if (heard === undefined && !/Sec-WebSocket|upgrade|subprotocol|socket hang up/i.test(error.message)) return error
  const what = heard === undefined ? error.message : `it answered HTTP ${heard}`
  return new DriverError('wrong-protocol', `WebSocket to ${describeEndpoint(endpoint)}${endpoint.path}: ${what}`)
}

/** TCP or TLS in the shape of a WebSocket, one write per frame as the library makes it. */
class SocketAsWebSocket implements IStompSocket {
  readonly url: string
  onopen: IStompSocket['onopen'] = null
  onmessage: IStompSocket['onmessage'] = null
  onclose: IStompSocket['onclose'] = null
  onerror: IStompSocket['onerror'] = null
  readyState: number = StompSocketState.CONNECTING
  readonly #stream: Socket
  #isFirstChunk = true

  constructor(endpoint: Endpoint, stream: Socket) {
    this.url = describeEndpoint(endpoint)
    this.#stream = stream
    stream.once(endpoint.transport === 'tls' ? 'secureConnect' : 'connect', () => {
      this.readyState = StompSocketState.OPEN
      this.onopen?.()
    })
    stream.on('data', (chunk) => this.#receive(chunk))
    stream.once('error', (error) => {
      this.onerror?.(error)
    })
    stream.once('close', () => {
      this.readyState = StompSocketState.CLOSED
      this.onclose?.({ code: 1006, reason: '', wasClean: false })
    })
  }

  send(data: string | ArrayBufferLike | Blob | ArrayBufferView): void {
    if (typeof data === 'string') this.#stream.write(data)
    else if (data instanceof ArrayBuffer) this.#stream.write(new Uint8Array(data))
    else throw new TypeError('a frame is a string or an ArrayBuffer')
  }

  close(): void {
    this.readyState = StompSocketState.CLOSING
    this.#stream.destroySoon()
  }

  terminate(): void {
    this.#stream.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#isFirstChunk) {
      this.#isFirstChunk = false
      if (!FIRST_BYTES.has(chunk[0] ?? 0)) {
        this.#stream.destroy(new DriverError('wrong-protocol', `${this.url}: what answers there does not speak STOMP`))
        return
      }
    }
    this.onmessage?.({ data: chunk })
  }
}
