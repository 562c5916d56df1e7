/** Transactions, windows, properties and durable subscriptions of the wire driver, by the bytes that a peer sees. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type {
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  Publisher,
  PublisherEvents,
  PublisherSpec,
} from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { openwireWire } from '../../../src/driver/openwire/wire.ts'
import { producerAck } from '../../../src/protocol/openwire/answer-frames.ts'
import { COMMAND, MESSAGE } from '../../../src/protocol/openwire/type-codes.ts'
import { dispatchFrame, exceptionFrame, PRODUCER, responseFrame } from '../../protocol/openwire/broker-frames.ts'
import { eventually } from '../eventually.ts'
import { ScriptedPeer } from './scripted-peer.ts'
import type { ReceivedCommand } from './scripted-peer.ts'

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

async function publisher(over: Partial<PublisherSpec>, options: Endpoint['options'] = {}): Promise<Publisher> {
  const spec = { destination: QUEUE, clientId: 'p', persistent: true, confirm: true, inFlightMax: 4, bodyBytesMax: 100 }
  const to = { ...endpoint, options }
  const opened = await openwireWire.openPublisher(to, OPTIONS, { ...spec, ...over }, PUBLISHER_EVENTS)
  open.push(opened)
  return opened
}

async function consumer(over: Partial<ConsumerSpec>, events: Partial<ConsumerEvents> = {}): Promise<Consumer> {
  const spec: ConsumerSpec = {
    destination: QUEUE,
    clientId: 'c',
    acknowledge: { kind: 'each' },
    prefetch: 2,
    persistent: true,
    competing: false,
    bodyBytesMax: 100,
    ...over,
  }
  const opened = await openwireWire.openConsumer(endpoint, OPTIONS, spec, {
    onDelivery: (body, _, token) => heard.push(`${Buffer.from(body).toString('utf8')} ${token}`),
    onClosed: (cause) => heard.push(`closed ${cause.code}`),
    ...events,
  })
  open.push(opened)
  return opened
}

/** Publishes what the letters of `text` are, one message each. */
function publish(to: Publisher, text: string, from = 0): string[] {
  return Array.from(text, (letter, index) => to.publish(Buffer.from(letter), from + index))
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

/** Commands behind those that open the session, `7:0` being a TransactionInfo of kind 0. */
function traffic(): string[] {
  return peer.received.slice(3).map((command) => {
    const kind = command.type === COMMAND.transactionInfo ? `:${command.fields.at(-1) ?? -1}` : ''
    return `${command.type}${kind}${command.responseRequired ? '?' : ''}`
  })
}

async function ends(count: number): Promise<ReceivedCommand[]> {
  const ended = (): ReceivedCommand[] => peer.of(COMMAND.transactionInfo).filter((each) => each.responseRequired)
  await eventually(() => ended().length >= count, `${count} ends of transactions`)
  return ended()
}

describe('an OpenWire publisher in transactions', () => {
  test('begins with the first message, asks for an answer only at the end, and goes on without it', async () => {
    const opened = await publisher({ transacted: true })
    opened.commit?.()
    publish(opened, 'ab')
    opened.commit?.()
    opened.commit?.()
    publish(opened, 'c', 2)
    opened.rollback?.()
    await ends(2)
    assert.deepEqual(traffic(), ['7:0', '24', '24', '7:2?', '7:0', '24', '7:4?'])
    const message = peer.of(MESSAGE.bytes)[2]?.fields.toString('hex') ?? ''
    assert.ok(message.includes('016f0000000000000002' + '0178'), 'the second transaction of this connection')
  })

  test('settles each transaction whole, as its end is answered', async () => {
    const opened = await publisher({ transacted: true })
    for (const [from, kind] of ['commit', 'rollback', 'commit'].entries()) {
      publish(opened, 'xy', from * 2)
      if (kind === 'commit') opened.commit?.()
      else opened.rollback?.()
    }
    const [first, second, third] = (await ends(3)).map(({ commandId }) => commandId)
    peer.send(responseFrame(first ?? -1), responseFrame(second ?? -1))
    peer.send(exceptionFrame(third ?? -1, 'javax.jms.TransactionRolledBackException', 'no'))
    await hears('0-1 confirmed', '2-3 refused rolled back', '4-5 refused TransactionRolledBackException')
  })

  test('takes the answer to an end that it did not ask for as a broken protocol', async () => {
    const opened = await publisher({ transacted: true })
    publish(opened, 'a')
    await peer.messages(1)
    peer.send(responseFrame(1025))
    await hears('0-0 unknown', 'closed protocol-error')
  })
})

describe('an OpenWire publisher with a window', () => {
  const options = { producerWindowBytes: '2100' }

  test('asks for no answers, is full after so many bytes, and is confirmed by ProducerAcks in their order', async () => {
    const opened = await publisher({}, options)
    assert.deepEqual(publish(opened, 'abc'), ['accepted', 'accepted', 'accepted-now-full'])
    assert.equal(opened.publish(Buffer.from('d'), 3), 'not-taken')
    const sent = await peer.messages(3)
    assert.ok(sent.every(({ responseRequired }) => !responseRequired))
    assert.equal(
      peer.of(COMMAND.producerInfo)[0]?.fields.readInt32BE((peer.of(COMMAND.producerInfo)[0]?.fields.length ?? 4) - 4),
      2100,
    )
    peer.send(producerAck(PRODUCER, 1025), producerAck(PRODUCER, 1025))
    await hears('blocked credit', '0-1 confirmed', 'unblocked')
    assert.deepEqual(publish(opened, 'd', 3), ['accepted'])
  })

  test('counts properties as the broker does, and overlooks acks without confirms', async () => {
    const properties = { ttlMs: null, priority: null, headers: { h: 'x'.repeat(1100) } }
    const opened = await publisher({ confirm: false, properties }, options)
    assert.deepEqual(publish(opened, 'a'), ['accepted-now-full'])
    await peer.messages(1)
    peer.send(producerAck(PRODUCER, 2137))
    await hears('blocked credit', 'unblocked')
  })
})

describe('an OpenWire consumer', () => {
  test('in transactions acknowledges in the open one, and commits every N and at its end', async () => {
    const opened = await consumer({ transactionMessages: 2, acknowledge: { kind: 'every', messages: 3 } })
    peer.send(...['a', 'b', 'c'].map((text, index) => dispatchFrame({ content: Buffer.from(text), sequence: index })))
    await hears('a 0', 'b 1', 'c 2')
    for (let token = 0; token < 3; token++) opened.acknowledge(token)
    const [first] = await ends(1)
    peer.send(responseFrame(first?.commandId ?? -1))
    await opened.close()
    assert.deepEqual(traffic().slice(0, 7), ['7:0', '22', '7:2?', '7:0', '22', '7:2?', '12?'])
    assert.deepEqual(
      peer.of(COMMAND.messageAck).map(({ fields }) => fields.readInt32BE(fields.length - 5)),
      [2, 1],
    )
  })

  test('whose commit is refused has lost its acknowledgements, and its connection', async () => {
    const opened = await consumer({ transactionMessages: 1 })
    peer.send(dispatchFrame({ content: Buffer.from('a') }))
    await hears('a 0')
    opened.acknowledge(0)
    const [end] = await ends(1)
    peer.send(exceptionFrame(end?.commandId ?? -1, 'javax.jms.JMSException', 'no'))
    await hears('a 0', 'closed protocol-error')
  })

  test('names a durable subscription and keeps its client id; a plain one has an id that is never used again', async () => {
    await consumer({ destination: { kind: 'topic', name: 't' }, subscription: { kind: 'durable', name: 'news' } })
    await consumer({})
    const [durable, plain] = peer.of(COMMAND.connectionInfo).map(({ fields }) => fields.toString('latin1'))
    assert.match(durable ?? '', /\0\x01c\x01/)
    assert.match(plain ?? '', /c-[\w-]{16}/)
    const asked = peer.of(COMMAND.consumerInfo).map(({ fields }) => fields.toString('latin1'))
    assert.match(asked[0] ?? '', /\0\x01c\x01\0\x04news/)
    assert.doesNotMatch(asked[1] ?? '', /news/)
  })

  test('has no shared subscriptions', async () => {
    await assert.rejects(consumer({ subscription: { kind: 'shared', name: 's' } }), { code: 'unsupported' })
  })

  test('tells properties before the delivery', async () => {
    await consumer({}, { onProperties: (properties) => heard.push(JSON.stringify(properties)) })
    peer.send(dispatchFrame({ content: Buffer.from('a') }))
    await hears('{"ttlMs":null,"priority":4,"headers":{}}', 'a 0')
  })

  test('takes properties that are none as a broken protocol', async () => {
    await consumer({}, { onProperties: () => undefined })
    peer.send(
      dispatchFrame({ content: Buffer.from('a'), isFull: true, properties: Uint8Array.of(0, 0, 0, 1, 0, 0, 99) }),
    )
    await hears('closed protocol-error')
  })
})
