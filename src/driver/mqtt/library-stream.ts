/** TCP, TLS and WebSocket for MQTT.js, made by ourselves: no Nagle delay, and a socket to count bytes on. */
import '../../transport/address-attempts.ts'
import { connect as connectTcp, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { createWebSocketStream, WebSocket } from 'ws'
import { DriverError } from '../driver-error.ts'
import { describeEndpoint, type Endpoint } from '../endpoint.ts'
import { tlsOptions } from '../../transport/tls-options.ts'

/** What MQTT.js reads and writes, and the socket under it: the same one, unless there is a WebSocket in between. */
export interface LibraryStream {
  readonly stream: Duplex
  readonly socket: Socket
}

/** Control packet types that a broker may send first: CONNACK and AUTH. */
const FIRST_PACKET_TYPES = [2, 15]

/** Largest WebSocket message that is sent. */
const FRAME_BYTES_MAX = 64 * 1024

/** Begins to connect. What goes wrong is told to `onFailure`, before the stream closes; the first telling is the reason. */
export function openLibraryStream(endpoint: Endpoint, onFailure: (error: Error) => void): LibraryStream {
  const socket = openSocket(endpoint)
  if (endpoint.transport !== 'ws' && endpoint.transport !== 'wss') {
    socket.once('data', (chunk: Buffer) => {
      if (FIRST_PACKET_TYPES.includes((chunk[0] ?? 0) >> 4)) return
      const sentence = `${describeEndpoint(endpoint)}: what answers there does not speak MQTT`
      // Told before the packet parser has its say about the same bytes.
      onFailure(new DriverError('wrong-protocol', sentence))
      socket.destroy()
    })
    socket.on('error', onFailure)
    return { stream: socket, socket }
  }
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  const webSocket = new WebSocket(`${endpoint.transport}://${host}:${endpoint.port}${endpoint.path}`, ['mqtt'], {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: 0,
  })
  const stream = createWebSocketStream(webSocket)
  splitWrites(webSocket, stream)
  stream.on('error', (error) => onFailure(webSocketFailure(endpoint, error)))
  webSocket.on('close', (code, reason) => {
    const failure = closeFailure(endpoint, code, reason.toString())
    if (failure !== null) onFailure(failure)
    stream.destroy()
  })
  return { stream, socket }
}

function openSocket(endpoint: Endpoint): Socket {
  const { host, port } = endpoint
  if (endpoint.transport === 'tcp' || endpoint.transport === 'ws') return connectTcp({ host, port, noDelay: true })
  try {
    return connectTls({ host, port, ...tlsOptions(endpoint) }).setNoDelay(true)
  } catch (error) {
    const sentence = `${describeEndpoint(endpoint)}: the CA, certificate or key is not usable PEM`
    throw new DriverError('authentication', sentence, { cause: error })
  }
}

/** MQTT over WebSocket is a stream of bytes: Artemis takes frames of at most 64 KiB and puts them together. */
function splitWrites(webSocket: WebSocket, stream: Duplex): void {
  const write = stream._write.bind(stream)
  stream._write = (chunk: Buffer, encoding, callback) => {
    let start = 0
    for (; chunk.length - start > FRAME_BYTES_MAX; start += FRAME_BYTES_MAX) {
      webSocket.send(chunk.subarray(start, start + FRAME_BYTES_MAX))
    }
    write(chunk.subarray(start), encoding, callback)
  }
}

/** `ws` reports a peer that answers the upgrade in any other way as an error without a system code. */
function webSocketFailure(endpoint: Endpoint, error: Error): Error {
  if ('code' in error && error.code !== undefined && error.code !== 'ECONNRESET') return error
  const heard = /Unexpected server response: (\d+)/.exec(error.message)?.[1]
  if (heard === undefined && !/Sec-WebSocket|upgrade|subprotocol/i.test(error.message)) return error
  const what = heard === undefined ? error.message : `it answered HTTP ${heard}`
  return new DriverError('wrong-protocol', `WebSocket to ${describeEndpoint(endpoint)}${endpoint.path}: ${what}`)
}

/** RabbitMQ answers a wrong password over WebSocket with a close reason and no CONNACK. 1000, 1005 and 1006 say nothing. */
function closeFailure(endpoint: Endpoint, code: number, reason: string): DriverError | null {
  if (code === 1000 || code === 1005 || code === 1006) return null
  const kind = /unauthenticated|not authori[sz]ed/i.test(reason) ? 'authentication' : 'closed'
  const sentence = `${describeEndpoint(endpoint)}: the peer closed the WebSocket with code ${code} ${reason}`
  return new DriverError(kind, sentence.trimEnd())
}
