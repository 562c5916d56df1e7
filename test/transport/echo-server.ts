import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Duplex } from 'node:stream'
import type { Transport } from '../../src/driver/capabilities.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import type { TestCertificates } from '../support/certificates.ts'

/** A server on loopback that hands each connection's stream to the test. */
export interface TestServer {
  readonly endpoint: Endpoint
  close(): Promise<void>
}

/** Serves a byte stream by the given transport; `onStream` gets each accepted one. */
export async function serve(
  transport: Transport,
  certificates: TestCertificates,
  onStream: (stream: Duplex) => void,
): Promise<TestServer> {
  const tls = { cert: readFileSync(certificates.serverCertificatePath), key: readFileSync(certificates.serverKeyPath) }
  const sockets = new Set<Socket>()
  const accept = (stream: Duplex): void => {
    stream.on('error', () => undefined)
    onStream(stream)
  }
  const server = serverOf(transport, tls, accept)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: endpointTo((server.address() as AddressInfo).port, transport, certificates),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An endpoint on loopback that trusts the test's authority. */
export function endpointTo(port: number, transport: Transport, certificates: TestCertificates | null = null): Endpoint {
  return {
    protocol: 'stomp',
    transport,
    host: '127.0.0.1',
    port,
    path: '/stream',
    options: {},
    username: null,
    password: null,
    tls:
      certificates === null
        ? null
        : {
            ca: readFileSync(certificates.caPath, 'utf8'),
            certificate: null,
            key: null,
            verify: true,
            serverName: null,
          },
  }
}

function serverOf(
  transport: Transport,
  tls: { readonly cert: Buffer; readonly key: Buffer },
  accept: (stream: Duplex) => void,
): Server {
  switch (transport) {
    case 'tls':
      return createTlsServer(tls, (socket: TLSSocket) => {
        accept(socket)
      })
    case 'ws':
    case 'wss': {
      const server = transport === 'ws' ? createHttpServer() : createHttpsServer(tls)
      const webSockets = new WebSocketServer({ server, perMessageDeflate: false })
      webSockets.on('connection', (webSocket) => {
        accept(createWebSocketStream(webSocket))
      })
      return server
    }
    default:
      return createServer(accept)
  }
}
