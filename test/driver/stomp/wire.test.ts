/** The wire driver against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { DriverError } from '../../../src/driver/driver-error.ts'
import type {
  AcknowledgePolicy,
  Consumer,
  ConsumerEvents,
  Publisher,
  PublisherEvents,
} from '../../../src/driver/driver.ts'
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

const PUBLISHER_EVENTS: PublisherEvents = {
  onSettled: (first, last, outcome, code) =>
    heard.push(`${first}-${last} ${outcome}${code === null ? '' : ` ${code}`}`),
  onBlocked: (reason) => heard.push(`blocked ${reason}`),
  onUnblocked: () => heard.push('unblocked'),
  onClosed: (cause) => heard.push(`closed ${cause.code}`),
}

async function publisher(confirm = true, to: Endpoint = endpoint): Promise<Publisher> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm, inFlightMax: 4, bodyBytesMax: 100 }
  const opened = await stompWire.openPublisher(to, OPTIONS, spec, PUBLISHER_EVENTS)
  open.push(opened)
  return opened
}

async function consumer(acknowledge: AcknowledgePolicy, events: Partial<ConsumerEvents> = {}): Promise<Consumer> {
  const opened = await stompWire.openConsumer(
    endpoint,
    OPTIONS,
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
        heard.push(`${Buffer.from(body).toString('latin1')}${redelivered ? ' again' : ''} ${token}`),
      onClosed: (cause) => heard.push(`closed ${cause.code}`),
      ...events,
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

function receipt(sequence: number): Uint8Array {
  return encodeFrame('RECEIPT', { 'receipt-id': String(sequence) })
}

function message(ack: string, body: string, more: Record<string, string> = {}): Uint8Array {
  const headers = { subscription: '1', 'message-id': ack, destination: '/queue/q', ack, ...more }
  return encodeFrame('MESSAGE', headers, Buffer.from(body, 'latin1'))
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

describe('the STOMP wire publisher', () => {
  test('sends what the protocol says, and asks for a receipt with the sequence number', async () => {
    publish(await publisher(), 2)
    const sent = await peer.got('SEND', 2)
    assert.deepEqual(sent[1], {
      command: 'SEND',
      headers: { destination: '/queue/q', persistent: 'true', 'content-length': '6', receipt: '1' },
      body: 'body 1',
    })
    assert.equal(peer.received[0]?.headers['login'], 'bench')
    assert.equal(peer.received[0].headers['host'], '/')
  })

  test('merges the receipts of one packet into ranges, also when they are out of order', async () => {
    publish(await publisher(), 7)
    await peer.got('SEND', 7)
    peer.send(receipt(0), receipt(1), receipt(2), receipt(5), receipt(6), receipt(4), receipt(3))
    await hears('0-2 confirmed', '5-6 confirmed', '4-4 confirmed', '3-3 confirmed')
  })

  test('settles what is unanswered as unknown when the peer hangs up, then reports that once', async () => {
    publish(await publisher(), 6)
    await peer.got('SEND', 6)
    peer.send(receipt(1), receipt(3))
    await hears('1-1 confirmed', '3-3 confirmed')
    peer.hangUp()
    await hears('1-1 confirmed', '3-3 confirmed', '0-0 unknown', '2-2 unknown', '4-5 unknown', 'closed closed')
  })

  test('says unknown of everything when a connection without confirms is lost', async () => {
    publish(await publisher(false), 3)
    const sent = await peer.got('SEND', 3)
    assert.equal(sent[0]?.headers['receipt'], undefined)
    peer.hangUp()
    await hears('0-2 unknown', 'closed closed')
  })

  test('takes an ERROR frame in the middle of work as the end, with the code of its text', async () => {
    const opened = await publisher()
    publish(opened, 2)
    await peer.got('SEND', 2)
    peer.send(receipt(0), ['ERROR', { message: 'access_refused' }, 'write access to queue q'])
    await hears('0-0 confirmed', '1-1 unknown', 'closed not-permitted')
    assert.equal(opened.publish(Buffer.from('x'), 2), 'not-taken')
  })

  test('takes an ERROR that names the receipt of a message as the refusal of that one, without the name of the user, and goes on', async () => {
    const opened = await publisher()
    publish(opened, 3)
    await peer.got('SEND', 3)
    const refused = ['ERROR', { message: 'bench may not: store full', 'receipt-id': '1' }, 'trace'] as const
    peer.send(receipt(0), refused, receipt(2))
    await hears('0-0 confirmed', '1-1 refused … may not: store full', '2-2 confirmed')
    assert.equal(opened.publish(Buffer.from('x'), 3), 'accepted')
    peer.send(['ERROR', { message: 'no more', 'receipt-id': '1' }])
    await hears(
      '0-0 confirmed',
      '1-1 refused … may not: store full',
      '2-2 confirmed',
      '3-3 unknown',
      'closed protocol-error',
    )
  })

  for (const [what, bytes] of [
    ['a receipt that nobody waits for', receipt(7)],
    ['bytes that are no STOMP', Buffer.from('HTTP/1.1 200 OK\r\n')],
    ['a frame that only clients send', encodeFrame('SEND', { destination: 'q' })],
    ['a delivery', message('1', 'x')],
    ['a second CONNECTED', encodeFrame('CONNECTED', { version: '1.2' })],
  ] as const) {
    test(`takes ${what} as a broken protocol`, async () => {
      publish(await publisher(), 1)
      await peer.got('SEND', 1)
      peer.send(bytes)
      await hears('0-0 unknown', 'closed protocol-error')
    })
  }

  test('settles what the broker never answered when it is closed, and reports no loss', async () => {
    const opened = await publisher()
    publish(opened, 3)
    await opened.close()
    await opened.close()
    assert.deepEqual(heard, ['0-2 unknown'])
    assert.equal(peer.of('DISCONNECT').length, 1)
  })

  test('offers heart-beats unless the target says that there are none', async () => {
    await publisher()
    await publisher(true, { ...endpoint, options: { heartBeatMs: '0' } })
    const offers = peer.of('CONNECT').map(({ headers }) => headers['heart-beat'])
    assert.deepEqual(offers, ['30000,30000', '0,0'])
  })

  test('beats its heart when it has nothing to say', async () => {
    peer.connected = { ...peer.connected, 'heart-beat': '0,20' }
    await publisher(true, { ...endpoint, options: { heartBeatMs: '20' } })
    assert.equal(peer.received[0]?.headers['heart-beat'], '20,20')
    await eventually(() => peer.lineFeeds >= 3, 'three heart-beats')
  })

  test('gives a peer up whose heart does not beat', async () => {
    peer.connected = { ...peer.connected, 'heart-beat': '20,0' }
    const opened = await publisher(true, { ...endpoint, options: { heartBeatMs: '20' } })
    publish(opened, 1)
    await hears('0-0 unknown', 'closed closed')
  })
})

describe('the STOMP wire consumer', () => {
  test('acknowledges each message with the id that it came with, however long or odd it is', async () => {
    const ids = ['1', 'ID:host-1:2\\3', 'x'.repeat(500), 'last']
    const opened = await consumer({ kind: 'each' })
    assert.equal((await peer.got('SUBSCRIBE', 1))[0]?.headers['ack'], 'client-individual')
    peer.send(...ids.map((id, index) => message(id, `m${index}`, index === 1 ? { redelivered: 'true' } : {})))
    await hears('m0 0', 'm1 again 1', 'm2 2', 'm3 3')
    for (let token = 0; token < ids.length; token++) opened.acknowledge(token)
    const acks = await peer.got('ACK', ids.length)
    assert.deepEqual(
      acks.map(({ headers }) => headers['id']),
      ids,
    )
  })

  test('keeps the ids of more messages than it asked for', async () => {
    const opened = await consumer({ kind: 'each' })
    const ids = Array.from({ length: 100 }, (_, index) => `id-${index}`)
    peer.send(...ids.map((id) => message(id, 'm')))
    await eventually(() => heard.length === 100, '100 deliveries')
    for (let token = 0; token < 100; token++) opened.acknowledge(token)
    const acks = await peer.got('ACK', 100)
    assert.deepEqual(
      acks.map(({ headers }) => headers['id']),
      ids,
    )
  })

  test('acknowledges cumulatively every N messages, and the rest when it is closed', async () => {
    const opened = await consumer({ kind: 'every', messages: 3 })
    assert.equal((await peer.got('SUBSCRIBE', 1))[0]?.headers['ack'], 'client')
    peer.send(...Array.from({ length: 8 }, (_, index) => message(`id-${index}`, 'm')))
    await eventually(() => heard.length === 8, '8 deliveries')
    for (let token = 0; token < 7; token++) opened.acknowledge(token)
    await opened.close()
    assert.deepEqual(
      peer.of('ACK').map(({ headers }) => headers['id']),
      ['id-2', 'id-5', 'id-6'],
    )
    assert.deepEqual(
      peer.received.slice(-2).map(({ command }) => command),
      ['UNSUBSCRIBE', 'DISCONNECT'],
    )
  })

  test('acknowledges nothing in auto mode', async () => {
    const opened = await consumer({ kind: 'auto' })
    peer.send(message('1', 'm'))
    await hears('m 0')
    opened.acknowledge(0)
    await opened.close()
    assert.deepEqual(peer.of('ACK'), [])
  })

  test('delivers bodies that were split over packets, whole and unchanged', async () => {
    const body = Array.from({ length: 200_000 }, (_, index) => String.fromCharCode(index & 0xff)).join('')
    let delivered = ''
    await consumer({ kind: 'auto' }, { onDelivery: (bytes) => (delivered = Buffer.from(bytes).toString('latin1')) })
    peer.send(message('1', body))
    await eventually(() => delivered !== '', 'the delivery')
    assert.ok(delivered === body)
  })

  test('reads the text bodies that ActiveMQ passes on', async () => {
    peer.connected = { ...peer.connected, server: 'ActiveMQ/5.18.3' }
    await consumer({ kind: 'auto' })
    const body = Buffer.from('a\xffb\x80', 'latin1').toString('latin1')
    peer.send(message('1', Buffer.from(body, 'utf8').toString('latin1'), { 'brokermark-body': 'latin1' }))
    await hears('a\xffb\x80 0')
  })

  test('is refused with the code of the ERROR frame that answers its SUBSCRIBE, and hears of no loss', async () => {
    peer.receiptsFor = []
    const opening = consumer({ kind: 'each' })
    await Promise.all([
      assert.rejects(opening, { name: 'DriverError', code: 'not-permitted' }),
      peer.got('SUBSCRIBE', 1).then(() => peer.send(['ERROR', { message: 'access_refused' }, 'no'])),
    ])
    assert.deepEqual(heard, [])
  })

  test('gives up on a broker that does not answer its SUBSCRIBE', async () => {
    peer.receiptsFor = []
    const spec = { destination: QUEUE, clientId: 'c', prefetch: 1, persistent: true, competing: false, bodyBytesMax: 9 }
    await assert.rejects(
      stompWire.openConsumer(
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

describe('connecting by the STOMP wire driver', () => {
  for (const [what, greeting] of [
    ['an AMQP broker', 'AMQP\0\0\x09\x01'],
    ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a TLS listener', '\x15\x03\x03\x00\x02\x02\x46'],
    ['an OpenWire broker', '\0\0\x01\x2a\x01ActiveMQ'],
    ['a mail server', '220 mail.example ESMTP\r\n'],
  ] as const) {
    test(`to ${what} is the wrong protocol`, async () => {
      peer.greeting = Buffer.from(greeting, 'latin1')
      await assert.rejects(publisher(), { code: 'wrong-protocol' })
    })
  }

  test('to a broker of STOMP 1.1 is the wrong protocol, and the version is said', async () => {
    peer.connected = { version: '1.1' }
    await assert.rejects(publisher(), { code: 'wrong-protocol', message: /speaks STOMP 1.1, not 1.2/ })
  })

  test('to a silent server ends with the time-out', async () => {
    peer.greeting = new Uint8Array(0)
    await assert.rejects(stompWire.openAdmin(endpoint, { timeoutMs: 50 }), { code: 'timeout' })
  })

  test('with a wrong password repeats neither name nor password', async () => {
    peer.connected = {}
    const refusal = encodeFrame('ERROR', { message: 'Bad CONNECT' }, Buffer.from("Access refused for user 'bench'"))
    peer.greeting = refusal
    await assert.rejects(
      publisher(),
      (error: unknown) =>
        error instanceof DriverError && error.code === 'authentication' && !/bench|h0rse/.test(error.message),
    )
  })

  test('tells who is there', async () => {
    peer.connected = { ...peer.connected, server: 'ActiveMQ-Artemis/2.44.0 ActiveMQ Artemis Messaging Engine' }
    const admin = await stompWire.openAdmin(endpoint, OPTIONS)
    assert.deepEqual(admin.identity, { product: 'Artemis', version: '2.44.0' })
    await assert.rejects(admin.declare(QUEUE, { arguments: { 'x-queue-type': 'quorum' }, durable: true }), {
      code: 'unsupported',
    })
    await admin.close()
  })
})
