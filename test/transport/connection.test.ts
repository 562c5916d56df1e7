import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Transport } from '../../src/driver/capabilities.ts'
import type { Connection } from '../../src/transport/connection.ts'
import { openConnection } from '../../src/transport/open-connection.ts'
import { eventually } from '../driver/eventually.ts'
import { makeCertificates } from '../support/certificates.ts'
import type { TestCertificates } from '../support/certificates.ts'
import { ConnectionRecorder } from './connection-recorder.ts'
import { serve } from './echo-server.ts'
import type { TestServer } from './echo-server.ts'

const OPTIONS = { timeoutMs: 120_000, webSocketProtocols: [] }
const TRANSPORTS: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss']

interface Line {
  readonly connection: Connection
  readonly events: ConnectionRecorder
  readonly peer: Duplex
}

describe('a connection', () => {
  let directory = ''
  let certificates: TestCertificates | null = null
  let server: TestServer | null = null

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'brokermark-test-transport-'))
    certificates = makeCertificates(directory)
  })
  after(() => rm(directory, { recursive: true, force: true }))
  afterEach(async () => {
    await server?.close()
    server = null
  })

  async function open(transport: Transport, onStream: (stream: Duplex) => void = () => undefined): Promise<Line> {
    if (certificates === null) throw new Error('no certificates')
    const peers: Duplex[] = []
    server = await serve(transport, certificates, (stream) => {
      onStream(stream)
      peers.push(stream)
    })
    const events = new ConnectionRecorder()
    const connection = await openConnection(server.endpoint, OPTIONS, events)
    await eventually(() => peers.length === 1, 'accepted')
    const [peer] = peers
    if (peer === undefined) throw new Error('nothing was accepted')
    return { connection, events, peer }
  }

  for (const transport of TRANSPORTS) {
    describe(`over ${transport}`, () => {
      test('carries every byte both ways, whatever the sizes', async () => {
        const { connection, events } = await open(transport, (stream) => stream.pipe(stream))
        const sent = Array.from({ length: 300 }, (_, index) => pattern(1 + ((index * 7919) % 5000), index))
        for (const [index, bytes] of sent.entries()) {
          connection.write(bytes)
          if (index % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
        const whole = Buffer.concat(sent)
        await eventually(() => events.receivedBytes === whole.length, 'everything came back')
        assert.ok(events.bytes().equals(whole))
        assert.equal(connection.counters().bytesWritten, whole.length)
        assert.equal(connection.counters().bytesRead, whole.length)
        await connection.close()
        assert.deepEqual(events.closedBy, [])
      })

      test('sends what is written in one turn as one write', async () => {
        const { connection, events } = await open(transport, (stream) => stream.pipe(stream))
        for (let count = 0; count < 100; count++) connection.write(pattern(100, count))
        assert.equal(connection.counters().writes, 0)
        await eventually(() => events.receivedBytes === 10_000, 'everything came back')
        assert.equal(connection.counters().writes, 1)
        await connection.close()
      })

      test('sends what the owner answered to one chunk as one write', async () => {
        const { connection, events } = await open(transport, (stream) => stream.pipe(stream))
        let isAnswered = false
        events.onEachChunk = () => {
          if (isAnswered) return
          isAnswered = true
          for (let count = 0; count < 3; count++) connection.write(pattern(1000, count))
        }
        connection.write(pattern(1, 0))
        await eventually(() => events.receivedBytes === 3001, 'everything came back')
        assert.equal(connection.counters().writes, 2)
        await connection.close()
      })

      test('sends each commit by itself where that is asked for', async () => {
        const { connection, events } = await open(transport, (stream) => stream.pipe(stream))
        connection.messagePerWrite = true
        for (let count = 0; count < 10; count++) connection.write(pattern(100, count))
        await eventually(() => events.receivedBytes === 1000, 'everything came back')
        assert.equal(connection.counters().writes, 10)
        await connection.close()
      })

      test('is blocked while the peer does not read, and changes no byte that is on its way', async () => {
        const { connection, events, peer } = await open(transport)
        const sent: Buffer[] = []
        while (!connection.isBlocked) {
          for (let count = 0; count < 20; count++) {
            sent.push(pattern(10_000, sent.length))
            connection.write(sent.at(-1) ?? Buffer.alloc(0))
          }
          await new Promise((resolve) => setImmediate(resolve))
          assert.ok(sent.length < 20_000, 'the socket never filled')
        }
        assert.ok(events.blocked > 0)
        // Written while blocked: waits in the buffer that is not on its way.
        for (let count = 0; count < 20; count++) {
          sent.push(pattern(3000, count))
          connection.write(sent.at(-1) ?? Buffer.alloc(0))
        }
        const arrived: Buffer[] = []
        let arrivedBytes = 0
        peer.on('data', (chunk: Buffer) => {
          arrived.push(chunk)
          arrivedBytes += chunk.length
        })
        const whole = Buffer.concat(sent)
        await eventually(() => arrivedBytes === whole.length, 'everything arrived')
        assert.ok(Buffer.concat(arrived).equals(whole))
        await eventually(() => events.drained === events.blocked, 'drained')
        assert.equal(connection.isBlocked, false)
        await connection.close()
      })

      test('sends what was written before close()', async () => {
        const { connection, peer } = await open(transport)
        let arrivedBytes = 0
        peer.on('data', (chunk: Buffer) => {
          arrivedBytes += chunk.length
        })
        const total = 3_000_000
        for (let count = 0; count < 30; count++) connection.write(pattern(total / 30, count))
        await Promise.all([connection.close(), connection.close()])
        await eventually(() => arrivedBytes === total, 'everything arrived')
      })

      test('sends what was written before close() also on a machine that stands still', async () => {
        const { connection, peer } = await open(transport)
        let arrivedBytes = 0
        peer.on('data', (chunk: Buffer) => {
          arrivedBytes += chunk.length
        })
        const total = 30_000_000
        for (let count = 0; count < 30; count++) connection.write(pattern(total / 30, count))
        const closing = connection.close()
        const untilMs = performance.now() + 1_500
        while (performance.now() < untilMs);
        await closing
        await eventually(() => arrivedBytes === total, 'everything arrived')
      })

      test('reports once that the peer ended it, and takes writes afterwards without an error', async () => {
        const { connection, events, peer } = await open(transport)
        peer.destroy()
        await eventually(() => events.closedBy.length > 0, 'onClose')
        connection.write(pattern(10, 0))
        await connection.close()
        connection.destroy()
        assert.equal(events.closedBy.length, 1)
        assert.equal(events.closedBy[0]?.code, 'closed')
      })

      test('reports nothing when we destroy it', async () => {
        const { connection, events, peer } = await open(transport)
        const ended = new Promise((resolve) => peer.once('close', resolve).once('end', resolve))
        peer.resume()
        connection.destroy()
        await ended
        assert.deepEqual(events.closedBy, [])
      })

      test('stops and goes on reading', async () => {
        const { connection, events, peer } = await open(transport)
        connection.pauseReading()
        peer.write(pattern(1000, 1))
        connection.resumeReading()
        await eventually(() => events.receivedBytes === 1000, 'everything came')
        await connection.close()
      })
    })
  }

  test('has sent what the owner answered before anything else of the turn happens', async () => {
    const { connection, events } = await open('tcp', (stream) => stream.pipe(stream))
    const writesInNextTick: number[] = []
    events.onEachChunk = () => {
      if (writesInNextTick.length > 0) return
      process.nextTick(() => writesInNextTick.push(connection.counters().writes))
      connection.write(pattern(100, 1))
    }
    connection.write(pattern(1, 0))
    await eventually(() => events.receivedBytes === 101, 'everything came back')
    assert.deepEqual(writesInNextTick, [2])
    await connection.close()
  })
})

function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + seed * 17) & 0xff
  return bytes
}
