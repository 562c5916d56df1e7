import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { decimalLength, readDecimal, writeDecimal } from '../../../src/protocol/stomp/decimal.ts'
import { encodeFrame } from '../../../src/protocol/stomp/encode-frame.ts'
import { escapeHeader, unescapeHeader } from '../../../src/protocol/stomp/escape.ts'
import { ackBytes, ackEndIn, receiptBytes, writeAck, writeReceipt } from '../../../src/protocol/stomp/id-frames.ts'
import { MessageTemplate } from '../../../src/protocol/stomp/message-template.ts'
import { SendTemplate } from '../../../src/protocol/stomp/send-template.ts'
import { bytesOf } from './seen-frames.ts'

const wholeNumber = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.nat(12).map((exponent) => 10 ** exponent),
)
const headers = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => !/^(content-length|receipt|__proto__|\d+)$/.test(name)),
  fc.string(),
)
const bodies = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 5 })

describe('STOMP encoding', () => {
  test('writes SEND frames from a template byte for byte as the plain encoder does, for bodies of any length', () => {
    fc.assert(
      fc.property(headers, bodies, wholeNumber, fc.boolean(), (names, sent, receipt, withReceipt) => {
        const template = new SendTemplate(names, withReceipt)
        const target = new Uint8Array(100_000)
        let at = 3
        for (const body of sent) {
          const room = template.frameBytesMax(body.length)
          const end = template.write(target, at, receipt, body)
          assert.ok(end - at <= room)
          const pairs: [string, string][] = [...Object.entries(names), ['content-length', String(body.length)]]
          if (withReceipt) pairs.push(['receipt', String(receipt)])
          assert.deepEqual(target.slice(at, end), encodeFrame('SEND', pairs, body))
          at = end
        }
      }),
    )
  })

  test('writes the time at which a message expires into the template, before and after the body changes its length', () => {
    fc.assert(
      fc.property(headers, fc.array(fc.tuple(fc.uint8Array(), fc.integer({ min: 1e12, max: 9e12 }))), (names, sent) => {
        const others = Object.entries(names).filter(([name]) => name !== 'expires')
        const template = new SendTemplate(others, false, true)
        const target = new Uint8Array(100_000)
        for (const [body, expiresMs] of sent) {
          template.expireAt(expiresMs)
          const end = template.write(target, 0, 0, body)
          assert.ok(end <= template.frameBytesMax(body.length))
          const pairs: [string, string][] = [
            ['expires', String(expiresMs)],
            ...others,
            ['content-length', String(body.length)],
          ]
          assert.deepEqual(target.slice(0, end), encodeFrame('SEND', pairs, body))
        }
      }),
    )
  })

  test('writes MESSAGE frames from a template byte for byte as the plain encoder does', () => {
    fc.assert(
      fc.property(headers, fc.uint8Array(), wholeNumber, fc.boolean(), (names, body, number, redelivered) => {
        const template = new MessageTemplate(names)
        const target = new Uint8Array(100_000)
        const end = template.write(target, 5, number, redelivered, body)
        assert.ok(end - 5 <= template.frameBytesMax(body.length))
        const pairs: [string, string][] = [
          ...Object.entries(names),
          ['message-id', String(number)],
          ['ack', String(number)],
          ...(redelivered ? [['redelivered', 'true'] as [string, string]] : []),
          ['content-length', String(body.length)],
        ]
        assert.deepEqual(target.slice(5, end), encodeFrame('MESSAGE', pairs, body))
      }),
    )
  })

  test('writes ACK and RECEIPT with an id that is already escaped', () => {
    const id = bytesOf('..ID\\chost-1\\c2..')
    const target = new Uint8Array(100)
    const ackEnd = writeAck(target, 0, id, 2, id.length - 2)
    assert.deepEqual(target.slice(0, ackEnd), encodeFrame('ACK', { id: 'ID:host-1:2' }))
    assert.equal(ackEnd, ackBytes(id.length - 4))
    const inTransaction = ackEndIn('t:1')
    const endInTransaction = writeAck(target, 0, id, 2, id.length - 2, inTransaction)
    const framed = encodeFrame('ACK', { id: 'ID:host-1:2', transaction: 't:1' })
    assert.deepEqual(target.slice(0, endInTransaction), framed)
    assert.equal(endInTransaction, ackBytes(id.length - 4, inTransaction))
    const receiptEnd = writeReceipt(target, 0, id, 2, id.length - 2)
    assert.deepEqual(target.slice(0, receiptEnd), encodeFrame('RECEIPT', { 'receipt-id': 'ID:host-1:2' }))
    assert.equal(receiptEnd, receiptBytes(id.length - 4))
  })

  test('escapes what would end a header, and gives every text back', () => {
    assert.equal(escapeHeader('a:b\\c\nd\re'), 'a\\cb\\\\c\\nd\\re')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unescapeHeader(escapeHeader(text)) === text))
  })

  test('leaves CONNECT unescaped', () => {
    const frame = encodeFrame('CONNECT', { passcode: 'a:b\\' })
    assert.equal(new TextDecoder().decode(frame), 'CONNECT\npasscode:a:b\\\n\n\0')
  })

  test('writes and reads whole numbers as digits', () => {
    fc.assert(
      fc.property(wholeNumber, (value) => {
        const target = new Uint8Array(20)
        const end = writeDecimal(target, 1, value)
        assert.equal(new TextDecoder().decode(target.slice(1, end)), String(value))
        assert.equal(end - 1, decimalLength(value))
        assert.equal(readDecimal(target, 1, end), value)
      }),
    )
  })

  for (const text of ['', '-1', '1.5', '1e3', ' 1', '9007199254740993', '12345678901234567']) {
    test(`reads "${text}" as no whole number`, () => {
      assert.equal(readDecimal(bytesOf(text), 0, text.length), -1)
    })
  }
})
