/** Transactions of the wire driver against a peer that answers when the test says so; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { amqp10Wire } from '../../../src/driver/amqp10/wire.ts'
import type { Consumer, Publisher } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { DESCRIPTOR } from '../../../src/protocol/amqp10/descriptor.ts'
import { encodeBinary, encodeComposite, encodeUint } from '../../../src/protocol/amqp10/encode-value.ts'
import { DECLARE, encodeDischarge, encodeTransactionalState } from '../../../src/protocol/amqp10/transaction.ts'
import { AmqpDescribed } from '../../../src/protocol/amqp10/value.ts'
import { eventually } from '../eventually.ts'
import { disposition, errorValue, flow, ScriptedPeer, transfer } from './scripted-peer.ts'

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
  peer.hangUp()
  for (const each of open.splice(0)) await each.close()
  await peer.close()
})

async function publisher(): Promise<Required<Publisher>> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm: true, inFlightMax: 99, bodyBytesMax: 9 }
  const opened = await amqp10Wire.openPublisher(
    endpoint,
    OPTIONS,
    { ...spec, transacted: true },
    {
      onSettled: (first, last, outcome, code) => heard.push(`${first}-${last} ${outcome} ${code ?? ''}`.trimEnd()),
      onBlocked: (reason) => heard.push(`blocked ${reason}`),
      onUnblocked: () => heard.push('unblocked'),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
    },
  )
  open.push(opened)
  return opened as Required<Publisher>
}

async function consumer(transactionMessages: number): Promise<Consumer> {
  const spec = { destination: QUEUE, clientId: 'c', prefetch: 8, persistent: true, competing: false, bodyBytesMax: 9 }
  const asked = { ...spec, acknowledge: { kind: 'each' }, transactionMessages } as const
  const opened = await amqp10Wire.openConsumer(endpoint, OPTIONS, asked, {
    onDelivery: (_, __, token) => heard.push(`delivery ${token}`),
    onClosed: (cause) => heard.push(`closed ${cause.code}`),
  })
  open.push(opened)
  return opened
}

function declared(id: string): Uint8Array {
  return encodeComposite(DESCRIPTOR.declared, [encodeBinary(Buffer.from(id))])
}

/** Handle, delivery-id and transaction of each transfer. */
function transfers(): string[] {
  return peer.of('transfer').map(({ fields, payload }) => {
    if (fields[0] === 1) return `${fields[1] as number} ${saidToCoordinator(payload)}`
    const state = (fields[7] as AmqpDescribed).value as readonly unknown[]
    return `${fields[1] as number} in ${Buffer.from(state[0] as Uint8Array).toString()}`
  })
}

function saidToCoordinator(payload: Uint8Array): string {
  if (Buffer.from(payload).equals(DECLARE)) return 'declare'
  for (const id of ['one', 'two', 'three']) {
    for (const isFailed of [true, false]) {
      const discharge = encodeDischarge(Buffer.from(id), isFailed)
      if (Buffer.from(payload).equals(discharge)) return `${isFailed ? 'roll back' : 'commit'} ${id}`
    }
  }
  return 'something else'
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

describe('a transacted publisher by the AMQP 1.0 wire driver', () => {
  test('declares one transaction ahead, and goes on in it without waiting for the end of the one before', async () => {
    const opened = await publisher()
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')), disposition(1, null, declared('two')))
    await eventually(() => opened.publish(Buffer.from('a'), 0) === 'accepted', 'a transaction')
    opened.publish(Buffer.from('b'), 1)
    opened.commit()
    opened.publish(Buffer.from('c'), 2)
    await peer.got('transfer', 7)
    const expected = ['0 declare', '1 declare', '2 in one', '3 in one', '4 commit one', '5 declare', '6 in two']
    assert.deepEqual(transfers(), expected)
    heard = []
    peer.send(disposition(2, 3, encodeTransactionalState(Buffer.from('one'), DESCRIPTOR.accepted)))
    peer.send(disposition(4, null))
    await hears('0-1 confirmed')
  })

  test('is blocked by the broker until there is a transaction', async () => {
    const opened = await publisher()
    assert.equal(opened.publish(Buffer.from('a'), 0), 'not-taken')
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')))
    await hears('blocked broker', 'unblocked')
    assert.equal(opened.publish(Buffer.from('a'), 0), 'accepted')
    opened.commit()
    assert.equal(opened.publish(Buffer.from('b'), 1), 'not-taken')
    await hears('blocked broker', 'unblocked', 'blocked broker')
  })

  test('tells what was rolled back, by us or by the broker, and what the broker refused of a transaction', async () => {
    const opened = await publisher()
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')), disposition(1, null, declared('two')))
    await eventually(() => opened.publish(Buffer.from('a'), 0) === 'accepted', 'a transaction')
    opened.rollback()
    for (let sequence = 1; sequence < 5; sequence++) opened.publish(Buffer.from('b'), sequence)
    opened.commit()
    await peer.got('transfer', 11)
    assert.deepEqual(transfers().slice(3), [
      ...['3 roll back one', '4 declare', '5 in two', '6 in two', '7 in two', '8 in two', '9 commit two', '10 declare'],
    ])
    heard = []
    const rejected = encodeComposite(DESCRIPTOR.rejected, [errorValue('amqp:resource-limit-exceeded')])
    const state = encodeComposite(DESCRIPTOR.transactionalState, [encodeBinary(Buffer.from('two')), rejected])
    peer.send(disposition(3, null), disposition(6, 6, state), disposition(9, null))
    await hears('0-0 refused rolled back', '1-1 confirmed', '2-2 refused amqp:resource-limit-exceeded', '3-4 confirmed')
    heard = []
    peer.send(disposition(4, null, declared('three')))
    await eventually(() => opened.publish(Buffer.from('c'), 5) === 'accepted', 'a transaction')
    opened.commit()
    await peer.got('transfer', 14)
    heard = []
    peer.send(disposition(12, null, encodeComposite(DESCRIPTOR.rejected, [errorValue('amqp:transaction:rollback')])))
    await hears('5-5 refused amqp:transaction:rollback')
  })

  test('rolls back what is open when it is closed', async () => {
    const opened = await publisher()
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')))
    await eventually(() => opened.publish(Buffer.from('a'), 0) === 'accepted', 'a transaction')
    heard = []
    const closing = opened.close()
    assert.equal(opened.publish(Buffer.from('b'), 1), 'not-taken')
    await peer.got('transfer', 4)
    assert.equal(peer.of('end').length, 0)
    peer.send(disposition(3, null))
    await closing
    assert.deepEqual(heard, ['0-0 refused rolled back'])
  })

  test('goes on with a message in pieces when the window opens with a flow of the other link, and then commits', async () => {
    peer.frameBytesMax = 512
    peer.incomingWindow = 4
    const opened = await publisher()
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')), disposition(1, null, declared('two')))
    await eventually(() => opened.publish(Buffer.alloc(1200), 0) !== 'not-taken', 'a transaction')
    await peer.got('transfer', 4)
    opened.commit()
    peer.send(flow(10, 2, 9, 4, false, encodeUint(1)))
    await peer.got('transfer', 7)
    assert.deepEqual(transfers().slice(2), ['2 in one', '2 in one', '2 in one', '3 commit one', '4 declare'])
  })

  test('goes on in the next transaction only when the coordinator could be told of the end of this one', async () => {
    peer.credit = 2
    const opened = await publisher()
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')), disposition(1, null, declared('two')))
    await eventually(() => opened.publish(Buffer.from('a'), 0) === 'accepted', 'a transaction')
    opened.commit()
    heard = []
    assert.equal(opened.publish(Buffer.from('b'), 1), 'not-taken')
    peer.send(flow(9, 2, 1000, 3, false, encodeUint(1)))
    await hears('blocked broker', 'unblocked')
    assert.equal(opened.publish(Buffer.from('b'), 1), 'accepted-now-full')
    await peer.got('transfer', 6)
    assert.deepEqual(transfers().slice(2), ['2 in one', '3 commit one', '4 declare', '5 in two'])
  })

  test('is refused by a broker that has no coordinator', async () => {
    peer.refusal = { condition: 'amqp:not-implemented', by: 'detach', times: 9, from: 2 }
    await assert.rejects(publisher(), { code: 'unsupported', message: /amqp:not-implemented/ })
    peer.refusal = { condition: 'amqp:not-implemented', by: 'end', times: 9, from: 2 }
    peer.received.length = 0
    await assert.rejects(publisher(), { code: 'unsupported' })
    assert.deepEqual(heard, [])
  })
})

describe('a transacted consumer by the AMQP 1.0 wire driver', () => {
  test('accepts each batch in a transaction of its own, and the rest when it is closed', async () => {
    const opened = await consumer(2)
    await peer.got('transfer', 2)
    peer.send(...[0, 1, 2, 4].map((id) => transfer(id, 'm')))
    await hears('delivery 0', 'delivery 1', 'delivery 2', 'delivery 3')
    for (let token = 0; token < 4; token++) opened.acknowledge(token)
    assert.equal(peer.of('disposition').length, 0, 'there is no transaction yet')
    peer.send(disposition(0, null, declared('one')), disposition(1, null, declared('two')))
    const accepted = await peer.got('disposition', 3)
    const seen = accepted.map(({ fields: [, first, last, isSettled, state] }) => {
      const [id, outcome] = (state as AmqpDescribed).value as readonly [Uint8Array, AmqpDescribed]
      assert.deepEqual([isSettled, outcome.descriptor], [true, DESCRIPTOR.accepted])
      return `${first as number}-${last as number} ${Buffer.from(id).toString()}`
    })
    assert.deepEqual(seen, ['0-1 one', '2-2 two', '4-4 two'])
    assert.deepEqual(transfers(), ['0 declare', '1 declare', '2 commit one', '3 declare', '4 commit two', '5 declare'])
    const closing = opened.close()
    assert.equal(peer.of('end').length, 0)
    peer.send(disposition(2, 5))
    await closing
  })

  test('takes a commit that is refused as the end', async () => {
    const opened = await consumer(1)
    await peer.got('transfer', 2)
    peer.send(disposition(0, null, declared('one')), transfer(0, 'm'))
    await hears('delivery 0')
    opened.acknowledge(0)
    await peer.got('transfer', 3)
    peer.send(disposition(2, null, encodeComposite(DESCRIPTOR.rejected, [errorValue('amqp:transaction:rollback')])))
    await hears('delivery 0', 'closed closed')
  })
})
