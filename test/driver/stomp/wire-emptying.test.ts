/** How the wire admin empties a queue, against a peer that takes its time. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { Admin } from '../../../src/driver/driver.ts'
import { stompWire } from '../../../src/driver/stomp/wire.ts'
import { encodeFrame } from '../../../src/protocol/stomp/encode-frame.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const QUEUE = { kind: 'queue', name: 'q' } as const

let peer: ScriptedPeer
let admin: Admin

beforeEach(async () => {
  peer = new ScriptedPeer()
  admin = await stompWire.openAdmin(await peer.listen(), { timeoutMs: 60_000 })
})

afterEach(async () => {
  await admin.close()
  await peer.close()
})

test('a queue is empty when marks that were sent behind everything come back alone, twice', async () => {
  const removal = admin.remove(QUEUE, [])
  const [persistent, transient] = await peer.got('SEND', 2)
  assert.deepEqual([persistent?.headers['persistent'], transient?.headers['persistent']], ['true', undefined])
  assert.equal(persistent?.headers['destination'], '/queue/q')

  peer.send(message('left behind'), message('another'), ...bodies(0, 2).map(message))
  await peer.got('SEND', 4)
  // Nothing but the marks, and then what was put back in between.
  peer.send(...bodies(2, 4).map(message))
  await peer.got('SEND', 6)
  peer.send(message('put back'), ...bodies(4, 6).map(message))
  await peer.got('SEND', 8)
  assert.deepEqual(peer.of('UNSUBSCRIBE'), [], 'the queue was taken for empty while it was not')
  peer.send(...bodies(6, 8).map(message))
  assert.equal(await removal, 'emptied')
  assert.equal(new Set(bodies(0, 8)).size, 8)
  assert.equal(peer.of('UNSUBSCRIBE').length, 1)
})

test('a connection that is lost while a queue is emptied is the error of that', async () => {
  const removal = admin.remove(QUEUE, [])
  await Promise.all([
    assert.rejects(removal, { name: 'DriverError', code: 'closed' }),
    peer.got('SEND', 2).then(() => peer.hangUp()),
  ])
})

function bodies(from: number, end: number): readonly string[] {
  const sent = peer.of('SEND')
  return sent.slice(from, end).map(({ body }) => body)
}

function message(body: string): Uint8Array {
  const headers = { subscription: '0', 'message-id': body, destination: '/queue/q' }
  return encodeFrame('MESSAGE', headers, Buffer.from(body, 'latin1'))
}
