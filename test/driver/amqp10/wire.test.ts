/** The wire driver against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { amqp10Wire } from '../../../src/driver/amqp10/wire.ts'
import { WireIdle } from '../../../src/driver/amqp10/wire-idle.ts'
import { DriverError } from '../../../src/driver/driver-error.ts'
import type {
  AcknowledgePolicy,
  Consumer,
  MessageProperties,
  Publisher,
  PublisherEvents,
} from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { DESCRIPTOR } from '../../../src/protocol/amqp10/descriptor.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeMap,
  encodeString,
  encodeUbyte,
  encodeUint,
  joined,
  NULL,
} from '../../../src/protocol/amqp10/encode-value.ts'
import { encodeMessageHead } from '../../../src/protocol/amqp10/message-head.ts'
import { Message } from '../../../src/protocol/amqp10/message.ts'
import { AmqpDescribed, AmqpSymbol } from '../../../src/protocol/amqp10/value.ts'
import { eventually } from '../eventually.ts'
import { data, disposition, errorValue, flow, frameOf, ScriptedPeer, transfer } from './scripted-peer.ts'

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

const PUBLISHER_EVENTS: PublisherEvents = {
  onSettled: (first, last, outcome, code) =>
    heard.push(`${first}-${last} ${outcome}${code === null ? '' : ` ${code}`}`),
  onBlocked: (reason) => heard.push(`blocked ${reason}`),
  onUnblocked: () => heard.push('unblocked'),
  onClosed: (cause) => heard.push(`closed ${cause.code}`),
}

async function publisher(confirm = true, to: Endpoint = endpoint): Promise<Publisher> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm, inFlightMax: 4, bodyBytesMax: 100 }
  const opened = await amqp10Wire.openPublisher(to, OPTIONS, spec, PUBLISHER_EVENTS)
  open.push(opened)
  return opened
}

async function consumer(
  acknowledge: AcknowledgePolicy,
  prefetch = 4,
  timeoutMs = OPTIONS.timeoutMs,
): Promise<Consumer> {
  const spec = { destination: QUEUE, clientId: 'c', prefetch, persistent: true, competing: false, bodyBytesMax: 100 }
  const opened = await amqp10Wire.openConsumer(
    endpoint,
    { timeoutMs },
    { ...spec, acknowledge },
    {
      onDelivery: (body, redelivered, token) =>
        heard.push(`${Buffer.from(body).toString()}${redelivered ? ' again' : ''} ${token}`),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
    },
  )
  open.push(opened)
  return opened
}

function publish(to: Publisher, count: number, from = 0): void {
  for (let sequence = from; sequence < from + count; sequence++) {
    assert.equal(to.publish(Buffer.from(`body ${sequence}`), sequence), 'accepted')
  }
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

/** First and last delivery-id of each disposition that the driver sent. */
function accepted(): string[] {
  return peer.of('disposition').map(({ fields: [role, first, last, isSettled, state] }) => {
    assert.deepEqual([role, isSettled, state], [true, true, new AmqpDescribed(DESCRIPTOR.accepted, [])])
    return `${first as number}-${last as number}`
  })
}

/** Delivery count and credit of each flow that the driver sent. */
function credits(): (readonly [unknown, unknown])[] {
  return peer.of('flow').map(({ fields }) => [fields[5], fields[6]])
}

describe('the AMQP 1.0 wire publisher', () => {
  test('sends what the specification says, unsettled, with its sequence as delivery-id', async () => {
    publish(await publisher(), 2)
    const sent = await peer.got('transfer', 2)
    assert.deepEqual(sent[1]?.fields, [0, 1, Uint8Array.of(0, 0, 0, 1), 0, false, false])
    const header = encodeComposite(DESCRIPTOR.header, [encodeBoolean(true)])
    assert.deepEqual(sent[1].payload, joined([header, data('body 1')]))
    const [attach] = peer.of('attach')
    assert.deepEqual(attach?.fields.slice(0, 5), ['p', 0, false, 0, 0])
    const source = new AmqpDescribed(DESCRIPTOR.source, [])
    const capabilities = [new AmqpSymbol('queue')]
    const target = new AmqpDescribed(DESCRIPTOR.target, ['q', null, null, null, null, null, capabilities])
    assert.deepEqual(attach.fields.slice(5, 7), [source, target])
    assert.equal(peer.of('open')[0]?.fields[0], 'p')
  })

  test('sends properties in the header and the application properties of every message', async () => {
    const spec = {
      destination: QUEUE,
      clientId: 'p',
      persistent: false,
      confirm: true,
      inFlightMax: 4,
      bodyBytesMax: 9,
    }
    const properties = { ttlMs: 500, priority: 9, headers: { region: 'eu' } }
    const opened = await amqp10Wire.openPublisher(endpoint, OPTIONS, { ...spec, properties }, PUBLISHER_EVENTS)
    open.push(opened)
    publish(opened, 2)
    const sent = await peer.got('transfer', 2)
    const header = [encodeBoolean(false), encodeUbyte(9), encodeUint(500)]
    const carried = encodeMap([encodeString('region'), encodeString('eu')])
    const expected = joined([
      encodeComposite(DESCRIPTOR.header, header),
      encodeDescribed(DESCRIPTOR.applicationProperties, carried),
      data('body 1'),
    ])
    assert.deepEqual(sent[1]?.payload, expected)
  })

  test('writes each message by itself where it is told to', async () => {
    const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm: true, inFlightMax: 9, bodyBytesMax: 9 }
    const opened = await amqp10Wire.openPublisher(
      endpoint,
      OPTIONS,
      { ...spec, messagePerWrite: true },
      PUBLISHER_EVENTS,
    )
    open.push(opened)
    const before = opened.counters().writes ?? 0
    publish(opened, 5)
    assert.equal((opened.counters().writes ?? 0) - before, 5)
  })

  test('logs in by PLAIN with the bytes of user and password', async () => {
    await publisher(true, { ...endpoint, password: 'pässwörd' })
    const [init] = await peer.got('saslInit', 1)
    assert.deepEqual(init?.fields[0], new AmqpSymbol('PLAIN'))
    assert.equal(Buffer.from(init.fields[1] as Uint8Array).toString(), '\0bench\0pässwörd')
  })

  test('names the virtual host as RabbitMQ spells it', async () => {
    await publisher(true, { ...endpoint, options: { vhost: 'load' } })
    assert.equal(peer.of('open')[0]?.fields[1], 'vhost:load')
  })

  test('reports a ranged disposition as one range, and merges those of one packet that follow each other', async () => {
    publish(await publisher(), 9)
    await peer.got('transfer', 9)
    peer.send(disposition(0, 2), disposition(3, null), disposition(4, 5), disposition(8, 8), disposition(7, 7))
    await hears('0-5 confirmed', '8-8 confirmed', '7-7 confirmed')
  })

  test('settles each message once, however often and however far dispositions go', async () => {
    publish(await publisher(), 4)
    await peer.got('transfer', 4)
    peer.send(disposition(1, 1), disposition(0, 2), disposition(2, 2), disposition(0, 0xfffffff))
    await hears('1-1 confirmed', '0-0 confirmed', '2-3 confirmed')
  })

  test('takes every other outcome as a refusal with its code, and settling without one as unknown', async () => {
    publish(await publisher(), 6)
    await peer.got('transfer', 6)
    peer.send(
      disposition(0, 1, encodeComposite(DESCRIPTOR.rejected, [errorValue('amqp:resource-limit-exceeded')])),
      disposition(2, null, encodeComposite(DESCRIPTOR.rejected, [])),
      disposition(3, null, encodeComposite(DESCRIPTOR.released, [])),
      disposition(4, null, encodeComposite(DESCRIPTOR.modified, [encodeBoolean(true)])),
      disposition(5, null, null),
    )
    await hears(
      '0-1 refused amqp:resource-limit-exceeded',
      '2-2 refused rejected',
      '3-3 refused released',
      '4-4 refused modified',
      '5-5 unknown',
    )
  })

  test('settles what the peer left unsettled after naming the outcome', async () => {
    publish(await publisher(), 2)
    await peer.got('transfer', 2)
    peer.send(disposition(0, 1, undefined, false))
    await hears('0-1 confirmed')
    const [answer] = await peer.got('disposition', 1)
    const state = new AmqpDescribed(DESCRIPTOR.accepted, [])
    assert.deepEqual(answer?.fields, [false, 0, 1, true, state])
  })

  test('stops when its credit is used up, and goes on with the next', async () => {
    peer.credit = 2
    const opened = await publisher()
    publish(opened, 1)
    assert.equal(opened.publish(Buffer.from('last'), 1), 'accepted-now-full')
    assert.equal(opened.publish(Buffer.from('no'), 2), 'not-taken')
    await peer.got('transfer', 2)
    peer.send(flow(3, 1))
    await hears('blocked credit', 'unblocked')
    publish(opened, 1, 2)
    assert.equal(opened.publish(Buffer.from('last'), 3), 'accepted-now-full')
  })

  test('opens without credit, blocked from the first message on', async () => {
    peer.credit = 0
    const opened = await publisher()
    assert.equal(opened.publish(Buffer.from('no'), 0), 'not-taken')
    assert.deepEqual(heard, ['blocked credit'])
    peer.send(flow(1))
    await hears('blocked credit', 'unblocked')
  })

  test('counts credit that is drained as used', async () => {
    peer.credit = 5
    const opened = await publisher()
    publish(opened, 2)
    await peer.got('transfer', 2)
    peer.send(flow(5, 0, 1000, 2, true))
    await peer.got('flow', 1)
    assert.deepEqual(credits(), [[5, 0]])
    assert.equal(opened.publish(Buffer.from('no'), 2), 'not-taken')
    peer.send(flow(1, 5))
    await hears('blocked credit', 'unblocked')
  })

  test('splits what is larger than a frame, stops in the middle at the end of the window, and goes on', async () => {
    peer.frameBytesMax = 512
    peer.incomingWindow = 3
    const opened = await publisher()
    const body = Buffer.alloc(3000, 'abcdefg')
    assert.equal(opened.publish(body, 0), 'accepted-now-full')
    body.fill(0)
    assert.equal((await peer.got('transfer', 3)).length, 3)
    peer.send(flow(1000, 0, 2, 3))
    await peer.got('transfer', 5)
    assert.deepEqual(heard, ['blocked credit'])
    peer.send(flow(1000, 0, 100, 5))
    await hears('blocked credit', 'unblocked')
    const sent = await peer.got('transfer', 7)
    assert.deepEqual(
      sent.map(({ fields }) => fields[5]),
      [true, true, true, true, true, true, false],
    )
    assert.ok(sent.every(({ payload }) => payload.length <= 512 - 30))
    const message = new Message()
    const whole = joined(sent.map(({ payload }) => payload))
    message.read(whole, 0, whole.length, 0)
    assert.equal(Buffer.from(message.body()).toString(), 'abcdefg'.repeat(429).slice(0, 3000))
    peer.send(disposition(0, 0))
    await hears('blocked credit', 'unblocked', '0-0 confirmed')
  })

  test('sends settled messages when nobody wants to know, and knows nothing of them when the peer is gone', async () => {
    publish(await publisher(false), 3)
    const sent = await peer.got('transfer', 3)
    assert.equal(peer.of('attach')[0]?.fields[3], 1)
    assert.ok(sent.every(({ fields }) => fields[4] === true))
    peer.hangUp()
    await hears('0-2 unknown', 'closed closed')
  })

  test('settles what is unanswered as unknown when the peer hangs up, then reports that once', async () => {
    publish(await publisher(), 3)
    await peer.got('transfer', 3)
    peer.send(disposition(1, 1))
    peer.hangUp()
    await hears('1-1 confirmed', '0-0 unknown', '2-2 unknown', 'closed closed')
  })

  for (const [what, frame, code] of [
    [
      'a link that the broker detaches',
      frameOf('detach', [encodeUint(0), NULL, errorValue('amqp:not-allowed')]),
      'not-permitted',
    ],
    ['a session that the broker ends', frameOf('end', [errorValue('amqp:session:window-violation')]), 'protocol-error'],
    ['a connection that the broker closes', frameOf('close', [errorValue('amqp:connection:forced')]), 'closed'],
    ['a delivery', transfer(0, 'x'), 'protocol-error'],
    ['a second open', frameOf('open', [encodeString('peer')]), 'protocol-error'],
    ['a frame of random bytes', Uint8Array.of(0, 0, 0, 12, 2, 0, 0, 0, 1, 2, 3, 4), 'protocol-error'],
    ['a frame that is longer than agreed', Uint8Array.of(0x7f, 0, 0, 0, 2, 0, 0, 0), 'protocol-error'],
  ] as const) {
    test(`takes ${what} as the end`, async () => {
      publish(await publisher(), 1)
      await peer.got('transfer', 1)
      peer.send(frame)
      await hears('0-0 unknown', `closed ${code}`)
    })
  }

  test('ends link, session and connection in order, and still hears of what is confirmed meanwhile', async () => {
    peer.silentOn = ['detach', 'end']
    const opened = await publisher()
    publish(opened, 2)
    const closing = opened.close()
    await peer.got('end', 1)
    assert.deepEqual(peer.of('close'), [], 'not before the session has ended')
    peer.send(disposition(0, 0), frameOf('detach', [encodeUint(0)]), frameOf('end', []))
    await closing
    await opened.close()
    assert.deepEqual(heard, ['0-0 confirmed', '1-1 unknown'])
    const ended = peer.received.slice(-3).map(({ name }) => name)
    assert.deepEqual(ended, ['detach', 'end', 'close'])
  })

  test('sends empty frames to a peer that wants to hear something', async () => {
    peer.idleTimeOutMs = 40
    await publisher()
    assert.equal(peer.of('open')[0]?.fields[4], 30_000)
    await eventually(() => peer.emptyFrames >= 3, 'three empty frames')
  })

  test('gives a peer up that says nothing any more', async () => {
    const silent = { peer: 'amqp10://there', isBlocked: false, write: () => undefined }
    const causes: DriverError[] = []
    const counters = () => ({ writes: 0, bytesWritten: 0, bytesRead: 7 })
    const idle = new WireIdle({ ...silent, counters }, 0, 20, (error) => causes.push(error))
    await eventually(() => causes.length > 0, 'the end')
    idle.stop()
    assert.equal(causes[0]?.code, 'closed')
  })

  test('answers a peer that asks for its state', async () => {
    publish(await publisher(), 2)
    await peer.got('transfer', 2)
    const windows = [encodeUint(2), encodeUint(9), encodeUint(0), encodeUint(9), encodeUint(0)]
    peer.send(frameOf('flow', [...windows, encodeUint(2), encodeUint(7), null, null, encodeBoolean(true)]))
    await peer.got('flow', 1)
    assert.deepEqual(credits(), [[2, 7]])
  })
})

describe('the AMQP 1.0 wire consumer', () => {
  test('accepts each message by itself and gives credit as it goes, never for more than its prefetch', async () => {
    const opened = await consumer({ kind: 'each' })
    await peer.got('flow', 1)
    peer.send(transfer(5, 'a'), transfer(6, 'b'), transfer(7, 'c'), transfer(8, 'd'))
    await hears('a 0', 'b 1', 'c 2', 'd 3')
    opened.acknowledge(0)
    opened.acknowledge(1)
    await peer.got('flow', 3)
    assert.deepEqual(accepted(), ['5-5', '6-6'])
    assert.deepEqual(credits(), [
      [0xffffffff, 4],
      [3, 1],
      [3, 2],
    ])
  })

  test('accepts every N messages as a range, and the rest when it is closed', async () => {
    const opened = await consumer({ kind: 'every', messages: 3 }, 10)
    peer.send(...[0, 1, 2, 3, 5, 6, 7, 8].map((id) => transfer(id, 'm')))
    await eventually(() => heard.length === 8, '8 deliveries')
    for (let token = 0; token < 7; token++) opened.acknowledge(token)
    await opened.close()
    // Delivery-id 4 was of another: a range must not go over it.
    assert.deepEqual(accepted(), ['0-2', '3-3', '5-6', '7-7'])
    assert.deepEqual(credits(), [
      [0xffffffff, 10],
      [7, 5],
      [7, 8],
      [7, 9],
    ])
  })

  test('makes no batch that its prefetch could not fill', async () => {
    const opened = await consumer({ kind: 'every', messages: 100 }, 2)
    peer.send(transfer(0, 'a'), transfer(1, 'b'))
    await hears('a 0', 'b 1')
    opened.acknowledge(0)
    opened.acknowledge(1)
    await peer.got('disposition', 1)
    assert.deepEqual(accepted(), ['0-1'])
  })

  test('asks for settled messages in auto mode, and accepts those that come unsettled', async () => {
    const opened = await consumer({ kind: 'auto' }, 8)
    assert.equal(peer.of('attach')[0]?.fields[3], 1)
    peer.send(transfer(0, 'a', { isSettled: true }), transfer(1, 'b'), transfer(2, 'c'))
    await hears('a 0', 'b 1', 'c 2')
    opened.acknowledge(0)
    await peer.got('flow', 2)
    assert.deepEqual(accepted(), ['1-2'])
    assert.deepEqual(credits().at(-1), [2, 8])
  })

  test('does not accept what the broker had settled, and gives the credit back all the same', async () => {
    const opened = await consumer({ kind: 'each' })
    peer.send(transfer(0, 'a', { isSettled: true }))
    await hears('a 0')
    opened.acknowledge(0)
    await peer.got('flow', 2)
    assert.deepEqual(accepted(), [])
    assert.deepEqual(credits().at(-1), [0, 4])
  })

  test('puts messages of several transfers together', async () => {
    await consumer({ kind: 'each' })
    const whole = data('x'.repeat(1000))
    peer.send(
      transfer(0, '', { hasMore: true }, whole.subarray(0, 3)),
      transfer(null, '', { hasMore: true }, whole.subarray(3, 500)),
      transfer(null, '', {}, whole.subarray(500)),
      transfer(1, 'next'),
    )
    await hears(`${'x'.repeat(1000)} 0`, 'next 1')
  })

  test('forgets a message that the broker aborts, and asks for another in its place', async () => {
    await consumer({ kind: 'each' })
    peer.send(
      transfer(0, 'a', { hasMore: true }),
      transfer(null, '', { isAborted: true }, new Uint8Array(0)),
      transfer(1, 'b'),
    )
    await hears('b 0')
    await peer.got('flow', 2)
    assert.deepEqual(credits().at(-1), [0, 4])
  })

  test('tells a message that may have come before by its delivery count', async () => {
    await consumer({ kind: 'each' })
    const again = encodeComposite(DESCRIPTOR.header, [NULL, NULL, NULL, NULL, encodeUint(1)])
    const others = encodeComposite(DESCRIPTOR.header, [NULL, NULL, NULL, encodeBoolean(false)])
    peer.send(
      transfer(0, '', {}, joined([again, data('a')])),
      transfer(1, '', {}, joined([others, encodeDescribed(DESCRIPTOR.amqpValue, encodeBinary(Buffer.from('b')))])),
      transfer(2, '', {}, encodeDescribed(DESCRIPTOR.amqpValue, encodeString('c'))),
    )
    await hears('a again 0', 'b 1', 'c 2')
  })

  test("tells it by first-acquirer where RabbitMQ's plugin knows nothing else", async () => {
    peer.product = 'RabbitMQ'
    await consumer({ kind: 'each' })
    const header = (isFirst: boolean): Uint8Array =>
      encodeComposite(DESCRIPTOR.header, [NULL, NULL, NULL, encodeBoolean(isFirst)])
    peer.send(
      transfer(0, '', {}, joined([header(false), data('a')])),
      transfer(1, '', {}, joined([header(true), data('b')])),
    )
    await hears('a again 0', 'b 1')
  })

  for (const by of ['detach', 'end'] as const) {
    test(`is refused with the broker's condition when it answers by ${by}, and hears of no loss`, async () => {
      peer.refusal = { condition: 'amqp:unauthorized-access', by, times: 9 }
      await assert.rejects(consumer({ kind: 'each' }), {
        code: 'not-permitted',
        message: /consuming from queue q: amqp:unauthorized-access \(in the words of the peer to …\)$/,
      })
      assert.deepEqual(heard, [])
      assert.equal(peer.of('close').length, 1)
    })
  }

  test('tries the next address in a new session where the broker ended the first', async () => {
    peer.product = 'RabbitMQ'
    peer.refusal = { condition: 'amqp:precondition-failed', by: 'end', times: 1 }
    await consumer({ kind: 'each' })
    const addresses = peer.of('attach').map(({ fields }) => (fields[5] as AmqpDescribed).value as readonly unknown[])
    assert.deepEqual(
      addresses.map(([address]) => address),
      ['/queue/q', '/amq/queue/q'],
    )
    assert.equal(peer.of('begin').length, 2)
  })

  test('gives up on a broker that does not answer its attach', async () => {
    peer.silentOn = ['attach']
    await assert.rejects(consumer({ kind: 'each' }, 1, 100), { code: 'timeout' })
    assert.deepEqual(heard, [])
  })

  test('tells what a message carries beside its body only to whom that asks', async () => {
    const spec = { destination: QUEUE, clientId: 'c', prefetch: 4, persistent: true, competing: false, bodyBytesMax: 9 }
    const asked: MessageProperties[] = []
    const opened = await amqp10Wire.openConsumer(
      endpoint,
      OPTIONS,
      { ...spec, acknowledge: { kind: 'each' } },
      { onDelivery: () => heard.push('delivery'), onProperties: (each) => asked.push(each), onClosed: () => undefined },
    )
    open.push(opened)
    const carried = { ttlMs: 60_000, priority: 7, headers: { region: 'eu', Price: '3 €' } }
    const head = encodeMessageHead({ isDurable: true, ...carried })
    peer.send(transfer(0, '', {}, joined([head, data('a')])), transfer(1, 'b'))
    await hears('delivery', 'delivery')
    assert.deepEqual(asked, [carried, { ttlMs: null, priority: null, headers: {} }])
  })

  test('reports a broken message once, and nothing after it', async () => {
    const opened = await consumer({ kind: 'each' })
    peer.send(
      transfer(0, 'a'),
      transfer(1, '', {}, Uint8Array.of(0, 0x53, 0x75, 0xb0, 0x7f, 0, 0, 0)),
      transfer(2, 'c'),
    )
    await hears('a 0', 'closed protocol-error')
    opened.acknowledge(0)
    await opened.close()
    assert.equal(heard.length, 2)
  })
})

describe('connecting by the AMQP 1.0 wire driver', () => {
  for (const [what, greeting] of [
    ['an AMQP 0-9-1 broker', 'AMQP\0\0\x09\x01'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a TLS listener', '\x15\x03\x03\x00\x02\x02\x46'],
    ['an OpenWire broker', '\0\0\x01\x2a\x01ActiveMQ'],
    ['a broker of AMQP 1.0 without SASL', 'AMQP\0\x01\0\0'],
  ] as const) {
    test(`to ${what} is the wrong protocol`, async () => {
      peer.greeting = Buffer.from(greeting, 'latin1')
      await assert.rejects(publisher(), { code: 'wrong-protocol' })
    })
  }

  test('to a silent server ends with the time-out', async () => {
    peer.greeting = new Uint8Array(0)
    await assert.rejects(amqp10Wire.openAdmin(endpoint, { timeoutMs: 50 }), { code: 'timeout' })
  })

  test('with a wrong password repeats neither name nor password', async () => {
    peer.saslOutcome = 1
    await assert.rejects(
      publisher(),
      (error: unknown) =>
        error instanceof DriverError && error.code === 'authentication' && !/bench|h0rse/.test(error.message),
    )
  })

  test('without a user logs in by the client certificate, or as nobody where the broker does not take it', async () => {
    const tls = { ca: null, certificate: 'PEM', key: 'PEM', verify: true, serverName: null }
    const certified = { ...endpoint, username: null, password: null, tls }
    await (await publisher(true, certified)).close()
    peer.mechanisms = ['ANONYMOUS']
    await publisher(true, certified)
    const inits = await peer.got('saslInit', 2)
    const expected = ['EXTERNAL', 'ANONYMOUS'].map((name) => new AmqpSymbol(name))
    assert.deepEqual(
      inits.map(({ fields }) => fields[0]),
      expected,
    )
    assert.deepEqual(inits[0]?.fields[1], new Uint8Array(0))
  })

  test('by a certificate that the broker has no user for says so', async () => {
    const tls = { ca: null, certificate: 'PEM', key: 'PEM', verify: true, serverName: null }
    peer.saslOutcome = 1
    const expected = { code: 'authentication', message: /no user by the client certificate/ }
    await assert.rejects(publisher(true, { ...endpoint, username: null, password: null, tls }), expected)
  })

  test('to a broker that has none of our mechanisms says which it has', async () => {
    peer.mechanisms = ['GSSAPI', 'SCRAM-SHA-256']
    await assert.rejects(publisher(), { code: 'authentication', message: /GSSAPI, SCRAM-SHA-256/ })
  })

  test('tells who is there', async () => {
    peer.product = 'apache-activemq-artemis'
    const admin = await amqp10Wire.openAdmin(endpoint, OPTIONS)
    assert.deepEqual(admin.identity, { product: 'Artemis', version: '3.10.8' })
    await admin.declare(QUEUE, { arguments: {}, durable: true })
    await admin.declare(QUEUE, { arguments: {}, durable: true })
    assert.deepEqual([peer.of('attach').length, peer.of('detach').length, peer.of('begin').length], [2, 2, 1])
    await assert.rejects(admin.declare(QUEUE, { arguments: { 'x-queue-type': 'quorum' }, durable: true }), {
      code: 'unsupported',
    })
    await admin.close()
  })
})
