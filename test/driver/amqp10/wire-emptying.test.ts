/** How the wire admin empties a queue of RabbitMQ's plugin, which cannot drain a link but says what is available. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { amqp10Wire } from '../../../src/driver/amqp10/wire.ts'
import type { Admin } from '../../../src/driver/driver.ts'
import { availableFlow, ScriptedPeer, transfer } from './scripted-peer.ts'

const QUEUE = { kind: 'queue', name: 'q' } as const

let peer: ScriptedPeer
let admin: Admin

beforeEach(async () => {
  peer = new ScriptedPeer()
  peer.product = 'RabbitMQ'
  admin = await amqp10Wire.openAdmin(await peer.listen(), { timeoutMs: 60_000 })
})

afterEach(async () => {
  await admin.close()
  await peer.close()
})

test('a queue is empty when the broker says so twice, however long it says nothing before', async () => {
  const removal = admin.remove(QUEUE, [])
  await peer.got('flow', 1)
  peer.send(availableFlow(2), transfer(0, 'left'), transfer(1, 'behind'))
  await peer.got('flow', 2)
  peer.send(availableFlow(0))
  await peer.got('flow', 3)
  // What a consumer held that had just gone was put back in between.
  peer.send(availableFlow(1), transfer(2, 'put back'))
  await peer.got('flow', 4)
  peer.send(availableFlow(0))
  await peer.got('flow', 5)
  assert.deepEqual(peer.of('close'), [], 'the queue was taken for empty before the broker had said so twice')
  peer.send(availableFlow(0))
  assert.equal(await removal, 'emptied')
  assert.equal(peer.of('disposition').length, 3)
})

test('messages that come behind the answer are not taken for none', async () => {
  const removal = admin.remove(QUEUE, [])
  for (let round = 1; round <= 2; round++) {
    await peer.got('flow', round)
    peer.send(transfer(round, 'late'), availableFlow(0))
  }
  for (const round of [3, 4]) {
    await peer.got('flow', round)
    peer.send(availableFlow(0))
  }
  assert.equal(await removal, 'emptied')
  assert.equal(peer.of('disposition').length, 2)
})
