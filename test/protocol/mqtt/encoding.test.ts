import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { readConnack } from '../../../src/protocol/mqtt/connack.ts'
import type { Connack } from '../../../src/protocol/mqtt/connack.ts'
import {
  encodeBare,
  encodeConnect,
  encodeSubscribe,
  encodeUnsubscribe,
} from '../../../src/protocol/mqtt/encode-packet.ts'
import type { ConnectFields } from '../../../src/protocol/mqtt/encode-packet.ts'
import { PACKET_TYPE } from '../../../src/protocol/mqtt/packet-type.ts'
import type { ProtocolLevel } from '../../../src/protocol/mqtt/packet-type.ts'
import { MqttParser } from '../../../src/protocol/mqtt/parser.ts'
import { PublishTemplate } from '../../../src/protocol/mqtt/publish-template.ts'
import {
  endOfVariableInteger,
  INCOMPLETE,
  readVariableInteger,
  VARIABLE_INTEGER_MAX,
  variableIntegerBytes,
  writeVariableInteger,
} from '../../../src/protocol/mqtt/variable-integer.ts'
import { bytesOf } from './seen-packets.ts'

const CONNECT: ConnectFields = {
  level: 4,
  clientId: 'c1',
  clean: true,
  keepAliveSeconds: 0,
  username: null,
  password: null,
  sessionExpirySeconds: 0,
  receiveMaximum: null,
}

describe('MQTT packets as they are written', () => {
  test('CONNECT of MQTT 3.1.1 has protocol name, level, flags, keep-alive and client id', () => {
    writes(encodeConnect(CONNECT), '\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02c1')
  })

  test('CONNECT carries user name and password, and a session that is kept', () => {
    const fields = { ...CONNECT, clean: false, keepAliveSeconds: 300, username: 'u', password: 'pw' }
    writes(encodeConnect(fields), '\x10\x15\x00\x04MQTT\x04\xc0\x01\x2c\x00\x02c1\x00\x01u\x00\x02pw')
  })

  test('MQTT 3.1.1 has no password without a user name, MQTT 5 has', () => {
    const fields = { ...CONNECT, password: 'pw' }
    writes(encodeConnect(fields), '\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02c1')
    writes(
      encodeConnect({ ...fields, level: 5 }),
      '\x10\x18\x00\x04MQTT\x05\x42\x00\x00\x05\x11\x00\x00\x00\x00\x00\x02c1\x00\x02pw',
    )
  })

  test('CONNECT of MQTT 5 says how long the session is kept and how much may be unacknowledged', () => {
    const fields = { ...CONNECT, level: 5, clean: false, sessionExpirySeconds: 86_400, receiveMaximum: 1000 } as const
    writes(encodeConnect(fields), '\x10\x17\x00\x04MQTT\x05\x00\x00\x00\x08\x11\x00\x01\x51\x80\x21\x03\xe8\x00\x02c1')
  })

  test('SUBSCRIBE, UNSUBSCRIBE and what has nothing but a type', () => {
    writes(encodeSubscribe(4, 258, 'a/b', 1), '\x82\x08\x01\x02\x00\x03a/b\x01')
    writes(encodeSubscribe(5, 258, 'a/b', 0), '\x82\x09\x01\x02\x00\x00\x03a/b\x00')
    writes(encodeUnsubscribe(4, 258, 'a/b'), '\xa2\x07\x01\x02\x00\x03a/b')
    writes(encodeUnsubscribe(5, 258, 'a/b'), '\xa2\x08\x01\x02\x00\x00\x03a/b')
    writes(encodeBare(PACKET_TYPE.pingreq), '\xc0\x00')
    writes(encodeBare(PACKET_TYPE.disconnect), '\xe0\x00')
  })

  test('a topic or client id longer than 65,535 bytes is not written', () => {
    assert.throws(() => encodeConnect({ ...CONNECT, clientId: 'x'.repeat(65_536) }), RangeError)
    assert.throws(() => new PublishTemplate(4, 'ü'.repeat(32_768), 0), RangeError)
  })
})

describe('the PUBLISH template', () => {
  test('has a packet id from QoS 1 on, and the length of properties in MQTT 5', () => {
    published(4, 0, '\x30\x05\x00\x01qhi')
    published(4, 1, '\x32\x07\x00\x01q\x01\x02hi')
    published(5, 0, '\x30\x06\x00\x01q\x00hi')
    published(5, 2, '\x34\x08\x00\x01q\x01\x02\x00hi')
  })

  test('follows a body whose length changes', () => {
    const template = new PublishTemplate(4, 'q', 1)
    for (const bytes of [0, 122, 123, 16_376, 16_400, 5]) {
      const target = new Uint8Array(template.packetBytes(bytes) + 10)
      const end = template.write(target, 10, 7, new Uint8Array(bytes).fill(0x61))
      assert.equal(end, target.length)
      const length = readVariableInteger(target, 11, end)
      assert.equal(endOfVariableInteger(target, 11) + length, end)
      assert.equal(length, 5 + bytes)
    }
  })

  test('refuses a body that the protocol cannot say the length of', () => {
    assert.throws(() => new PublishTemplate(4, 'q', 1).packetBytes(VARIABLE_INTEGER_MAX), RangeError)
  })
})

describe('variable byte integers', () => {
  test('are read as they were written, and by no byte less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: VARIABLE_INTEGER_MAX }), (value) => {
        const bytes = new Uint8Array(6)
        const end = writeVariableInteger(bytes, 1, value)
        assert.equal(end - 1, variableIntegerBytes(value))
        assert.equal(readVariableInteger(bytes, 1, 6), value)
        assert.equal(endOfVariableInteger(bytes, 1), end)
        assert.equal(readVariableInteger(bytes, 1, end - 1), INCOMPLETE)
      }),
    )
  })

  test('are as long as the specification says', () => {
    const bounds = [0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, VARIABLE_INTEGER_MAX]
    assert.deepEqual(bounds.map(variableIntegerBytes), [1, 1, 2, 2, 3, 3, 4, 4])
  })
})

describe('what CONNACK allows', () => {
  test('is everything where it names no limit', () => {
    const unlimited: Connack = {
      isSessionPresent: false,
      receiveMaximum: 65_535,
      maximumQos: 2,
      maximumPacketBytes: Infinity,
      serverKeepAliveSeconds: null,
      sharedSubscriptions: true,
    }
    assert.deepEqual(connackOf('\x20\x02\x00\x00', 4), unlimited)
    assert.deepEqual(connackOf('\x20\x03\x00\x00\x00', 5), unlimited)
  })

  test('is what the properties say, in any order and among others', () => {
    const properties = '\x2a\x00\x26\x00\x01a\x00\x01b\x27\xff\x00\x00\x00\x13\x00\x3c\x24\x01\x21\x00\x14\x22\x00\x0a'
    const length = String.fromCharCode(properties.length)
    const connack = `\x20${String.fromCharCode(properties.length + 3)}\x01\x00${length}${properties}`
    assert.deepEqual(connackOf(connack, 5), {
      isSessionPresent: true,
      receiveMaximum: 20,
      maximumQos: 1,
      maximumPacketBytes: 0xff000000,
      serverKeepAliveSeconds: 60,
      sharedSubscriptions: false,
    })
  })
})

function writes(bytes: Uint8Array, expected: string): void {
  assert.equal(Buffer.from(bytes).toString('latin1'), expected)
}

function published(level: ProtocolLevel, qos: 0 | 1 | 2, expected: string): void {
  const template = new PublishTemplate(level, 'q', qos)
  const target = new Uint8Array(template.packetBytes(2))
  assert.equal(template.write(target, 0, 258, bytesOf('hi')), target.length)
  writes(target, expected)
}

function connackOf(text: string, level: ProtocolLevel): Connack {
  const seen: Connack[] = []
  new MqttParser({ onPacket: (packet) => seen.push(readConnack(packet)) }, level).feed(bytesOf(text))
  const [connack] = seen
  assert.ok(connack !== undefined)
  return connack
}
