import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterEach, describe, test } from 'node:test'
import type { Transport } from '../../src/driver/capabilities.ts'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import { connectError, streamError } from '../../src/transport/connect-error.ts'
import { openConnection } from '../../src/transport/open-connection.ts'
import { ConnectionRecorder } from './connection-recorder.ts'
import { endpointTo } from './echo-server.ts'

const TRANSPORTS: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss']

/** Nobody listens there: one that was closed just now could be another's by now. */
const CLOSED_PORT = 1

let server: Server | null = null
const sockets = new Set<Socket>()

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  if (server !== null) {
    server.close()
    await once(server, 'close')
  }
  server = null
})

async function listen(listener: Server): Promise<number> {
  server = listener
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return (listener.address() as AddressInfo).port
}

async function errorOf(endpoint: Endpoint, timeoutMs = 120_000): Promise<DriverError> {
  try {
    const events = new ConnectionRecorder()
    const connection = await openConnection(endpoint, { timeoutMs, webSocketProtocols: ['v12.stomp'] }, events)
    connection.destroy()
  } catch (error) {
    assert.ok(error instanceof DriverError)
    return error
  }
  throw new Error('the connection was opened')
}

describe('opening a connection', () => {
  for (const transport of TRANSPORTS) {
    test(`over ${transport} says that nothing listens`, async () => {
      const error = await errorOf(endpointTo(CLOSED_PORT, transport))
      assert.equal(error.code, 'refused')
      assert.match(error.message, new RegExp(`127.0.0.1:${CLOSED_PORT}`))
    })

    test(`over ${transport} says that there is no such host`, async () => {
      const error = await errorOf({ ...endpointTo(1, transport), host: 'no-such-host.invalid' })
      assert.equal(error.code, 'unreachable')
    })

    test(`over ${transport} to "localhost" tries its addresses`, async () => {
      assert.equal((await errorOf({ ...endpointTo(CLOSED_PORT, transport), host: 'localhost' })).code, 'refused')
    })
  }

  test('to a name with several addresses is not given up because this thread had no time to look', async (context) => {
    const port = await listen(createServer((socket) => socket.resume()))
    const addresses = [
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ]
    context.mock.method(dns, 'lookup', (_: string, __: unknown, found: (error: null, all: unknown) => void) => {
      setImmediate(() => {
        found(null, addresses)
        const untilMs = performance.now() + 500
        while (performance.now() < untilMs);
      })
    })
    const events = new ConnectionRecorder()
    const options = { timeoutMs: 120_000, webSocketProtocols: [] }
    const connection = await openConnection({ ...endpointTo(port, 'tcp'), host: 'two.invalid' }, options, events)
    await connection.close()
  })

  for (const transport of ['tls', 'ws', 'wss'] as const) {
    test(`over ${transport} gives up on a server that says nothing`, async () => {
      const port = await listen(createServer())
      assert.equal((await errorOf(endpointTo(port, transport), 50)).code, 'timeout')
    })

    test(`over ${transport} to a server that speaks plain text is the wrong protocol`, async () => {
      const port = await listen(createServer((socket) => socket.end('220 mail.example ready\r\n')))
      assert.equal((await errorOf(endpointTo(port, transport))).code, 'wrong-protocol')
    })

    test(`over ${transport} to a server that hangs up is an error that says where`, async () => {
      const port = await listen(createServer((socket) => socket.end()))
      const error = await errorOf(endpointTo(port, transport))
      assert.match(error.message, new RegExp(`127.0.0.1:${port}`))
      assert.ok(['wrong-protocol', 'closed'].includes(error.code), error.code)
    })
  }

  for (const [status, code] of [
    [404, 'wrong-protocol'],
    [200, 'wrong-protocol'],
    [401, 'authentication'],
    [403, 'authentication'],
  ] as const) {
    test(`a WebSocket upgrade that is answered with ${status} is ${code}`, async () => {
      const port = await listen(createHttpServer((_, response) => response.writeHead(status).end()))
      const error = await errorOf(endpointTo(port, 'ws'))
      assert.equal(error.code, code)
      assert.match(error.message, new RegExp(String(status)))
    })
  }

  test('unreadable certificates are said to be that', async () => {
    const tls = { ca: null, certificate: 'no PEM', key: 'no PEM', verify: true, serverName: null }
    const error = await errorOf({ ...endpointTo(1, 'tls'), tls })
    assert.equal(error.code, 'authentication')
    assert.match(error.message, /not usable/)
  })
})

test('of the errors of several addresses one that is an answer is told', () => {
  const errors = ['ETIMEDOUT', 'ECONNREFUSED'].map((code) => Object.assign(new Error(`connect ${code}`), { code }))
  assert.equal(connectError(new AggregateError(errors), 'stomp://h:1', false).code, 'refused')
  assert.equal(connectError(new AggregateError(errors.slice(0, 1)), 'stomp://h:1', false).code, 'timeout')
})

describe('an error of TLS', () => {
  for (const [systemCode, code] of [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'authentication'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'authentication'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'authentication'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'wrong-protocol'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'wrong-protocol'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong-protocol'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'wrong-protocol'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted-certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted-certificate'],
    ['ECONNRESET', 'wrong-protocol'],
  ] as const) {
    test(`${systemCode} while connecting is ${code}`, () => {
      const thrown = Object.assign(new Error('it failed'), { code: systemCode })
      assert.equal(connectError(thrown, 'stomp+ssl://h:1', true).code, code)
    })
  }

  test('is recognised on an established stream too', () => {
    const thrown = Object.assign(new Error('it failed'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })
    const error = streamError(thrown, 'stomp+ssl://h:1')
    assert.ok(error instanceof DriverError)
    assert.match(error.message, /alert certificate required/)
  })
})
