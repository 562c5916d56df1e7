import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { WebSocketServer } from 'ws'
import type { Publisher } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { mqttLibrary } from '../../../src/driver/mqtt/library.ts'

const CONNACK_ACCEPTED = Buffer.from([0x20, 2, 0, 0])

test('a peer that hangs up on MQTT 5 is the wrong protocol, with the version to try', async () => {
  const server = await listening(createServer((socket) => socket.once('data', () => socket.end())))
  await assert.rejects(mqttLibrary.openAdmin(endpointOf(server, { version: '5' }), { timeoutMs: 60_000 }), {
    code: 'wrong-protocol',
    message: /try \?version=3\.1\.1/,
  })
  server.close()
})

test('a WebSocket closed as unauthenticated is an authentication error', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' })
  server.on('connection', (socket) => socket.once('message', () => socket.close(1002, 'unauthenticated')))
  await once(server, 'listening')
  const endpoint = { ...endpointOf(server), transport: 'ws' } as const
  await assert.rejects(mqttLibrary.openAdmin(endpoint, { timeoutMs: 60_000 }), { code: 'authentication' })
  server.close()
})

test('a publisher that the broker owes its whole receive-maximum is blocked by credit, and closing ends with the peer', async () => {
  // CONNACK of MQTT 5 with receive-maximum 2; nothing is ever acknowledged.
  const connack = Buffer.from([0x20, 6, 0, 0, 3, 0x21, 0, 2])
  const peers: Socket[] = []
  const server = await listening(
    createServer((socket) => {
      peers.push(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(connack))
    }),
  )
  const reasons: string[] = []
  const outcomes: string[] = []
  const publisher = await mqttLibrary.openPublisher(
    endpointOf(server, { version: '5' }),
    { timeoutMs: 60_000 },
    {
      destination: { kind: 'queue', name: 'q' },
      clientId: 'p',
      persistent: true,
      confirm: true,
      inFlightMax: 10,
      bodyBytesMax: 8,
    },
    {
      onSettled: (first, last, outcome) => outcomes.push(`${first}..${last} ${outcome}`),
      onBlocked: (reason) => reasons.push(reason),
      onUnblocked: () => reasons.push('unblocked'),
      onClosed: () => reasons.push('closed'),
    },
  )
  const body = new Uint8Array(8)
  assert.equal(publisher.publish(body, 0), 'accepted')
  assert.equal(publisher.publish(body, 1), 'accepted-now-full')
  assert.equal(publisher.publish(body, 2), 'not-taken')
  assert.deepEqual(reasons, ['credit'])
  const closing = publisher.close()
  for (const peer of peers) peer.destroy()
  await closing
  server.close()
  assert.deepEqual(outcomes, ['0..1 unknown'])
})

for (const [what, connack, bodyBytesMax, expected] of [
  [
    'packet of that size',
    [0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 50],
    43,
    'packets of at most 50 bytes, not 51 (a body of 43 and what is in front of it)',
  ],
  ['QoS 1', [0x20, 5, 0, 0, 2, 0x24, 0], 8, 'QoS 0 at most, not 1'],
] as const) {
  test(`a publisher is not opened on a broker that takes no ${what}`, async (context) => {
    const peers: Socket[] = []
    const server = await listening(
      createServer((socket) => {
        peers.push(socket)
        socket.on('error', () => undefined)
        socket.once('data', () => socket.write(Buffer.from(connack)))
      }),
    )
    context.after(() => {
      for (const peer of peers) peer.destroy()
      server.close()
    })
    const endpoint = endpointOf(server, { version: '5' })
    const open = async (largestBytes: number, persistent: boolean): Promise<Publisher> => {
      const kind = { destination: { kind: 'queue', name: 'q' }, clientId: 'p', confirm: persistent } as const
      const spec = { ...kind, persistent, inFlightMax: 4, bodyBytesMax: largestBytes }
      return mqttLibrary.openPublisher(endpoint, { timeoutMs: 60_000 }, spec, {
        onSettled: () => undefined,
        onBlocked: () => undefined,
        onUnblocked: () => undefined,
        onClosed: () => undefined,
      })
    }
    await assert.rejects(open(bodyBytesMax, true), {
      name: 'DriverError',
      code: 'not-permitted',
      message: `publishing to q: mqtt://127.0.0.1:${endpoint.port} takes ${expected}`,
    })
    // Without a packet id, and at QoS 0, it is within both limits.
    await (await open(bodyBytesMax, false)).close()
  })
}

test('bytes that are not MQTT after CONNACK end the connection as a protocol error', async () => {
  const server = await listening(
    createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(Buffer.concat([CONNACK_ACCEPTED, Buffer.from('HTTP/1.1 400 no\r\n')])))
    }),
  )
  const spec = { destination: { kind: 'queue', name: 'q' }, clientId: 'p', persistent: true, confirm: true } as const
  const cause = await new Promise<{ code: string }>((resolve, reject) => {
    const ignore = (): void => undefined
    const events = { onSettled: ignore, onBlocked: ignore, onUnblocked: ignore, onClosed: resolve }
    const whole = { ...spec, inFlightMax: 1, bodyBytesMax: 8 }
    mqttLibrary.openPublisher(endpointOf(server), { timeoutMs: 60_000 }, whole, events).catch(reject)
  }).catch((error: unknown) => error as { code: string })
  assert.ok(['protocol-error', 'wrong-protocol'].includes(cause.code), cause.code)
  server.close()
})

test('the version of the library is told', () => {
  assert.match(mqttLibrary.clientVersion, /^MQTT\.js \d+\.\d+\.\d+/)
})

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function endpointOf(server: { address(): unknown }, options: Endpoint['options'] = {}): Endpoint {
  const { port } = server.address() as AddressInfo
  const address = { host: '127.0.0.1', port, path: '/', username: null, password: null, tls: null }
  return { protocol: 'mqtt', transport: 'tcp', options, ...address }
}
