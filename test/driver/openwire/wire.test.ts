/** The wire driver against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { DriverError } from '../../../src/driver/driver-error.ts'
import type { AcknowledgePolicy, Consumer, Publisher, PublisherEvents } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { openwireWire } from '../../../src/driver/openwire/wire.ts'
import { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { COMMAND, MESSAGE } from '../../../src/protocol/openwire/type-codes.ts'
import { wireFormatInfo } from '../../../src/protocol/openwire/wire-format-info.ts'
import {
  connectionErrorFrame,
  dispatchFrame,
  exceptionFrame,
  keepAliveFrame,
  messageIdBytes,
  PRODUCER,
  responseFrame,
  textContent,
} from '../../protocol/openwire/broker-frames.ts'
import type { DispatchedMessage } from '../../protocol/openwire/broker-frames.ts'
import { eventually } from '../eventually.ts'
import { ScriptedPeer } from './scripted-peer.ts'
import type { ReceivedCommand } from './scripted-peer.ts'

const OPTIONS = { timeoutMs: 60_000 }
const QUEUE = { kind: 'queue', name: 'q' } as const
const MEMORY_FULL = 'javax.jms.ResourceAllocationException'

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

const PUBLISHER_EVENTS: PublisherEvents = {
  onSettled: (first, last, outcome, code) =>
    heard.push(`${first}-${last} ${outcome}${code === null ? '' : ` ${code}`}`),
  onBlocked: (reason) => heard.push(`blocked ${reason}`),
  onUnblocked: () => heard.push('unblocked'),
  onClosed: (cause) => heard.push(`closed ${cause.code}`),
}

async function publisher(confirm = true, to: Endpoint = endpoint, bodyBytesMax = 100): Promise<Publisher> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm, inFlightMax: 4, bodyBytesMax }
  const opened = await openwireWire.openPublisher(to, OPTIONS, spec, PUBLISHER_EVENTS)
  open.push(opened)
  return opened
}

async function consumer(acknowledge: AcknowledgePolicy, options = OPTIONS): Promise<Consumer> {
  const opened = await openwireWire.openConsumer(
    endpoint,
    options,
    {
      destination: QUEUE,
      clientId: 'c',
      acknowledge,
      prefetch: 2,
      persistent: true,
      competing: false,
      bodyBytesMax: 100,
    },
    {
      onDelivery: (body, redelivered, token) =>
        heard.push(`${Buffer.from(body).toString('utf8')}${redelivered ? ' again' : ''} ${token}`),
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

function message(text: string, sequence: number, more: DispatchedMessage = {}): Uint8Array {
  return dispatchFrame({ content: Buffer.from(text), sequence, ...more })
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

/** Type, first id, last id and count of a MessageAck, the ids in hex. */
function ackOf(command: ReceivedCommand): readonly [type: number, first: string, last: string, count: number] {
  const fields = new FrameReader()
  fields.open(command.fields, 0, command.fields.length, 0)
  for (let nested = 0; nested < 3; nested++) fields.skipNested()
  const type = fields.u8()
  const ids = [0, 1].map(() => {
    const start = fields.position
    fields.skipNested()
    return command.fields.toString('hex', start, fields.position)
  })
  return [type, ids[0] ?? '', ids[1] ?? '', fields.i32()]
}

function idHex(sequence: number): string {
  return Buffer.from(messageIdBytes(PRODUCER, sequence)).toString('hex')
}

async function answer(...sequences: readonly number[]): Promise<void> {
  const sent = await peer.messages(Math.max(...sequences) + 1)
  peer.send(...sequences.map((sequence) => responseFrame(sent[sequence]?.commandId ?? -1)))
}

describe('the OpenWire wire publisher', () => {
  test('logs in, opens session and producer, and sends messages that ask for an answer', async () => {
    publish(await publisher(), 2)
    const sent = await peer.messages(2)
    assert.deepEqual(
      peer.received.map(({ type }) => type),
      [COMMAND.connectionInfo, COMMAND.sessionInfo, COMMAND.producerInfo, MESSAGE.bytes, MESSAGE.bytes],
    )
    assert.ok(sent.every(({ responseRequired }) => responseRequired))
    assert.ok(sent[1]?.fields.includes('body 1'))
    const login = peer.received[0]?.fields.toString('latin1') ?? ''
    assert.ok(login.indexOf('correct-h0rse') < login.indexOf('bench'), 'the password comes first')
  })

  test('never uses a connection id twice', async () => {
    await Promise.all([publisher(), publisher(), publisher()])
    const ids = peer.of(COMMAND.connectionInfo).map(({ fields }) => fields.toString('latin1', 5, 5 + 19))
    assert.equal(ids.length, 3)
    assert.equal(new Set(ids).size, 3)
    assert.ok(ids.every((id) => id.startsWith('ID:')))
  })

  test('merges the answers of one packet into ranges, also when they are out of order', async () => {
    publish(await publisher(), 7)
    await answer(0, 1, 2, 5, 6, 4, 3)
    await hears('0-2 confirmed', '5-6 confirmed', '4-4 confirmed', '3-3 confirmed')
  })

  test('reports a message that the broker refuses by the name of the exception', async () => {
    publish(await publisher(), 3)
    const [first, second, third] = (await peer.messages(3)).map(({ commandId }) => commandId)
    peer.send(
      responseFrame(first ?? -1),
      exceptionFrame(second ?? -1, MEMORY_FULL, 'Usage Manager memory limit reached'),
      responseFrame(third ?? -1),
    )
    await hears('0-0 confirmed', '1-1 refused ResourceAllocationException', '2-2 confirmed')
  })

  test('overlooks the second answer to a message', async () => {
    publish(await publisher(), 3)
    await answer(0, 0, 1, 0, 2)
    await hears('0-2 confirmed')
  })

  test('settles what is unanswered as unknown when the peer hangs up, then reports that once', async () => {
    publish(await publisher(), 6)
    await answer(1, 3)
    await peer.messages(6)
    await hears('1-1 confirmed', '3-3 confirmed')
    peer.hangUp()
    await hears('1-1 confirmed', '3-3 confirmed', '0-0 unknown', '2-2 unknown', '4-5 unknown', 'closed closed')
  })

  test('asks for no answers without confirms, and says unknown of everything when the connection is lost', async () => {
    publish(await publisher(false), 3)
    const sent = await peer.messages(3)
    assert.ok(sent.every(({ responseRequired }) => !responseRequired))
    peer.hangUp()
    await hears('0-2 unknown', 'closed closed')
  })

  test('takes a ConnectionError as the end, because it does not say which command failed', async () => {
    const opened = await publisher(false)
    publish(opened, 1)
    await peer.messages(1)
    peer.send(
      connectionErrorFrame('java.lang.SecurityException', 'User bench is not authorized to write to: queue://q'),
    )
    await hears('0-0 unknown', 'closed not-permitted')
    assert.equal(opened.publish(Buffer.from('x'), 1), 'not-taken')
  })

  for (const [what, bytes] of [
    ['an answer to what was never sent', responseFrame(5000)],
    ['bytes that are no OpenWire', Buffer.from('HTTP/1.1 200 OK\r\n')],
    ['a delivery', message('x', 1)],
    ['a second WireFormatInfo', wireFormatInfo({ maxInactivityMs: 0, maxInactivityInitialDelayMs: 0 })],
    ['a response that ends too soon', Uint8Array.of(0, 0, 0, 3, COMMAND.response, 0, 0)],
  ] as const) {
    test(`takes ${what} as a broken protocol`, async () => {
      publish(await publisher(), 1)
      await peer.messages(1)
      peer.send(bytes)
      await hears('0-0 unknown', 'closed protocol-error')
    })
  }

  test('skips commands that it has no use for', async () => {
    publish(await publisher(), 1)
    await peer.messages(1)
    peer.send(Uint8Array.of(0, 0, 0, 4, 18, 9, 9, 9), Uint8Array.of(0, 0, 0, 1, 99))
    await answer(0)
    await hears('0-0 confirmed')
  })

  test('settles what the broker never answered when it is closed, and reports no loss', async () => {
    const opened = await publisher()
    publish(opened, 3)
    await Promise.all([opened.close(), opened.close()])
    assert.deepEqual(heard, ['0-2 unknown'])
    assert.deepEqual(
      peer.received.slice(-2).map(({ type }) => type),
      [COMMAND.removeInfo, COMMAND.shutdownInfo],
    )
  })

  test('is not opened for messages that are one byte larger than the broker reads', async () => {
    peer.greeting = Buffer.from(
      Buffer.from(peer.greeting).toString('hex').replace('0000000006400000', '0000000000000400'),
      'hex',
    )
    const opened = await publisher(true, endpoint, 100)
    opened.publish(new Uint8Array(100), 0)
    const [sent] = await peer.messages(1)
    // Type, command id and whether an answer is wanted are not among the fields.
    const aroundBytes = (sent?.fields.length ?? 0) + 6 - 100
    await publisher(true, endpoint, 1024 - aroundBytes)
    await assert.rejects(publisher(true, endpoint, 1025 - aroundBytes), {
      code: 'not-permitted',
      message: `publishing to queue q: openwire://127.0.0.1:${endpoint.port} reads frames of at most 1024 bytes, not 1025 (a body of ${1025 - aroundBytes} and what is around it)`,
    })
  })
})

describe('keeping an OpenWire connection alive', () => {
  const impatient = { maxInactivityMs: 60, maxInactivityInitialDelayMs: 20 }

  test('answers a KeepAliveInfo that asks for it with one that does not', async () => {
    await publisher()
    peer.send(keepAliveFrame(false), keepAliveFrame(true))
    const [sent] = await peer.got(COMMAND.keepAliveInfo, 1)
    assert.equal(sent?.responseRequired, false)
    await publisher()
    assert.equal(peer.of(COMMAND.keepAliveInfo).length, 1)
  })

  test('sends KeepAliveInfo when it has nothing to say, as often as the more impatient side wants', async () => {
    peer.greeting = wireFormatInfo(impatient)
    await publisher()
    assert.equal(peer.announcedInactivityMs, 30_000)
    const beat = setInterval(() => peer.send(keepAliveFrame(false)), 5)
    await peer.got(COMMAND.keepAliveInfo, 3).finally(() => clearInterval(beat))
  })

  test('gives a peer up that is silent for too long', async () => {
    peer.greeting = wireFormatInfo(impatient)
    publish(await publisher(), 1)
    await hears('0-0 unknown', 'closed closed')
  })

  test('has no monitor where one side wants none', async () => {
    peer.greeting = wireFormatInfo(impatient)
    await publisher(true, { ...endpoint, options: { maxInactivityMs: '0' } })
    assert.equal(peer.announcedInactivityMs, 0)
  })
})

describe('the OpenWire wire consumer', () => {
  test('acknowledges each message individually with the id that it came with', async () => {
    const opened = await consumer({ kind: 'each' })
    peer.send(message('m0', 7), message('m1', 8, { redeliveries: 2, isFull: true }), message('m2', 2 ** 40))
    await hears('m0 0', 'm1 again 1', 'm2 2')
    for (let token = 0; token < 3; token++) opened.acknowledge(token)
    const acks = await peer.got(COMMAND.messageAck, 3)
    assert.deepEqual(acks.map(ackOf), [
      [4, '00', idHex(7), 1],
      [4, '00', idHex(8), 1],
      [4, '00', idHex(2 ** 40), 1],
    ])
    assert.ok(acks.every(({ responseRequired }) => !responseRequired))
  })

  test('keeps the ids of more messages than it asked for, however long they are', async () => {
    const opened = await consumer({ kind: 'each' })
    const producers = Array.from({ length: 100 }, (_, index) => ({ ...PRODUCER, connectionId: 'x'.repeat(index * 5) }))
    peer.send(...producers.map((producer, sequence) => message('m', sequence, { producer })))
    await eventually(() => heard.length === 100, '100 deliveries')
    for (let token = 0; token < 100; token++) opened.acknowledge(token)
    const acks = await peer.got(COMMAND.messageAck, 100)
    assert.deepEqual(
      acks.map((ack) => ackOf(ack)[2]),
      producers.map((producer, sequence) => Buffer.from(messageIdBytes(producer, sequence)).toString('hex')),
    )
  })

  test('acknowledges ranges with exact counts every N messages, and the rest when it is closed', async () => {
    const opened = await consumer({ kind: 'every', messages: 3 })
    peer.send(...Array.from({ length: 9 }, (_, sequence) => message('m', sequence)))
    await eventually(() => heard.length === 9, '9 deliveries')
    for (let token = 0; token < 8; token++) opened.acknowledge(token)
    await opened.close()
    assert.deepEqual(peer.of(COMMAND.messageAck).map(ackOf), [
      [2, idHex(0), idHex(2), 3],
      [2, idHex(3), idHex(5), 3],
      [2, idHex(6), idHex(7), 2],
    ])
    assert.deepEqual(
      peer.received.slice(-3).map(({ type }) => type),
      [COMMAND.removeInfo, COMMAND.removeInfo, COMMAND.shutdownInfo],
    )
  })

  test('acknowledges each message itself in auto mode, as it is delivered', async () => {
    const opened = await consumer({ kind: 'auto' })
    peer.send(message('m', 1), message('n', 2))
    await hears('m 0', 'n 1')
    opened.acknowledge(0)
    assert.deepEqual((await peer.got(COMMAND.messageAck, 2)).map(ackOf), [
      [2, '00', idHex(1), 1],
      [2, '00', idHex(2), 1],
    ])
  })

  test('delivers text in UTF-8, plain messages as empty, and overlooks a dispatch without a message', async () => {
    await consumer({ kind: 'each' })
    const text = textContent(Uint8Array.of(0x61, 0xc0, 0x80, 0xc3, 0xa9))
    peer.send(
      dispatchFrame({ type: MESSAGE.text, content: text }),
      dispatchFrame(null),
      dispatchFrame({ type: MESSAGE.plain, content: null }),
    )
    await hears('a\0é 0', ' 1')
  })

  for (const [what, more] of [
    ['a MapMessage', { type: MESSAGE.map }],
    ['a compressed body', { compressed: true }],
    ['text whose length lies', { type: MESSAGE.text }],
  ] as const) {
    test(`says clearly that it does not read ${what}`, async () => {
      await consumer({ kind: 'each' })
      peer.send(message('x', 1, more))
      await hears('closed unsupported')
    })
  }

  test('takes a ConnectionError as the end: an acknowledgement failed and the deliveries would stop', async () => {
    await consumer({ kind: 'each' })
    peer.send(connectionErrorFrame('javax.jms.JMSException', 'Unmatched acknowledge'))
    await hears('closed protocol-error')
  })

  test('delivers nothing of a packet behind what ended the session', async () => {
    await consumer({ kind: 'each' })
    peer.send(message('m', 1), message('x', 2, { type: MESSAGE.stream }), message('n', 3))
    await hears('m 0', 'closed unsupported')
  })

  test('is refused with the broker’s exception, without the name of the user, and hears of no loss', async () => {
    const text = 'User bench is not authorized to read from: queue://q'
    peer.refusals = { [COMMAND.consumerInfo]: ['java.lang.SecurityException', text] }
    await assert.rejects(
      consumer({ kind: 'each' }),
      (error: unknown) =>
        error instanceof DriverError && error.code === 'not-permitted' && !error.message.includes('bench'),
    )
    assert.deepEqual(heard, [])
  })

  test('gives up on a broker that does not answer its ConsumerInfo', async () => {
    peer.answersFor = [COMMAND.connectionInfo, COMMAND.sessionInfo]
    await assert.rejects(consumer({ kind: 'each' }, { timeoutMs: 100 }), { code: 'timeout' })
    assert.deepEqual(heard, [])
  })
})

describe('connecting by the OpenWire wire driver', () => {
  for (const [what, greeting] of [
    ['an AMQP broker', 'AMQP\0\0\x09\x01'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a TLS listener', '\x15\x03\x03\x00\x02\x02\x46'],
    ['a STOMP broker', 'ERROR\nmessage:Unknown STOMP action\n\n\0'],
    ['an MQTT broker', '\x20\x02\x00\x05'],
    ['something with frames of its own', '\0\0\0\x02\x1e\0'],
    ['something that only begins like OpenWire', '\0\0\0\x0e\x01ActiveXX\0\0\0\x0c\0'],
  ] as const) {
    test(`to ${what} is the wrong protocol`, async () => {
      peer.greeting = Buffer.from(greeting, 'latin1')
      await assert.rejects(publisher(), { code: 'wrong-protocol' })
    })
  }

  test('to a broker of OpenWire 9 is the wrong protocol, and the version is said', async () => {
    peer.greeting = Buffer.from('\0\0\0\x0e\x01ActiveMQ\0\0\0\x09\0', 'latin1')
    await assert.rejects(publisher(), { code: 'wrong-protocol', message: /speaks OpenWire 9, not 10 or later/ })
  })

  test('to a silent server ends with the time-out', async () => {
    peer.greeting = new Uint8Array(0)
    await assert.rejects(openwireWire.openAdmin(endpoint, { timeoutMs: 50 }), { code: 'timeout' })
  })

  test('with a wrong password repeats neither name nor password', async () => {
    const text = 'User name [bench] or password is invalid.'
    peer.refusals = { [COMMAND.connectionInfo]: ['java.lang.SecurityException', text] }
    await assert.rejects(
      publisher(),
      (error: unknown) =>
        error instanceof DriverError && error.code === 'authentication' && !/bench|h0rse/.test(error.message),
    )
  })

  for (const [brokerId, identity] of [
    ['ID:host-40753-1795257481723-0:1', { product: 'ActiveMQ', version: '5.18.3' }],
    ['a146301d-e597-11f1-8acc-02fc00000001', { product: 'Artemis', version: null }],
  ] as const) {
    test(`tells ${identity.product} by the broker id ${brokerId}`, async () => {
      peer.brokerId = brokerId
      const admin = await openwireWire.openAdmin(endpoint, OPTIONS)
      assert.deepEqual(admin.identity, identity)
      await admin.close()
    })
  }
})

describe('the OpenWire wire admin', () => {
  test('removes a destination by DestinationInfo, operation 1', async () => {
    const admin = await openwireWire.openAdmin(endpoint, OPTIONS)
    assert.equal(await admin.remove({ kind: 'topic', name: 't' }, []), 'removed')
    const [sent] = peer.of(COMMAND.destinationInfo)
    // Topic `t`, remove, no time-out, no broker path.
    assert.ok(sent?.fields.toString('hex').endsWith('016501000174' + '01' + '0000000000000000' + '00'))
    await admin.close()
  })

  test('empties a queue that it may not remove, and leaves a topic', async () => {
    peer.refusals = {
      [COMMAND.destinationInfo]: ['javax.jms.JMSException', 'Destination still has an active subscription'],
    }
    const admin = await openwireWire.openAdmin(endpoint, OPTIONS)
    assert.equal(await admin.remove({ kind: 'topic', name: 't' }, []), 'remains')
    const removing = admin.remove(QUEUE, [])
    await peer.got(COMMAND.consumerInfo, 1)
    peer.send(message('left', 1), message('behind', 2))
    assert.equal(await removing, 'emptied')
    assert.equal(peer.of(COMMAND.messageAck).length, 2)
    await admin.close()
  })

  test('removes the durable subscriptions that keep a topic, by the ids of their clients', async () => {
    const text = 'Destination still has an active subscription'
    peer.refusals = { [COMMAND.destinationInfo]: ['javax.jms.JMSException', text] }
    peer.answersFor = [...peer.answersFor, COMMAND.removeSubscriptionInfo]
    const admin = await openwireWire.openAdmin(endpoint, OPTIONS)
    assert.equal(await admin.remove({ kind: 'topic', name: 't' }, ['c0', 'c1']), 'remains')
    const removed = peer.of(COMMAND.removeSubscriptionInfo).map(({ fields }) => fields.toString('hex').slice(-20))
    assert.deepEqual(removed, ['0100026330' + '0100026330', '0100026331' + '0100026331'])
    assert.equal(peer.of(COMMAND.destinationInfo).length, 2)
    await admin.close()
  })

  test('refuses to declare with arguments', async () => {
    const admin = await openwireWire.openAdmin(endpoint, OPTIONS)
    await admin.declare(QUEUE, { arguments: {}, durable: true })
    await assert.rejects(admin.declare(QUEUE, { arguments: { 'x-queue-type': 'quorum' }, durable: true }), {
      code: 'unsupported',
    })
    await admin.close()
  })
})
