import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { SocketConnection } from '../../transport/socket-connection.ts'
import { WebSocketConnection } from '../../transport/web-socket-connection.ts'
import { DetectingSession } from './detecting-session.ts'
import type { EmbeddedBroker } from './embedded-broker.ts'
import type { EmbeddedSettings } from './embedded-settings.ts'
import { SESSIONS, WEB_SOCKET_PROTOCOLS } from './sessions.ts'

const HOST = '127.0.0.1'

export interface ListeningPorts {
  readonly port: number
  readonly webSocketPort: number
}

/** Opens the two listeners of a broker, for all protocols and for WebSocket, each on a free port of the loopback interface. */
export async function listen(broker: EmbeddedBroker, serverName: string): Promise<ListeningPorts> {
  const tls = tlsOf(broker.settings)
  const accept = (socket: Socket): void => {
    const session = new DetectingSession(broker, serverName)
    const options = { peer: 'client', isTls: tls !== null, readsAreShared: false, messagePerWrite: false }
    session.begin(new SocketConnection(socket, options, session))
  }
  const tcp = tls === null ? createServer(accept) : createTlsServer(tls, accept)
  const http = tls === null ? createHttpServer() : createHttpsServer(tls)
  const webSockets = new WebSocketServer({
    server: http,
    perMessageDeflate: false,
    skipUTF8Validation: true,
    handleProtocols: (offered) => [...offered].find(isSpoken) ?? false,
  })
  webSockets.on('connection', (webSocket: WebSocket) => {
    const protocol = WEB_SOCKET_PROTOCOLS[webSocket.protocol]
    const session = protocol === undefined ? undefined : SESSIONS[protocol]?.(broker, serverName)
    if (session === undefined) {
      webSocket.terminate()
      return
    }
    const options = { peer: 'client', isText: false, messagePerWrite: false }
    session.begin(new WebSocketConnection(webSocket, options, session))
  })
  const [port, webSocketPort] = await Promise.all([portOf(tcp), portOf(http)])
  return { port, webSocketPort }
}

function isSpoken(subprotocol: string): boolean {
  const protocol = WEB_SOCKET_PROTOCOLS[subprotocol]
  return protocol !== undefined && SESSIONS[protocol] !== undefined
}

function tlsOf(settings: EmbeddedSettings): TlsOptions | null {
  if (settings.tlsCertificate === null || settings.tlsKey === null) return null
  return {
    cert: readFileSync(settings.tlsCertificate),
    key: readFileSync(settings.tlsKey),
    ...(settings.tlsClientCa === null
      ? {}
      : { ca: readFileSync(settings.tlsClientCa), requestCert: true, rejectUnauthorized: true }),
  }
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // A crew of thousands of connections arrives at once.
    server.listen({ host: HOST, port: 0, backlog: 4096 }, () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}
