import { WebSocket } from 'ws'
import { DriverError } from '../driver/driver-error.ts'
import { connectError } from './connect-error.ts'
import type { Connection } from './connection.ts'
import type { Opening } from './open-connection.ts'
import { tlsOptions } from './tls-options.ts'
import { WebSocketConnection } from './web-socket-connection.ts'

/** Opens a WebSocket over TCP or TLS. @throws DriverError */
export function openWebSocket(opening: Opening): Promise<Connection> {
  const { endpoint, peer, options, events, signal } = opening
  const isTls = endpoint.transport === 'wss'
  return new Promise((resolve, reject) => {
    const webSocket = start(opening)
    const fail = (error: Error): void => {
      reject(hasSystemCode(error) ? connectError(error, peer, isTls) : refused(peer, error.message, error))
    }
    const give = (): void => {
      webSocket.terminate()
    }
    signal.addEventListener('abort', give, { once: true })
    webSocket.once('error', fail)
    webSocket.once('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0
      reject(
        status === 401 || status === 403
          ? new DriverError('authentication', `${peer} refused the WebSocket upgrade with HTTP status ${status}`)
          : refused(peer, `HTTP status ${status} instead of 101`, null),
      )
      request.destroy()
    })
    webSocket.once('open', () => {
      webSocket.off('error', fail)
      signal.removeEventListener('abort', give)
      resolve(
        new WebSocketConnection(
          webSocket,
          { peer, isText: options.webSocketText ?? false, messagePerWrite: options.messagePerWrite ?? false },
          events,
        ),
      )
    })
  })
}

function start(opening: Opening): WebSocket {
  const { endpoint, peer, options } = opening
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  try {
    return new WebSocket(
      `${endpoint.transport}://${host}:${endpoint.port}${endpoint.path}`,
      [...options.webSocketProtocols],
      {
        perMessageDeflate: false,
        // A mask of zeros: masking protects proxies from scripts in browsers, and would cost a pass over every payload.
        generateMask: (mask) => mask.fill(0),
        skipUTF8Validation: true,
        maxPayload: 128 * 1024 * 1024,
        ...(endpoint.transport === 'wss' ? tlsOptions(endpoint) : {}),
      },
    )
  } catch (error) {
    throw new DriverError(
      'authentication',
      `cannot connect to ${peer}: the path, CA, certificate or key is not usable`,
      {
        cause: error,
      },
    )
  }
}

function refused(peer: string, why: string, cause: Error | null): DriverError {
  return new DriverError('wrong-protocol', `${peer} does not speak WebSocket there: ${why}`, { cause })
}

function hasSystemCode(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string'
}
