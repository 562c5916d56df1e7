import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { ACK_FRAME_BYTES, writeAck } from '../../../src/protocol/amqp091/acknowledgement.ts'
import { basicConsume, close, connectionOpen, queueDeclare } from '../../../src/protocol/amqp091/client-methods.ts'
import { decimalLength, readDecimal, writeDecimal } from '../../../src/protocol/amqp091/decimal.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import { METHOD, methodName } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'
import { readMessageNumber, readProperties } from '../../../src/protocol/amqp091/properties.ts'
import { PublishTemplate } from '../../../src/protocol/amqp091/publish-template.ts'
import { bytesOf, content, hex, joined } from './seen-frames.ts'

const wholeNumber = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.nat(15).map((exponent) => 10 ** exponent),
  fc.nat(15).map((exponent) => 10 ** exponent - 1),
)
const message = fc.tuple(wholeNumber, fc.uint8Array({ maxLength: 100 }))

describe('AMQP 0-9-1 encoding', () => {
  test('writes messages from a template byte for byte as frame after frame, for bodies and numbers of any length', () => {
    const settings = fc.record({
      exchange: fc.constantFrom('', 'amq.topic'),
      routingKey: fc.string({ maxLength: 20 }),
      mandatory: fc.boolean(),
      persistent: fc.boolean(),
      withMessageId: fc.boolean(),
      frameBytesMax: fc.constantFrom(20, 58, 131_072),
    })
    fc.assert(
      fc.property(settings, fc.array(message, { minLength: 1, maxLength: 5 }), (chosen, messages) => {
        const template = new PublishTemplate({ channel: 1, ...chosen })
        const target = new Uint8Array(100_000)
        let at = 3
        for (const [number, body] of messages) {
          const end = template.write(target, at, number, body)
          assert.ok(end - at <= template.frameBytesMax(body.length))
          const method = methodFrame(1, METHOD.basicPublish, (fields) =>
            fields
              .short(0)
              .shortString(chosen.exchange)
              .shortString(chosen.routingKey)
              .octet(chosen.mandatory ? 1 : 0),
          )
          const mode = chosen.persistent ? 2 : 1
          const expected = content(1, body, chosen.frameBytesMax - 8, (fields) =>
            chosen.withMessageId
              ? fields.short(0x1080).octet(mode).shortString(String(number))
              : fields.short(0x1000).octet(mode),
          )
          assert.equal(hex(target, at, end), hex(joined(method, expected)))
          at = end
        }
      }),
    )
  })

  test('writes properties in the order of their flags, and reads them again', () => {
    const properties = fc.record({
      expiration: fc.option(fc.maxSafeNat().map(String)),
      priority: fc.option(fc.nat(255)),
      headers: fc.array(fc.tuple(fc.string({ maxLength: 20 }), fc.string())).map((entries) => new Map(entries)),
    })
    fc.assert(
      fc.property(properties, fc.boolean(), fc.uint8Array({ maxLength: 9 }), (chosen, withMessageId, body) => {
        const settings = { channel: 1, exchange: '', routingKey: 'q', mandatory: true, persistent: true, withMessageId }
        const template = new PublishTemplate({ ...settings, frameBytesMax: 131_072, properties: chosen })
        const target = new Uint8Array(10_000)
        const end = template.write(target, 0, 1234, body)
        assert.ok(end <= template.frameBytesMax(body.length))
        const seen: unknown[] = []
        const parser = new Amqp091Parser({
          onMethod: () => undefined,
          onContentHeader: (fields) => {
            const flagsAt = fields.position
            seen.push(readProperties(fields))
            fields.position = flagsAt
            seen.push(readMessageNumber(fields))
          },
          onContent: (buffer, start, bodyEnd) => seen.push(hex(buffer, start, bodyEnd)),
        })
        parser.feed(target, 0, end)
        assert.deepEqual(seen, [{ ...chosen }, withMessageId ? 1234 : -1, hex(body)])
      }),
    )
  })

  test('refuses headers that do not fit in a frame', () => {
    const settings = { channel: 1, exchange: '', routingKey: 'q', mandatory: true, persistent: true }
    const properties = { expiration: null, priority: null, headers: new Map([['a', 'x'.repeat(4096)]]) }
    assert.throws(
      () => new PublishTemplate({ ...settings, withMessageId: true, frameBytesMax: 4096, properties }),
      RangeError,
    )
  })

  test('writes a whole basic.ack for every delivery tag', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.boolean(), (deliveryTag, multiple) => {
        const target = new Uint8Array(30)
        assert.equal(writeAck(target, 2, 1, deliveryTag, multiple), 2 + ACK_FRAME_BYTES)
        const expected = methodFrame(1, METHOD.basicAck, (fields) =>
          fields.longLong(deliveryTag).octet(multiple ? 1 : 0),
        )
        assert.equal(hex(target, 2, 2 + ACK_FRAME_BYTES), hex(expected))
      }),
    )
  })

  for (const [what, frame, expected] of [
    ['connection.open', connectionOpen('/'), '01 0000 00000008 000a0028 012f 00 00 ce'],
    ['connection.close', close(0), '01 0000 00000012 000a0032 00c8 07476f6f64627965 0000 0000 ce'],
    ['channel.close', close(1), '01 0001 00000012 00140028 00c8 07476f6f64627965 0000 0000 ce'],
    [
      'a passive queue.declare',
      queueDeclare(1, { queue: 'q', passive: true }),
      '01 0001 0000000d 0032000a 0000 0171 01 00000000 ce',
    ],
    [
      'a durable queue.declare with arguments',
      queueDeclare(1, { queue: 'q', durable: true, arguments: new Map([['x-max', 7]]) }),
      '01 0001 00000018 0032000a 0000 0171 02 0000000b 05782d6d6178 49 00000007 ce',
    ],
    [
      'basic.consume without acknowledgement',
      basicConsume(1, 'q', 'c', true),
      '01 0001 0000000f 003c0014 0000 0171 0163 02 00000000 ce',
    ],
  ] as const) {
    test(`writes ${what} as the specification says`, () => {
      assert.equal(hex(frame), expected.replaceAll(' ', ''))
    })
  }

  test('writes and reads whole numbers as digits', () => {
    fc.assert(
      fc.property(wholeNumber, (value) => {
        const target = new Uint8Array(20)
        const length = decimalLength(value)
        writeDecimal(target, 1, value, length)
        assert.equal(new TextDecoder().decode(target.slice(1, 1 + length)), String(value))
        assert.equal(readDecimal(target, 1, 1 + length), value)
      }),
    )
  })

  for (const text of ['', '-1', '1.5', ' 1', '9007199254740993', '12345678901234567']) {
    test(`reads "${text}" as no whole number`, () => {
      assert.equal(readDecimal(bytesOf(text), 0, text.length), -1)
    })
  }

  test('names methods as the specification does', () => {
    assert.equal(methodName(METHOD.connectionStartOk), 'connection.start-ok')
    assert.equal(methodName(METHOD.basicAck), 'basic.ack')
    assert.equal(methodName(0x0063_0001), 'method 99.1')
  })
})
