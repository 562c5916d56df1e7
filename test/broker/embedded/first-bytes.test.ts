import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FIRST_BYTES_MAX, protocolOfFirstBytes } from '../../../src/broker/embedded/first-bytes.ts'

const BEGINNINGS = {
  'stomp CONNECT': { bytes: 'CONNECT\naccept-version:1.2\n\n\0', protocol: 'stomp' },
  'stomp STOMP': { bytes: 'STOMP\n', protocol: 'stomp' },
  'a heart-beat': { bytes: '\n', protocol: 'stomp' },
  'STOMP by a word that begins as AMQP does': { bytes: 'ACK\n\n\0', protocol: 'stomp' },
  'MQTT CONNECT': { bytes: '\x10\x0c\0\x04MQTT', protocol: 'mqtt' },
  'AMQP 0-9-1': { bytes: 'AMQP\0\0\x09\x01', protocol: 'amqp091' },
  'AMQP 1.0 behind SASL': { bytes: 'AMQP\x03\x01\0\0', protocol: 'amqp10' },
  'AMQP 1.0 plain': { bytes: 'AMQP\0\x01\0\0', protocol: 'amqp10' },
  'OpenWire WireFormatInfo': { bytes: '\0\0\0\xf0\x01ActiveMQ', protocol: 'openwire' },
  'nothing that is known': { bytes: '\0\0\0\xf0\x02', protocol: 'stomp' },
} as const

describe('the protocol of the one port', () => {
  for (const [name, { bytes, protocol }] of Object.entries(BEGINNINGS)) {
    test(`is told by the first bytes of ${name}, however few come at a time`, () => {
      const all = Buffer.from(bytes, 'latin1')
      assert.equal(protocolOfFirstBytes(all), protocol)
      let told: string | null = null
      for (let length = 1; told === null && length <= all.length; length++) {
        told = protocolOfFirstBytes(all.subarray(0, length))
        assert.ok(told !== null || length < FIRST_BYTES_MAX, `${length} bytes are enough`)
      }
      assert.equal(told, protocol)
    })
  }
})
