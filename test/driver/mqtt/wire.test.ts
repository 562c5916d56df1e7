/** What goes wrong, or not, before there is a producer or consumer; and what the admin connection does. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { describe, test } from 'node:test'
import { WebSocketServer } from 'ws'
import { DriverError } from '../../../src/driver/driver-error.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { mqttWire } from '../../../src/driver/mqtt/wire.ts'
import { bytesOf } from '../../protocol/mqtt/seen-packets.ts'
import { eventually } from '../eventually.ts'
import { OPTIONS, withPeer } from './wire-harness.ts'

describe('connecting by the MQTT wire client', () => {
  withPeer('a refused password is an authentication error that does not repeat it', async (harness) => {
    harness.peer.connack = '\x20\x02\x00\x04'
    await assert.rejects(harness.publisher(), (error) => {
      assert.ok(error instanceof DriverError)
      assert.equal(error.code, 'authentication')
      assert.match(error.message, /bad user name or password \(code 4\)/)
      assert.doesNotMatch(error.message, /h0rse/)
      return true
    })
  })

  withPeer(
    'an older broker’s refusal of MQTT 5 names the version to try',
    async (harness) => {
      harness.peer.connack = '\x20\x02\x00\x01'
      await assert.rejects(harness.publisher(), { code: 'wrong-protocol', message: /try \?version=3\.1\.1$/ })
    },
    '5',
  )

  test('a peer that hangs up on MQTT 5 is the wrong protocol, with the version to try', async () => {
    const server = await listening(createServer((socket) => socket.once('data', () => socket.end())))
    const opening = mqttWire.openAdmin(endpointOf(server, { version: '5' }), OPTIONS)
    await assert.rejects(opening, { code: 'wrong-protocol', message: /try \?version=3\.1\.1/ })
    server.close()
  })

  withPeer(
    'a peer that says nothing is a timeout, with the version to try',
    async (harness) => {
      harness.peer.connack = null
      await assert.rejects(mqttWire.openAdmin(harness.endpoint, { timeoutMs: 3000 }), {
        code: 'timeout',
        message: /no answer within 3000 ms.*try \?version=3\.1\.1/,
      })
    },
    '5',
  )

  withPeer('an answer that is MQTT, but not to CONNECT, is the wrong protocol', async (harness) => {
    harness.peer.connack = '\xd0\x00\x40\x02\x00\x01\x90\x03\x00\x01\x00'
    await assert.rejects(harness.publisher(), { code: 'wrong-protocol' })
  })

  withPeer(
    'a peer that breaks the protocol in one breath with CONNACK is an error of opening, and of nothing else',
    async (harness) => {
      harness.peer.connack = '\x20\x02\x00\x00\x00\x00'
      await assert.rejects(harness.publisher(), { code: 'protocol-error' })
      await assert.rejects(harness.consumer(), { code: 'protocol-error' })
      assert.deepEqual(harness.heard, [])
    },
  )

  test('a WebSocket closed as unauthenticated is an authentication error', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' })
    server.on('connection', (socket) => socket.once('message', () => socket.close(1002, 'unauthenticated')))
    await once(server, 'listening')
    const endpoint = { ...endpointOf(server), transport: 'ws' } as const
    await assert.rejects(mqttWire.openAdmin(endpoint, OPTIONS), { code: 'authentication' })
    server.close()
  })

  test('over WebSocket the subprotocol is mqtt and the frames are binary', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const seen: string[] = []
    server.on('connection', (socket, request) => {
      socket.on('message', (data: Buffer, isBinary) => {
        seen.push(`${request.headers['sec-websocket-protocol'] ?? ''} ${isBinary ? 'binary' : 'text'}`)
        const [firstByte = 0, , high = 0, low = 0] = data
        // Accepts CONNECT, and refuses SUBSCRIBE with its packet id.
        socket.send(Buffer.from(firstByte >> 4 === 1 ? [0x20, 2, 0, 0] : [0x90, 3, high, low, 0x80]))
      })
    })
    await once(server, 'listening')
    const endpoint = { ...endpointOf(server), transport: 'ws' } as const
    const events = { onDelivery: () => undefined, onClosed: () => undefined }
    const spec = { destination: { kind: 'queue', name: 'q' }, clientId: 'c', acknowledge: { kind: 'each' } } as const
    const whole = { ...spec, prefetch: 1, persistent: true, competing: false, bodyBytesMax: 1 }
    await assert.rejects(mqttWire.openConsumer(endpoint, OPTIONS, whole, events), { code: 'not-permitted' })
    assert.deepEqual(seen.slice(0, 2), ['mqtt binary', 'mqtt binary'])
    server.close()
  })

  withPeer('a version that there is not is unsupported', async (harness) => {
    const endpoint = { ...harness.endpoint, options: { version: '3.1' } }
    await assert.rejects(mqttWire.openAdmin(endpoint, OPTIONS), { code: 'unsupported' })
  })
})

describe('keep-alive', () => {
  withPeer(
    'there is one, because some brokers cut who says nothing, unless the target says that there is none',
    async (harness) => {
      await harness.publisher()
      await harness.publisher({}, { ...harness.endpoint, options: { keepAliveSeconds: '0' } })
      const asked = harness.peer.of('CONNECT').map(({ payload }) => payload.slice(8, 10))
      assert.deepEqual(asked, ['\0\x28', '\0\0'])
    },
  )

  withPeer('pings go out when nothing else does, and a peer that answers them is not given up', async (harness) => {
    await harness.publisher({}, { ...harness.endpoint, options: { keepAliveSeconds: '1' } })
    assert.equal(harness.peer.received[0]?.payload.slice(8, 10), '\0\x01')
    await harness.peer.got('PINGREQ', 3)
    assert.deepEqual(harness.heard, [])
  })

  withPeer(
    'a peer that answers no ping is given up, also where it is the MQTT 5 broker that wants pings',
    async (harness) => {
      harness.peer.answersPings = false
      harness.peer.connack = '\x20\x06\x00\x00\x03\x13\x00\x01'
      harness.publish(await harness.publisher(), 1)
      await harness.hears('0-0 unknown', 'closed closed')
      assert.equal(harness.peer.of('PINGREQ').length, 1)
    },
    '5',
  )
})

describe('the admin connection of the MQTT wire client', () => {
  withPeer('knows Mosquitto by its retained version, and nobody where there is none', async (harness) => {
    const { peer } = harness
    const unnamed = await mqttWire.openAdmin(harness.endpoint, OPTIONS)
    assert.deepEqual(unnamed.identity, { product: null, version: null })
    await unnamed.close()
    peer.beforeConnack = bytesOf('\x30\x2d\0\x13$SYS/broker/versionmosquitto version 2.0.11')
    const named = await mqttWire.openAdmin(harness.endpoint, OPTIONS)
    assert.equal(named.identity.product, 'Mosquitto')
    await named.close()
  })

  withPeer('ends sessions by connecting with a clean one of the same client id', async (harness) => {
    const admin = await mqttWire.openAdmin(harness.endpoint, OPTIONS)
    const before = harness.peer.of('CONNECT').length
    assert.equal(await admin.remove({ kind: 'queue', name: 'q' }, ['c-1', 'c-2']), 'removed')
    const connects = harness.peer.of('CONNECT').slice(before)
    assert.deepEqual(connects.map(({ payload }) => payload.slice(12, 15)).toSorted(), ['c-1', 'c-2'])
    assert.ok(connects.every(({ payload }) => (payload.charCodeAt(7) & 2) !== 0))
    await admin.close()
  })

  withPeer('a session that cannot be ended remains', async (harness) => {
    const admin = await mqttWire.openAdmin(harness.endpoint, OPTIONS)
    harness.peer.connack = '\x20\x02\x00\x02'
    assert.equal(await admin.remove({ kind: 'queue', name: 'q' }, ['c-1']), 'remains')
    await admin.close()
  })

  withPeer('MQTT declares nothing with arguments', async (harness) => {
    const admin = await mqttWire.openAdmin(harness.endpoint, OPTIONS)
    const queue = { kind: 'queue', name: 'q' } as const
    await admin.declare(queue, { arguments: {}, durable: true })
    const declaring = admin.declare(queue, { arguments: { 'x-queue-type': 'quorum' }, durable: true })
    await assert.rejects(declaring, { code: 'unsupported' })
    await eventually(() => harness.peer.received.length > 0, 'connected')
    await admin.close()
  })
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
