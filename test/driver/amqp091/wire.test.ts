/** The wire driver against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { DriverError } from '../../../src/driver/driver-error.ts'
import type {
  AcknowledgePolicy,
  Admin,
  Consumer,
  ConsumerEvents,
  Destination,
  ConsumerSpec,
  MessageProperties,
  Publisher,
  PublisherEvents,
  PublisherSpec,
} from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { amqp091Wire } from '../../../src/driver/amqp091/wire.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import { METHOD } from '../../../src/protocol/amqp091/method.ts'
import { bytesOf, content, deliverMethod, hex, joined } from '../../protocol/amqp091/seen-frames.ts'
import { eventually } from '../eventually.ts'
import { closing, ScriptedPeer } from './wire-scripted-peer.ts'

const OPTIONS = { timeoutMs: 60_000 }
const QUEUE: Destination = { kind: 'queue', name: 'q' }
const LONG: Destination = { kind: 'queue', name: 'q'.repeat(256) }
const TOPIC: Destination = { kind: 'topic', name: 'a.b' }

let peer = new ScriptedPeer()
let endpoint: Endpoint
let heard: string[] = []
const open: (Publisher | Consumer | Admin)[] = []

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

async function publisher(
  confirm = true,
  to: Endpoint = endpoint,
  destination = QUEUE,
  over: Partial<PublisherSpec> = {},
): Promise<Publisher> {
  const spec = { destination, clientId: 'p', persistent: true, confirm, inFlightMax: 4, bodyBytesMax: 100, ...over }
  const opened = await amqp091Wire.openPublisher(to, OPTIONS, spec, PUBLISHER_EVENTS)
  open.push(opened)
  return opened
}

async function consumer(
  acknowledge: AcknowledgePolicy,
  events: Partial<ConsumerEvents> = {},
  destination = QUEUE,
  over: Partial<ConsumerSpec> = {},
): Promise<Consumer> {
  const spec = { destination, clientId: 'c', acknowledge, prefetch: 2, persistent: true, competing: false, ...over }
  const opened = await amqp091Wire.openConsumer(
    endpoint,
    OPTIONS,
    { ...spec, bodyBytesMax: 100 },
    {
      onDelivery: (body, redelivered, token) =>
        heard.push(`${Buffer.from(body).toString('latin1')}${redelivered ? ' again' : ''} ${token}`),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
      ...events,
    },
  )
  open.push(opened)
  return opened
}

async function admin(to: Endpoint = endpoint): Promise<Admin> {
  const opened = await amqp091Wire.openAdmin(to, OPTIONS)
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

function ack(deliveryTag: number, multiple = false): Uint8Array {
  return methodFrame(1, METHOD.basicAck, (fields) => fields.longLong(deliveryTag).octet(multiple ? 1 : 0))
}

function nack(deliveryTag: number, multiple = false): Uint8Array {
  return methodFrame(1, METHOD.basicNack, (fields) => fields.longLong(deliveryTag).octet(multiple ? 1 : 0))
}

function returned(sequence: number): Uint8Array {
  const method = methodFrame(1, METHOD.basicReturn, (fields) =>
    fields.short(312).shortString('NO_ROUTE').shortString('').shortString('q'),
  )
  const id = String(sequence)
  return joined(
    method,
    content(1, bytesOf('body'), 100, (fields) => fields.short(0x1080).octet(2).shortString(id)),
  )
}

function delivery(deliveryTag: number, body: string, redelivered = false): Uint8Array {
  return joined(deliverMethod(deliveryTag, redelivered), content(1, bytesOf(body)))
}

function acked(): string[] {
  return peer
    .of('basic.ack')
    .map(({ fields }) => `${fields.readUInt32BE(4)}${fields.readUInt8(8) === 1 ? ' multiple' : ''}`)
}

describe('the AMQP 0-9-1 wire publisher', () => {
  test('opens as the protocol says: login, tuning, virtual host, channel, confirms', async () => {
    await publisher(true, { ...endpoint, options: { vhost: 'bench/mark' } })
    assert.deepEqual(
      peer.received.map(({ name }) => name),
      ['connection.start-ok', 'connection.tune-ok', 'connection.open', 'channel.open', 'confirm.select'],
    )
    const startOk = peer.received[0]?.fields.toString('latin1') ?? ''
    assert.ok(startOk.includes('\x05PLAIN\0\0\0\x14\0bench\0correct-h0rse\x05en_US'), startOk)
    assert.ok(startOk.includes('connection.blockedt\x01'), startOk)
    assert.ok(startOk.includes('connection_nameS\0\0\0\x01p'), startOk)
    assert.equal(hex(peer.received[1]?.fields ?? Buffer.alloc(0)), '0001' + '00020000' + '001e')
    assert.ok(peer.received[2]?.fields.toString('latin1').startsWith('\x0abench/mark'))
  })

  test('publishes persistent, mandatory messages with the sequence as message-id', async () => {
    publish(await publisher(), 11)
    await eventually(() => peer.messages.length === 11, '11 messages')
    assert.equal(hex(peer.of('basic.publish')[10]?.fields ?? Buffer.alloc(0)), '0000' + '00' + '0171' + '01')
    assert.deepEqual(
      peer.messages.slice(9).map(({ properties, body }) => [hex(properties), body]),
      [
        ['1080' + '02' + '0139', 'body 9'],
        ['1080' + '02' + '023130', 'body 10'],
      ],
    )
  })

  test('publishes to a topic by amq.topic, where nobody listening is no refusal', async () => {
    publish(await publisher(true, endpoint, TOPIC), 1)
    const [sent] = await peer.got('basic.publish')
    assert.equal(sent?.fields.toString('latin1'), '\0\0\x09amq.topic\x03a.b\0')
  })

  test('publishes with a time to live, a priority and headers', async () => {
    const properties = { ttlMs: 60_000, priority: 7, headers: { k: 'v' } }
    publish(await publisher(true, endpoint, QUEUE, { properties }), 1)
    await eventually(() => peer.messages.length === 1, 'the message')
    const headers = '00000008' + '016b' + '53' + '00000001' + '76'
    assert.equal(
      hex(peer.messages[0]?.properties ?? Buffer.alloc(0)),
      '3980' + headers + '02' + '07' + '05' + hex(bytesOf('60000')) + '0130',
    )
  })

  test('writes each message by itself where it is asked to', async () => {
    const opened = await publisher(true, endpoint, QUEUE, { messagePerWrite: true })
    const before = opened.counters().writes ?? 0
    publish(opened, 10)
    await peer.got('basic.publish', 10)
    assert.equal((opened.counters().writes ?? 0) - before, 10)
  })

  test('splits a body at the frame-max of the broker', async () => {
    peer.tune = { ...peer.tune, frameBytesMax: 4096 }
    const opened = await publisher()
    const body = Array.from({ length: 10_000 }, (_, index) => String.fromCharCode(index & 0xff)).join('')
    assert.equal(opened.publish(bytesOf(body), 0), 'accepted')
    await eventually(() => peer.messages.length === 1, 'the message')
    assert.ok(peer.messages[0]?.body === body)
    const bytesWritten = opened.counters().bytesWritten ?? 0
    await opened.close()
    assert.ok(bytesWritten > 10_000 + 3 * 8)
  })

  test('merges the confirms of one packet into ranges, single, multiple and out of order', async () => {
    publish(await publisher(), 12)
    await peer.got('basic.publish', 12)
    peer.send(ack(1), ack(2), ack(5, true), ack(8), ack(7), ack(6), ack(0, true))
    await hears('0-4 confirmed', '7-7 confirmed', '6-6 confirmed', '5-5 confirmed', '8-11 confirmed')
  })

  test('reports nacks as refused and returned messages with their reply text, within a multiple too', async () => {
    publish(await publisher(), 8)
    await peer.got('basic.publish', 8)
    peer.send(returned(0), ack(1), nack(2), nack(4, true), returned(5), ack(8, true))
    await hears('0-0 refused NO_ROUTE', '1-3 refused nack', '4-4 confirmed', '5-5 refused NO_ROUTE', '6-7 confirmed')
  })

  test('settles what is unanswered as unknown when the peer hangs up, then reports that once', async () => {
    publish(await publisher(), 6)
    await peer.got('basic.publish', 6)
    peer.send(ack(2), ack(4))
    await hears('1-1 confirmed', '3-3 confirmed')
    peer.hangUp()
    await hears('1-1 confirmed', '3-3 confirmed', '0-0 unknown', '2-2 unknown', '4-5 unknown', 'closed closed')
  })

  test('says unknown of everything when a connection without confirms is lost, and asks for none', async () => {
    publish(await publisher(false), 3)
    const [sent] = await peer.got('basic.publish', 3)
    assert.equal(sent?.fields.at(-1), 0)
    assert.deepEqual(peer.of('confirm.select'), [])
    peer.hangUp()
    await hears('0-2 unknown', 'closed closed')
  })

  test('settles a transaction when its commit is answered, and publishes nothing before', async () => {
    const opened = await publisher(true, endpoint, QUEUE, { transacted: true })
    assert.deepEqual([peer.of('tx.select').length, peer.of('confirm.select').length], [1, 0])
    opened.commit?.()
    publish(opened, 3)
    opened.commit?.()
    opened.commit?.()
    await peer.got('tx.commit')
    assert.equal(opened.publish(Buffer.from('x'), 3), 'not-taken')
    peer.send(methodFrame(1, METHOD.txCommitOk))
    await hears('blocked credit', '0-2 confirmed', 'unblocked')
    publish(opened, 2, 3)
    opened.rollback?.()
    await peer.got('tx.rollback')
    peer.send(methodFrame(1, METHOD.txRollbackOk))
    await hears('blocked credit', '0-2 confirmed', 'unblocked', '3-4 refused rolled back')
    assert.equal(peer.of('tx.commit').length, 1)
  })

  test('refuses what a committed transaction could not route, and leaves an open one unknown', async () => {
    const opened = await publisher(true, endpoint, QUEUE, { transacted: true })
    publish(opened, 3)
    opened.commit?.()
    await peer.got('tx.commit')
    peer.send(returned(1), methodFrame(1, METHOD.txCommitOk))
    await hears('0-0 confirmed', '1-1 refused NO_ROUTE', '2-2 confirmed')
    publish(opened, 1, 3)
    await opened.close()
    assert.equal(heard.at(-1), '3-3 unknown')
  })

  test('takes the end of a transaction that nobody ended as a broken protocol', async () => {
    publish(await publisher(true, endpoint, QUEUE, { transacted: true }), 1)
    await peer.got('basic.publish')
    peer.send(methodFrame(1, METHOD.txCommitOk))
    await hears('0-0 unknown', 'closed protocol-error')
  })

  for (const [what, frame, code, answer] of [
    ['channel.close', closing(1, 404, "NOT_FOUND - no exchange 'x'"), 'not-permitted', 'channel.close-ok'],
    ['connection.close', closing(0, 320, 'CONNECTION_FORCED - shutdown'), 'closed', 'connection.close-ok'],
    ['connection.close for a broken frame', closing(0, 501, 'FRAME_ERROR'), 'protocol-error', 'connection.close-ok'],
  ] as const) {
    test(`takes ${what} in the middle of work as the end, with the code of its reply, and answers it`, async () => {
      const opened = await publisher()
      publish(opened, 2)
      await peer.got('basic.publish', 2)
      peer.send(ack(1), frame)
      await hears('0-0 confirmed', '1-1 unknown', `closed ${code}`)
      assert.equal(opened.publish(Buffer.from('x'), 2), 'not-taken')
      await peer.got(answer)
    })
  }

  for (const [what, bytes] of [
    ['a confirm that nobody waits for', ack(7)],
    ['a second confirm of the same message', joined(ack(1), ack(1))],
    ['a multiple beyond what was published', ack(2, true)],
    ['bytes that are no AMQP', bytesOf('HTTP/1.1 200 OK\r\n')],
    ['a delivery', delivery(1, 'x')],
    ['a method that only clients send', methodFrame(1, METHOD.confirmSelect, (fields) => fields.octet(0))],
    ['a second connection.tune', methodFrame(0, METHOD.connectionTune, (fields) => fields.longLong(0))],
    ['a confirm that is cut short', methodFrame(1, METHOD.basicAck, (fields) => fields.long(0))],
  ] as const) {
    test(`takes ${what} as a broken protocol`, async () => {
      publish(await publisher(), 1)
      await peer.got('basic.publish')
      peer.send(bytes)
      const settled = what.startsWith('a second confirm') ? '0-0 confirmed' : '0-0 unknown'
      await hears(settled, 'closed protocol-error')
    })
  }

  test('holds back while the broker says that it is blocked, or stops the flow of the channel', async () => {
    const opened = await publisher()
    peer.send(methodFrame(0, METHOD.connectionBlocked, (fields) => fields.shortString('low on memory')))
    await hears('blocked broker')
    assert.equal(opened.publish(Buffer.from('x'), 0), 'not-taken')
    peer.send(methodFrame(1, METHOD.channelFlow, (fields) => fields.octet(0)))
    assert.equal(hex((await peer.got('channel.flow-ok'))[0]?.fields ?? Buffer.alloc(0)), '00')
    peer.send(
      methodFrame(0, METHOD.connectionUnblocked),
      methodFrame(1, METHOD.channelFlow, (fields) => fields.octet(1)),
    )
    await hears('blocked broker', 'unblocked')
    publish(opened, 1)
  })

  test('closes at once, and in no order, while the broker blocks it', async () => {
    const opened = await publisher()
    publish(opened, 1)
    peer.send(methodFrame(0, METHOD.connectionBlocked, (fields) => fields.shortString('low on disk')))
    await hears('blocked broker')
    await opened.close()
    assert.deepEqual(heard, ['blocked broker', '0-0 unknown', 'unblocked'])
    assert.deepEqual(peer.of('channel.close'), [])
  })

  test('closes channel and connection in order, counts what is confirmed meanwhile, and reports no loss', async () => {
    const opened = await publisher()
    publish(opened, 3)
    peer.answers.set('channel.close', joined(ack(2, true), methodFrame(1, METHOD.channelCloseOk)))
    await opened.close()
    await opened.close()
    assert.deepEqual(heard, ['0-1 confirmed', '2-2 unknown'])
    assert.deepEqual(
      peer.received.slice(-2).map(({ name }) => name),
      ['channel.close', 'connection.close'],
    )
  })

  test('beats its heart when it has nothing to say, and gives up a peer whose heart does not beat', async () => {
    peer.tune = { ...peer.tune, heartbeatSeconds: 1 }
    const opened = await publisher()
    assert.equal(peer.of('connection.tune-ok')[0]?.fields.readUInt16BE(6), 1)
    publish(opened, 1)
    await eventually(() => peer.heartBeats >= 2, 'two heart-beats')
    await hears('0-0 unknown', 'closed closed')
  })

  test('has no heart-beat where the target says so', async () => {
    await publisher(true, { ...endpoint, options: { heartbeat: '0' } })
    assert.equal(peer.of('connection.tune-ok')[0]?.fields.readUInt16BE(6), 0)
  })

  test('cannot publish to a name of more than 255 bytes', async () => {
    await assert.rejects(publisher(true, endpoint, LONG), { code: 'unsupported' })
  })
})

describe('the AMQP 0-9-1 wire consumer', () => {
  test('asks for its prefetch and its queue, and acknowledges each message', async () => {
    const opened = await consumer({ kind: 'each' })
    assert.equal(hex(peer.of('basic.qos')[0]?.fields ?? Buffer.alloc(0)), '00000000' + '0002' + '00')
    const consume = '0000' + '0171' + '0a' + hex(bytesOf('brokermark')) + '00' + '00000000'
    assert.equal(hex(peer.of('basic.consume')[0]?.fields ?? Buffer.alloc(0)), consume)
    peer.send(delivery(1, 'a'), delivery(2, 'b', true), delivery(3, ''))
    await hears('a 1', 'b again 2', ' 3')
    for (const token of [1, 2, 3]) opened.acknowledge(token)
    await peer.got('basic.ack', 3)
    assert.deepEqual(acked(), ['1', '2', '3'])
  })

  test('acknowledges cumulatively every N messages, and the rest when it is closed', async () => {
    const opened = await consumer({ kind: 'every', messages: 3 })
    peer.send(...Array.from({ length: 8 }, (_, index) => delivery(index + 1, 'm')))
    await eventually(() => heard.length === 8, '8 deliveries')
    for (let token = 1; token <= 7; token++) opened.acknowledge(token)
    await opened.close()
    assert.deepEqual(acked(), ['3 multiple', '6 multiple', '7 multiple'])
    assert.deepEqual(
      peer.received.slice(-3).map(({ name }) => name),
      ['basic.ack', 'channel.close', 'connection.close'],
    )
  })

  test('consumes with no-ack and acknowledges nothing in auto mode', async () => {
    const opened = await consumer({ kind: 'auto' })
    assert.equal(peer.of('basic.consume')[0]?.fields.at(-5), 2)
    peer.send(delivery(1, 'm'))
    await hears('m 1')
    opened.acknowledge(1)
    await opened.close()
    assert.deepEqual(acked(), [])
  })

  test('commits its acknowledgements every N messages, and the rest when it is closed', async () => {
    const policy = { kind: 'every', messages: 2 } as const
    const opened = await consumer(policy, {}, QUEUE, { transactionMessages: 3 })
    assert.equal(peer.of('tx.select').length, 1)
    peer.send(...Array.from({ length: 5 }, (_, index) => delivery(index + 1, 'm')))
    await eventually(() => heard.length === 5, '5 deliveries')
    for (let token = 1; token <= 4; token++) opened.acknowledge(token)
    await peer.got('tx.commit')
    peer.send(methodFrame(1, METHOD.txCommitOk))
    await opened.close()
    assert.deepEqual(acked(), ['2 multiple', '3 multiple', '4 multiple'])
    const names = peer.received.map(({ name }) => name).filter((name) => name === 'basic.ack' || name === 'tx.commit')
    assert.deepEqual(names, ['basic.ack', 'basic.ack', 'tx.commit', 'basic.ack', 'tx.commit'])
  })

  test('tells what a message carries to whom it asks for it, before the message', async () => {
    const onProperties = (properties: MessageProperties): void => void heard.push(JSON.stringify(properties))
    await consumer({ kind: 'auto' }, { onProperties })
    const carried = content(1, bytesOf('a'), 100, (fields) =>
      fields
        .short(0xbf80)
        .shortString('text/plain')
        .table(
          new Map<string, string | number | null>([
            ['k', 'v'],
            ['n', 3],
            ['void', null],
          ]),
        )
        .octet(2)
        .octet(7)
        .shortString('correlation')
        .shortString('reply to')
        .shortString('60000')
        .shortString('id'),
    )
    peer.send(deliverMethod(1), carried, delivery(2, 'b'))
    await hears(
      '{"ttlMs":60000,"priority":7,"headers":{"k":"v","n":"3"}}',
      'a 1',
      '{"ttlMs":null,"priority":null,"headers":{}}',
      'b 2',
    )
  })

  for (const [kind, queue, bits, args] of [
    ['durable', 'a.b.c.s', '02', '0000000f' + '09' + hex(bytesOf('x-expires')) + '49' + '05265c00'],
    ['shared', 'a.b.s', '0a', '00000000'],
    ['shared-durable', 'a.b.s', '02', '0000000f' + '09' + hex(bytesOf('x-expires')) + '49' + '05265c00'],
  ] as const) {
    test(`makes a ${kind} subscription a named queue, bound to amq.topic`, async () => {
      await consumer({ kind: 'each' }, {}, TOPIC, { subscription: { kind, name: 's' } })
      const name = hex(Uint8Array.of(queue.length)) + hex(bytesOf(queue))
      assert.equal(hex(peer.of('queue.declare')[0]?.fields ?? Buffer.alloc(0)), '0000' + name + bits + args)
    })
  }

  test('listens to a topic by an exclusive queue of its own, bound to amq.topic', async () => {
    await consumer({ kind: 'each' }, {}, TOPIC)
    assert.equal(hex(peer.of('queue.declare')[0]?.fields ?? Buffer.alloc(0)), '0000' + '00' + '0c' + '00000000')
    const bound = '\0\0\x09amq.gen-1\x09amq.topic\x03a.b\0\0\0\0\0'
    assert.equal(peer.of('queue.bind')[0]?.fields.toString('latin1'), bound)
    assert.ok(peer.of('basic.consume')[0]?.fields.toString('latin1').startsWith('\0\0\x09amq.gen-1'))
  })

  test('delivers bodies that were split over frames and packets, whole and unchanged', async () => {
    const body = Array.from({ length: 300_000 }, (_, index) => String.fromCharCode(index & 0xff)).join('')
    let delivered = ''
    await consumer({ kind: 'auto' }, { onDelivery: (bytes) => (delivered = Buffer.from(bytes).toString('latin1')) })
    peer.send(joined(deliverMethod(1), content(1, bytesOf(body), 70_000)))
    await eventually(() => delivered !== '', 'the delivery')
    assert.ok(delivered === body)
  })

  test('delivers nothing more once it is closing', async () => {
    const opened = await consumer({ kind: 'each' })
    peer.answers.set('channel.close', joined(delivery(1, 'late'), methodFrame(1, METHOD.channelCloseOk)))
    await opened.close()
    assert.deepEqual(heard, [])
  })

  test('takes a cancelled subscription as a lost connection', async () => {
    await consumer({ kind: 'each' })
    peer.send(methodFrame(1, METHOD.basicCancel, (fields) => fields.shortString('brokermark').octet(1)))
    await hears('closed closed')
  })

  test('is refused with the reply code that answers its basic.consume, and hears of no loss', async () => {
    const refusal = "ACCESS_REFUSED - access to queue 'q' in vhost '/' refused for user 'bench'"
    peer.answers.set('basic.consume', closing(1, 403, refusal))
    await assert.rejects(consumer({ kind: 'each' }), (error: unknown) => {
      assert.ok(error instanceof DriverError)
      assert.equal(error.code, 'not-permitted')
      assert.match(error.message, /^consuming from queue q: .*refused for the user/)
      return true
    })
    assert.deepEqual(heard, [])
  })

  test('is refused where the channel is closed in the packet that confirms the subscription', async () => {
    const consumeOk = methodFrame(1, METHOD.basicConsumeOk, (fields) => fields.shortString('brokermark'))
    peer.answers.set('basic.consume', joined(consumeOk, closing(1, 405, 'RESOURCE_LOCKED')))
    await assert.rejects(consumer({ kind: 'each' }), { code: 'not-permitted' })
    assert.deepEqual(heard, [])
  })

  test('cannot consume from a name of more than 255 bytes', async () => {
    await assert.rejects(consumer({ kind: 'each' }, {}, LONG), { code: 'unsupported' })
  })

  test('cannot acknowledge more messages at a time than a prefetch has room for', async () => {
    await assert.rejects(consumer({ kind: 'every', messages: 70_000 }), { code: 'unsupported' })
  })

  test('gives up on a broker that does not answer its basic.consume', async () => {
    peer.answers.set('basic.consume', null)
    const spec = { destination: QUEUE, clientId: 'c', prefetch: 1, persistent: true, competing: false, bodyBytesMax: 9 }
    await assert.rejects(
      amqp091Wire.openConsumer(
        endpoint,
        { timeoutMs: 100 },
        { ...spec, acknowledge: { kind: 'each' } },
        { onDelivery: () => undefined, onClosed: () => heard.push('closed') },
      ),
      { code: 'timeout' },
    )
    assert.deepEqual(heard, [])
  })
})

describe('the AMQP 0-9-1 wire admin', () => {
  test('tells who is there', async () => {
    assert.deepEqual((await admin()).identity, { product: 'Scripted', version: '1.2.3' })
  })

  test('declares with arguments, asks for the depth and deletes', async () => {
    const opened = await admin()
    await opened.declare(QUEUE, { arguments: { 'x-queue-type': 'quorum' }, durable: true })
    const declared = '0000' + '0171' + '02' + '00000018' + '0c' + hex(bytesOf('x-queue-type')) + '53' + '00000006'
    assert.equal(hex(peer.of('queue.declare')[0]?.fields ?? Buffer.alloc(0)), declared + hex(bytesOf('quorum')))
    assert.equal(await opened.depth?.(QUEUE), 7)
    assert.equal(peer.of('queue.declare')[1]?.fields.readUInt8(4), 1)
    assert.equal(await opened.remove(QUEUE, []), 'removed')
  })

  test('goes on after an operation that the broker refused, on another channel', async () => {
    const opened = await admin()
    const words = "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q'"
    peer.answers.set('queue.declare', closing(1, 406, words))
    const declaring = opened.declare(QUEUE, { arguments: {}, durable: true })
    const removing = opened.remove(QUEUE, [])
    await assert.rejects(declaring, {
      code: 'not-permitted',
      message: `declaring queue q: it exists already with other settings (${words} (406))`,
    })
    assert.equal(await removing, 'removed')
    assert.equal(peer.of('channel.open').length, 2)
    assert.equal(peer.of('channel.close-ok').length, 1)
  })

  test('says of a queue that could not be deleted that it remains', async () => {
    const opened = await admin()
    peer.answers.set('queue.delete', closing(1, 405, 'RESOURCE_LOCKED'))
    assert.equal(await opened.remove(QUEUE, []), 'remains')
  })

  test('cannot declare a name of more than 255 bytes', async () => {
    const opened = await admin()
    await assert.rejects(opened.declare(LONG, { arguments: {}, durable: true }), { code: 'unsupported' })
  })

  test('removes the durable subscriptions of the clients of a topic', async () => {
    const opened = await admin()
    assert.equal(await opened.remove(TOPIC, ['c-1', 'c-2']), 'removed')
    const deleted = peer.of('queue.delete').map(({ fields }) => fields.toString('latin1'))
    assert.deepEqual(deleted, ['\0\0\x07a.b.c-1\0', '\0\0\x07a.b.c-2\0'])
  })

  test('declares and removes nothing for a topic', async () => {
    const opened = await admin()
    await opened.declare(TOPIC, { arguments: {}, durable: true })
    assert.equal(await opened.remove(TOPIC, []), 'removed')
    assert.equal(await opened.depth?.(TOPIC), null)
    assert.deepEqual(peer.of('channel.open'), [])
  })
})

describe('connecting by the AMQP 0-9-1 wire driver', () => {
  for (const [what, greeting] of [
    ['an AMQP 1.0 broker', 'AMQP\x03\x01\0\0'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a TLS listener', '\x15\x03\x03\0\x02\x02\x46'],
    ['an OpenWire broker', '\0\0\x01\x2a\x01ActiveMQ'],
    ['a mail server', '220 mail.example ESMTP\r\n'],
  ] as const) {
    test(`to ${what} is the wrong protocol`, async () => {
      peer.greeting = bytesOf(greeting)
      await assert.rejects(publisher(), { code: 'wrong-protocol' })
    })
  }

  test('to a broker of another version is the wrong protocol, and the version is said', async () => {
    peer.greeting = methodFrame(0, METHOD.connectionStart, (fields) =>
      fields.octet(8).octet(0).table(new Map()).longString('PLAIN').longString('en_US'),
    )
    await assert.rejects(publisher(), { code: 'wrong-protocol', message: /speaks AMQP 8-0, not 0-9/ })
  })

  test('to a silent server ends with the time-out', async () => {
    peer.greeting = new Uint8Array(0)
    await assert.rejects(amqp091Wire.openAdmin(endpoint, { timeoutMs: 50 }), { code: 'timeout' })
  })

  test('with a wrong password repeats neither name nor password', async () => {
    const refusal = "ACCESS_REFUSED - Login was refused for user 'bench' using authentication mechanism PLAIN"
    peer.answers.set('connection.start-ok', closing(0, 403, refusal))
    await assert.rejects(
      publisher(),
      (error: unknown) =>
        error instanceof DriverError && error.code === 'authentication' && !/bench|h0rse/.test(error.message),
    )
    await peer.got('connection.close-ok')
  })

  test('to a broker that hangs up on the login is an authentication error', async () => {
    peer.answers.set('connection.start-ok', null)
    const opening = assert.rejects(publisher(), { code: 'authentication' })
    await peer.got('connection.start-ok')
    peer.hangUp()
    await opening
  })

  test('to a broker that wants more than a password is an authentication error', async () => {
    const challenge = methodFrame(0, METHOD.connectionSecure, (fields) => fields.longString('token?'))
    peer.answers.set('connection.start-ok', challenge)
    await assert.rejects(publisher(), { code: 'authentication' })
  })

  test('to a virtual host that there is not is not permitted', async () => {
    peer.answers.set('connection.open', closing(0, 530, 'NOT_ALLOWED - vhost nowhere not found'))
    await assert.rejects(publisher(), { code: 'not-permitted', message: /no such virtual host, or not for this user$/ })
  })

  test('to a broker that closes in the packet that opens the virtual host is an error, not an open connection', async () => {
    const openOk = methodFrame(0, METHOD.connectionOpenOk, (fields) => fields.shortString(''))
    peer.answers.set('connection.open', joined(openOk, closing(0, 320, 'CONNECTION_FORCED - shutdown')))
    await assert.rejects(amqp091Wire.openAdmin(endpoint, OPTIONS), { code: 'closed' })
  })

  test('to a virtual host with a name of more than 255 bytes is not possible', async () => {
    const long = { ...endpoint, options: { vhost: 'v'.repeat(256) } }
    await assert.rejects(publisher(true, long), { code: 'unsupported' })
  })

  test('to a broker without the mechanism is an authentication error that names what it has', async () => {
    peer.mechanisms = 'GSSAPI RABBIT-CR-DEMO'
    await assert.rejects(publisher(), { code: 'authentication', message: /but GSSAPI, RABBIT-CR-DEMO$/ })
  })

  test('to a broker with a frame-max below the minimum is a broken protocol', async () => {
    peer.tune = { ...peer.tune, frameBytesMax: 1024 }
    await assert.rejects(publisher(), { code: 'protocol-error' })
  })
})
