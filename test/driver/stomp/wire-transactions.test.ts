/** Transactions, times to live and writes of the wire driver, frame by frame against a scripted peer. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Consumer, ConsumerSpec, Publisher, PublisherSpec } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { stompWire } from '../../../src/driver/stomp/wire.ts'
import { encodeFrame } from '../../../src/protocol/stomp/encode-frame.ts'
import { eventually } from '../eventually.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const OPTIONS = { timeoutMs: 60_000 }
const QUEUE = { kind: 'queue', name: 'q' } as const

let peer = new ScriptedPeer()
let endpoint: Endpoint
let heard: string[] = []
const open: (Publisher | Consumer)[] = []

beforeEach(async () => {
  peer = new ScriptedPeer()
  endpoint = await peer.listen()
  heard = []
})

afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  await peer.close()
})

async function publisher(over: Partial<PublisherSpec>): Promise<Publisher> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm: true, inFlightMax: 9, bodyBytesMax: 100 }
  const opened = await stompWire.openPublisher(
    endpoint,
    OPTIONS,
    { ...spec, ...over },
    {
      onSettled: (first, last, outcome, code) => heard.push(`${first}-${last} ${outcome} ${code ?? ''}`.trimEnd()),
      onBlocked: (reason) => heard.push(`blocked ${reason}`),
      onUnblocked: () => heard.push('unblocked'),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
    },
  )
  open.push(opened)
  return opened
}

async function consumer(over: Partial<ConsumerSpec>): Promise<Consumer> {
  const spec = { destination: QUEUE, clientId: 'c', prefetch: 9, persistent: true, competing: false, bodyBytesMax: 100 }
  const opened = await stompWire.openConsumer(
    endpoint,
    OPTIONS,
    { ...spec, acknowledge: { kind: 'each' }, ...over },
    {
      onDelivery: (_, __, token) => heard.push(`delivery ${token}`),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
    },
  )
  open.push(opened)
  return opened
}

function publish(to: Publisher, from: number, count: number): void {
  for (let sequence = from; sequence < from + count; sequence++) {
    assert.equal(to.publish(Buffer.from(`body ${sequence}`), sequence), 'accepted')
  }
}

/** What was received after the handshake, as `COMMAND receipt`. */
function frames(): string[] {
  return peer.received
    .filter((frame) => !['CONNECT', 'SUBSCRIBE', 'DISCONNECT', 'UNSUBSCRIBE'].includes(frame.command))
    .map((frame) => `${frame.command} ${frame.headers['receipt'] ?? frame.headers['id'] ?? ''}`.trimEnd())
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

describe('a transacted STOMP wire publisher', () => {
  test('begins with the first message, asks only the end for a receipt, and settles by that', async () => {
    const to = await publisher({ transacted: true })
    to.commit?.()
    publish(to, 0, 2)
    to.commit?.()
    publish(to, 2, 1)
    to.rollback?.()
    await peer.got('ABORT', 1)
    assert.deepEqual(frames(), ['BEGIN', 'SEND', 'SEND', 'COMMIT 1', 'BEGIN', 'SEND', 'ABORT 2'])
    const named = peer.received.filter(({ command }) => /BEGIN|SEND|COMMIT|ABORT/.test(command))
    assert.equal(new Set(named.map((frame) => frame.headers['transaction'])).size, 1)
    assert.deepEqual(heard, [])
    peer.send(encodeFrame('RECEIPT', { 'receipt-id': '1' }), encodeFrame('RECEIPT', { 'receipt-id': '2' }))
    await hears('0-1 confirmed', '2-2 refused rolled back')
  })

  test('asks RabbitMQ for a receipt of each message, which it sends when the committed message is safe', async () => {
    peer.connected = { ...peer.connected, server: 'RabbitMQ/3.10.8' }
    const to = await publisher({ transacted: true })
    publish(to, 0, 2)
    to.commit?.()
    publish(to, 2, 2)
    to.rollback?.()
    await peer.got('ABORT', 1)
    assert.deepEqual(frames(), ['BEGIN', 'SEND 0', 'SEND 1', 'COMMIT', 'BEGIN', 'SEND 2', 'SEND 3', 'ABORT 3'])
    peer.send(encodeFrame('RECEIPT', { 'receipt-id': '3' }), encodeFrame('RECEIPT', { 'receipt-id': '0' }))
    await hears('2-3 refused rolled back', '0-0 confirmed')
    peer.send(encodeFrame('RECEIPT', { 'receipt-id': '1' }))
    await hears('2-3 refused rolled back', '0-0 confirmed', '1-1 confirmed')
  })

  test('asks for no receipt where nobody asked for confirms', async () => {
    const to = await publisher({ transacted: true, confirm: false })
    publish(to, 0, 1)
    to.commit?.()
    publish(to, 1, 1)
    to.rollback?.()
    await peer.got('ABORT', 1)
    assert.deepEqual(frames(), ['BEGIN', 'SEND', 'COMMIT', 'BEGIN', 'SEND', 'ABORT'])
  })

  test('rolls an open transaction back when it is closed', async () => {
    peer.receiptsFor = [...peer.receiptsFor, 'ABORT']
    const to = await publisher({ transacted: true })
    publish(to, 0, 3)
    await to.close()
    assert.deepEqual(heard, ['0-2 refused rolled back'])
    assert.deepEqual(frames(), ['BEGIN', 'SEND', 'SEND', 'SEND', 'ABORT 2'])
  })

  test('takes an ERROR that names the receipt of a commit as the refusal of its messages, and goes on', async () => {
    const to = await publisher({ transacted: true })
    publish(to, 0, 2)
    to.commit?.()
    await peer.got('COMMIT', 1)
    peer.send(['ERROR', { message: 'store full', 'receipt-id': '1' }])
    await hears('0-1 refused store full')
    publish(to, 2, 1)
    to.commit?.()
    await peer.got('COMMIT', 2)
    peer.send(['RECEIPT', { 'receipt-id': '2' }])
    await hears('0-1 refused store full', '2-2 confirmed')
  })

  test('settles transactions as unknown when the connection is lost before the answer', async () => {
    const to = await publisher({ transacted: true })
    publish(to, 0, 2)
    to.commit?.()
    publish(to, 2, 1)
    await peer.got('SEND', 3)
    peer.hangUp()
    await hears('0-2 unknown', 'closed closed')
  })

  test('is refused by a broker without transactions, and leaves no connection behind', async () => {
    peer.connected = { ...peer.connected, server: 'brokermark-embedded/1' }
    await assert.rejects(publisher({ transacted: true }), { code: 'unsupported' })
    await peer.got('DISCONNECT', 1)
  })
})

describe('a STOMP wire publisher', () => {
  test('says when a message expires by the clock of its turn, in the template of the whole message', async () => {
    const to = await publisher({ properties: { ttlMs: 60_000, priority: 3, headers: { region: 'a:b' } } })
    const beforeMs = Date.now()
    publish(to, 0, 2)
    await peer.got('SEND', 2)
    // Only a later millisecond can be told from the first turn's.
    await eventually(() => Date.now() > beforeMs + 2, 'the clock goes on')
    publish(to, 2, 1)
    const sent = (await peer.got('SEND', 3)).map((frame) => Number(frame.headers['expires']))
    const [first = 0, second = 0, third = 0] = sent
    assert.ok(first >= beforeMs + 60_000 && first <= Date.now() + 60_000)
    assert.equal(second, first)
    assert.ok(third > first)
    assert.equal(peer.of('SEND')[0]?.headers['priority'], '3')
    assert.equal(peer.of('SEND')[0]?.headers['region'], 'a:b')
  })

  test('writes each message alone where that is asked for, else all of a turn at once', async () => {
    for (const messagePerWrite of [true, false]) {
      const to = await publisher({ messagePerWrite })
      const before = to.counters().writes ?? 0
      publish(to, 0, 5)
      await peer.got('SEND', messagePerWrite ? 5 : 10)
      assert.equal((to.counters().writes ?? 0) - before, messagePerWrite ? 5 : 1)
    }
  })
})

describe('a transacted STOMP wire consumer', () => {
  test('acknowledges in transactions of N messages, and commits the rest when it is closed', async () => {
    const from = await consumer({ transactionMessages: 2 })
    for (let number = 0; number < 3; number++) {
      peer.send(encodeFrame('MESSAGE', { subscription: '1', 'message-id': `m${number}`, ack: `a${number}` }))
    }
    await hears('delivery 0', 'delivery 1', 'delivery 2')
    for (let token = 0; token < 3; token++) from.acknowledge(token)
    await peer.got('ACK', 3)
    assert.deepEqual(frames(), ['BEGIN', 'ACK a0', 'ACK a1', 'COMMIT', 'BEGIN', 'ACK a2'])
    await from.close()
    assert.equal(frames().at(-1), 'COMMIT')
    const named = peer.received.filter(({ command }) => /BEGIN|ACK|COMMIT/.test(command))
    assert.equal(new Set(named.map((frame) => frame.headers['transaction'])).size, 1)
  })

  test('sends the acknowledgement of an unfinished batch into the transaction that it completes', async () => {
    const from = await consumer({ transactionMessages: 3, acknowledge: { kind: 'every', messages: 2 } })
    for (let number = 0; number < 3; number++) {
      peer.send(encodeFrame('MESSAGE', { subscription: '1', 'message-id': `m${number}`, ack: `a${number}` }))
    }
    await hears('delivery 0', 'delivery 1', 'delivery 2')
    for (let token = 0; token < 3; token++) from.acknowledge(token)
    await peer.got('COMMIT', 1)
    assert.deepEqual(frames(), ['BEGIN', 'ACK a1', 'ACK a2', 'COMMIT'])
  })

  test('is refused by Artemis, which would acknowledge at once', async () => {
    peer.connected = { ...peer.connected, server: 'ActiveMQ-Artemis/2.44.0' }
    await assert.rejects(consumer({ transactionMessages: 2 }), { code: 'unsupported' })
    await peer.got('DISCONNECT', 1)
  })
})
