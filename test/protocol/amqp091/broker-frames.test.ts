/** The broker's directions: what the embedded broker writes and reads. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import * as frames from '../../../src/protocol/amqp091/broker-frames.ts'
import * as readers from '../../../src/protocol/amqp091/client-arguments.ts'
import {
  basicConsume,
  basicQos,
  queueBind,
  queueDeclare,
  queueDelete,
  startOk,
  type QueueDeclaration,
} from '../../../src/protocol/amqp091/client-methods.ts'
import { DeliverTemplate } from '../../../src/protocol/amqp091/deliver-template.ts'
import type { FieldReader } from '../../../src/protocol/amqp091/field-reader.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import { METHOD } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'
import { PublishTemplate } from '../../../src/protocol/amqp091/publish-template.ts'
import { readDeclareOk, readReply, readStart, readTune } from '../../../src/protocol/amqp091/server-methods.ts'
import { bytesOf, content, deliverMethod, hex, joined, parseChunks } from './seen-frames.ts'

/** What `read` finds at the arguments of the one method in `bytes`, and that it reads no further. */
function argumentsOf<T>(bytes: Uint8Array, read: (fields: FieldReader) => T): T {
  const found: T[] = []
  const parser = new Amqp091Parser({
    onMethod: (_, __, fields) => {
      found.push(read(fields))
    },
    onContentHeader: () => undefined,
    onContent: () => undefined,
  })
  parser.feed(bytes)
  const [first] = found
  assert.ok(first !== undefined)
  return first
}

const shortText = fc.string({ maxLength: 40 })

describe('AMQP 0-9-1 as a broker writes it', () => {
  test('writes deliveries from a template byte for byte as frame after frame, for bodies of any length', () => {
    const delivery = fc.tuple(fc.maxSafeNat(), fc.boolean(), fc.uint8Array({ maxLength: 100 }))
    fc.assert(
      fc.property(
        fc.constantFrom(20, 58, 131_072),
        fc.array(delivery, { minLength: 1, maxLength: 6 }),
        (frameBytesMax, deliveries) => {
          const settings = { channel: 1, consumerTag: 'brokermark', exchange: '', routingKey: 'q', frameBytesMax }
          const template = new DeliverTemplate(settings)
          const target = new Uint8Array(100_000).fill(0xee)
          let at = 3
          for (const [tag, redelivered, body] of deliveries) {
            const end = template.write(target, at, tag, redelivered, body)
            assert.ok(end - at <= template.frameBytesMax(body.length))
            const expected = joined(deliverMethod(tag, redelivered), content(1, body, frameBytesMax - 8))
            assert.equal(hex(target, at, end), hex(expected))
            at = end
          }
        },
      ),
    )
  })

  test('its start, tune, close and declare-ok are what a client reads', () => {
    const start = argumentsOf(frames.connectionStart(new Map([['product', 'x']]), 'EXTERNAL PLAIN'), readStart)
    assert.deepEqual([start.versionMajor, start.versionMinor, ...start.mechanisms], [0, 9, 'EXTERNAL', 'PLAIN'])
    assert.equal(start.serverProperties.get('product'), 'x')
    const tuning = { channelMax: 7, frameBytesMax: 4096, heartbeatSeconds: 60 }
    assert.deepEqual(argumentsOf(frames.connectionTune(tuning), readTune), tuning)
    const reply = { code: 404, text: 'NOT_FOUND' }
    assert.deepEqual(argumentsOf(frames.closeFor(1, reply, METHOD.basicPublish), readReply), reply)
    const queue = { queue: 'q', messages: 7, consumers: 2 }
    assert.deepEqual(argumentsOf(frames.queueDeclareOk(1, queue), readDeclareOk), queue)
  })

  test('returns a message with the properties that came, its body split at the frame-max', () => {
    const properties = Uint8Array.of(0x10, 0x80, 2, 1, 0x37)
    const message = { reply: { code: 312, text: 'NO_ROUTE' }, exchange: 'x', routingKey: 'k', properties }
    const bytes = frames.basicReturn(1, { ...message, body: bytesOf('0123456789') }, 12)
    assert.deepEqual(parseChunks([bytes]).seen, [
      `1 basic.return ${hex(Uint8Array.of(0x01, 0x38, 8))}${hex(bytesOf('NO_ROUTE'))}0178016b`,
      `header ${hex(properties)}`,
      `body ${hex(bytesOf('0123456789'))}`,
    ])
  })
})

describe('AMQP 0-9-1 as a broker reads it', () => {
  test('reads every queue.declare that a client can write', () => {
    const declaration: fc.Arbitrary<QueueDeclaration> = fc.record({
      queue: shortText,
      passive: fc.boolean(),
      durable: fc.boolean(),
      exclusive: fc.boolean(),
      autoDelete: fc.boolean(),
    })
    fc.assert(
      fc.property(declaration, (chosen) => {
        const read = argumentsOf(queueDeclare(1, chosen), readers.readQueueDeclare)
        assert.deepEqual(read, { ...chosen, noWait: false, arguments: new Map() })
      }),
    )
  })

  test('reads bindings, consumers, prefetch, deletions and logins as a client writes them', () => {
    fc.assert(
      fc.property(shortText, shortText, shortText, fc.boolean(), (queue, exchange, routingKey, noAck) => {
        const binding = { queue, exchange, routingKey, noWait: false }
        assert.deepEqual(argumentsOf(queueBind(1, queue, exchange, routingKey), readers.readQueueBind), binding)
        const consume = { queue, consumerTag: exchange, noAck, noWait: false }
        assert.deepEqual(argumentsOf(basicConsume(1, queue, exchange, noAck), readers.readConsume), consume)
        assert.deepEqual(argumentsOf(queueDelete(1, queue), readers.readQueueDelete), { queue, noWait: false })
        const login = argumentsOf(startOk(new Map(), 'PLAIN', bytesOf('\0a\0b')), readers.readStartOk)
        assert.deepEqual(login, { clientProperties: new Map(), mechanism: 'PLAIN', response: '\0a\0b' })
      }),
    )
    assert.equal(argumentsOf(basicQos(1, 1000), readers.readPrefetch), 1000)
  })

  test('reads the address of a message as the template writes it', () => {
    const settings = { channel: 1, exchange: 'x', routingKey: 'k', mandatory: true, persistent: true }
    const template = new PublishTemplate({ ...settings, withMessageId: false, frameBytesMax: 4096 })
    const target = new Uint8Array(1000)
    const end = template.write(target, 0, 0, bytesOf('body'))
    assert.deepEqual(argumentsOf(target.slice(0, end), readers.readPublish), {
      exchange: 'x',
      routingKey: 'k',
      mandatory: true,
    })
  })

  test('sees that a client wants no answer', () => {
    const noWait = (method: number, bits: number) =>
      methodFrame(1, method, (fields) => fields.short(0).shortString('q').octet(bits))
    assert.equal(argumentsOf(noWait(METHOD.queuePurge, 1), readers.readQueuePurge).noWait, true)
    assert.equal(argumentsOf(noWait(METHOD.queueDelete, 4), readers.readQueueDelete).noWait, true)
    assert.equal(argumentsOf(noWait(METHOD.queueDelete, 3), readers.readQueueDelete).noWait, false)
    const cancel = methodFrame(1, METHOD.basicCancel, (fields) => fields.shortString('t').octet(1))
    assert.deepEqual(argumentsOf(cancel, readers.readCancel), { consumerTag: 't', noWait: true })
    const exchange = methodFrame(1, METHOD.exchangeDeclare, (fields) =>
      fields.short(0).shortString('x').shortString('topic').octet(17).table(new Map()),
    )
    assert.deepEqual(argumentsOf(exchange, readers.readExchangeDeclare), {
      exchange: 'x',
      type: 'topic',
      passive: true,
      noWait: true,
    })
  })
})
