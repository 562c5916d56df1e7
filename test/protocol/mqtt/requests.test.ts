import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { levelOf, readConnect } from '../../../src/protocol/mqtt/connect.ts'
import type { Connect } from '../../../src/protocol/mqtt/connect.ts'
import { encodeConnect, encodeSubscribe, encodeUnsubscribe } from '../../../src/protocol/mqtt/encode-packet.ts'
import { encodeMessageProperties, readMessageProperties } from '../../../src/protocol/mqtt/message-properties.ts'
import type { Qos } from '../../../src/protocol/mqtt/packet-type.ts'
import type { MqttPacket } from '../../../src/protocol/mqtt/packet.ts'
import { MqttParser } from '../../../src/protocol/mqtt/parser.ts'
import { PublishTemplate } from '../../../src/protocol/mqtt/publish-template.ts'
import { filtersOf } from '../../../src/protocol/mqtt/subscribe.ts'
import { bytesOf, parseChunks } from './seen-packets.ts'

/** What `read` makes of the one packet in these bytes. */
function readOne<T>(bytes: Uint8Array, level: 4 | 5, read: (packet: MqttPacket) => T): T {
  const made: T[] = []
  new MqttParser({ onPacket: (packet) => made.push(read(packet)) }, level).feed(bytes)
  assert.equal(made.length, 1)
  return made[0] as T
}

const LATIN1_CONNECT = '\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02c1'

describe('what a server reads of MQTT', () => {
  test('CONNECT is read as it was written, in both versions', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 30 })
    const fields = fc.record({
      level: fc.constantFrom<4 | 5>(4, 5),
      clientId: texts,
      clean: fc.boolean(),
      keepAliveSeconds: fc.nat({ max: 65_535 }),
      username: fc.option(texts),
      password: fc.option(texts),
      sessionExpirySeconds: fc.nat({ max: 0xffff_fffe }),
      receiveMaximum: fc.option(fc.integer({ min: 1, max: 65_535 })),
    })
    fc.assert(
      fc.property(fields, (asked) => {
        const { level, clean, username, password, sessionExpirySeconds, receiveMaximum, ...same } = asked
        const expected: Connect = {
          ...{ ...same, level, clean, username, hasWill: false, maximumPacketBytes: Infinity },
          password: level === 4 && username === null ? null : password,
          sessionExpirySeconds: level === 5 ? sessionExpirySeconds : clean ? 0 : Infinity,
          receiveMaximum: level === 5 ? (receiveMaximum ?? 65_535) : 65_535,
        }
        assert.deepEqual(readOne(encodeConnect(asked), 4, readConnect), expected)
      }),
    )
  })

  test('CONNECT with a will says so, and its user name is found behind it', () => {
    const bytes = bytesOf('\x10\x1a\x00\x04MQTT\x05\x86\x00\x00\x00\x00\x01c\x02\x01\x01\x00\x01w\x00\x01!\x00\x01u')
    const { hasWill, username, receiveMaximum } = readOne(bytes, 4, readConnect)
    assert.deepEqual([hasWill, username, receiveMaximum], [true, 'u', 65_535])
  })

  test('the level of another version is read without looking at what follows', () => {
    assert.equal(readOne(bytesOf('\x10\x0a\x00\x04MQTT\x09\xff\x00\x00'), 4, levelOf), 9)
    assert.equal(readOne(bytesOf('\x10\x0c\x00\x06MQIsdp\x03\x02\x00\x00'), 4, levelOf), 3)
  })

  test('filters are read with their QoS, and UNSUBSCRIBE has none', () => {
    const asks = readOne(bytesOf('\x82\x0b\x00\x05\x00\x01a\x02\x00\x02bc\x04'), 4, filtersOf)
    assert.deepEqual(asks, [
      { filter: 'a', qos: 2, noLocal: false },
      { filter: 'bc', qos: 0, noLocal: true },
    ])
    assert.deepEqual(readOne(encodeSubscribe(5, 3, '$share/g/ä', 1), 5, filtersOf), [
      { filter: '$share/g/ä', qos: 1, noLocal: false },
    ])
    assert.deepEqual(readOne(encodeUnsubscribe(5, 3, 'ab'), 5, filtersOf), [{ filter: 'ab', qos: 0, noLocal: false }])
  })

  for (const [what, bytes, error] of [
    ['no protocol name', '\x10\x02\x00\x04', '2: protocol name, level, flags and keep-alive'],
    ['another protocol', '\x10\x0a\x00\x04NATS\x04\x02\x00\x00', '2: the protocol name MQTT'],
    ['a reserved flag', LATIN1_CONNECT.replace('\x04\x02', '\x04\x03'), '9: connect flags that go together'],
    ['a QoS without a will', LATIN1_CONNECT.replace('\x04\x02', '\x04\x0a'), '9: connect flags that go together'],
    ['a password without a user', LATIN1_CONNECT.replace('\x04\x02', '\x04\x42'), '9: connect flags that go together'],
    ['a client id that is cut', LATIN1_CONNECT.replace('\x02c1', '\x03c1'), '12: client id, whole'],
    ['a user name that is not there', LATIN1_CONNECT.replace('\x04\x02', '\x04\x82'), '16: user name, whole'],
    ['something behind', LATIN1_CONNECT.replace('\x02c1', '\x01c1'), '15: nothing behind the last field'],
    ['properties that are cut', '\x10\x0b\x00\x04MQTT\x05\x02\x00\x00\x05', '12: properties, whole'],
    ['no filter', '\x82\x02\x00\x01', '4: a topic filter, whole'],
    ['a filter without QoS', '\x82\x05\x00\x01\x00\x01a', '4: a topic filter, whole'],
    ['a QoS of 3', '\x82\x06\x00\x01\x00\x01a\x03', '7: a QoS of 0, 1 or 2'],
    ['a filter that is cut', '\xa2\x05\x00\x01\x00\x02a', '4: a topic filter, whole'],
  ] as const) {
    test(`${what} is a broken frame`, () => {
      assert.deepEqual(parseChunks([bytesOf(bytes)], 4), { packets: [], error })
    })
  }
})

describe('what a message of MQTT 5 carries', () => {
  test('is read as it was written, whatever stands before and behind it', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 20 })
    const carried = fc.record({
      expirySeconds: fc.option(fc.nat({ max: 0xffff_ffff })),
      userProperties: fc.array(fc.tuple(texts, texts), { maxLength: 5 }),
    })
    fc.assert(
      fc.property(carried, fc.constantFrom<Qos>(0, 1, 2), fc.uint8Array({ maxLength: 50 }), (written, qos, body) => {
        const template = new PublishTemplate(5, 'orders', qos, encodeMessageProperties(written))
        const bytes = new Uint8Array(template.packetBytes(body.length))
        assert.equal(template.write(bytes, 0, 7, body), bytes.length)
        const read = readOne(bytes, 5, (packet) => ({
          packetId: packet.packetId,
          body: packet.payload().slice(),
          properties: readMessageProperties(packet),
        }))
        assert.deepEqual(read, { packetId: qos === 0 ? 0 : 7, body, properties: { ...written } })
      }),
    )
  })

  test('other properties beside it are passed over', () => {
    const bytes = bytesOf('\x30\x15\x00\x01a\x11\x01\x01\x26\x00\x01a\x00\x01b\x0b\x80\x01\x02\x00\x00\x00\x09')
    const { expirySeconds, userProperties } = readOne(bytes, 5, readMessageProperties)
    assert.deepEqual([expirySeconds, userProperties], [9, [['a', 'b']]])
  })
})
