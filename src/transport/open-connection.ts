import './address-attempts.ts'
import { DriverError } from '../driver/driver-error.ts'
import { describeEndpoint } from '../driver/endpoint.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import type { Connection, ConnectionEvents } from './connection.ts'
import { openSocket } from './open-socket.ts'
import { openWebSocket } from './open-web-socket.ts'

export interface OpenOptions {
  /** Covers name look-up, TCP, TLS and the WebSocket handshake together. */
  readonly timeoutMs: number
  /** Subprotocols to offer, best first (`v12.stomp`, `mqtt`); only looked at for WebSocket. */
  readonly webSocketProtocols: readonly string[]
  /** WebSocket messages are sent as text; only looked at for WebSocket. Default binary. */
  readonly webSocketText?: boolean
  /** Every `commit` leaves as a write of its own instead of with the others of the turn. Default false. */
  readonly messagePerWrite?: boolean
}

/** What the transports need to know to open a stream. */
export interface Opening {
  readonly endpoint: Endpoint
  readonly peer: string
  readonly options: OpenOptions
  readonly events: ConnectionEvents
  /** Aborted on expiry: the attempt must be given up. */
  readonly signal: AbortSignal
}

/**
 * Connects to an endpoint by its transport.
 * @throws DriverError refused, unreachable, timeout, untrusted-certificate, authentication (client certificate),
 *   wrong-protocol (no TLS there, no WebSocket there), resource-limit
 */
export async function openConnection(
  endpoint: Endpoint,
  options: OpenOptions,
  events: ConnectionEvents,
): Promise<Connection> {
  const peer = describeEndpoint(endpoint)
  const expiry = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DriverError('timeout', `${peer} did not accept a connection within ${options.timeoutMs} ms`))
      expiry.abort()
    }, options.timeoutMs)
  })
  try {
    const opening: Opening = { endpoint, peer, options, events, signal: expiry.signal }
    return await Promise.race([open(opening), expired])
  } finally {
    clearTimeout(timer)
  }
}

async function open(opening: Opening): Promise<Connection> {
  switch (opening.endpoint.transport) {
    case 'tcp':
    case 'tls':
      return openSocket(opening)
    case 'ws':
    case 'wss':
      return openWebSocket(opening)
    case 'memory':
      throw new DriverError('unsupported', `${opening.peer}: there is no byte stream in memory`)
  }
}
