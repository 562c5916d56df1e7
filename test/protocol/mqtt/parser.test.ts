import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { MqttProtocolError } from '../../../src/protocol/mqtt/mqtt-error.ts'
import { MqttParser } from '../../../src/protocol/mqtt/parser.ts'
import { PublishTemplate } from '../../../src/protocol/mqtt/publish-template.ts'
import { arbitraryStream } from './arbitrary-packets.ts'
import { bytesOf, joined, oneByOne, parseChunks, splitAt } from './seen-packets.ts'

const SMALL = { packetBytesMax: 100 }
const LEVELS = [4, 5] as const

describe('the MQTT parser', () => {
  for (const level of LEVELS) {
    test(`finds the same packets of level ${level} however the stream is split, and one byte at a time`, () => {
      fc.assert(
        fc.property(arbitraryStream(level), fc.array(fc.nat()), ({ packets, bytes }, cuts) => {
          assert.deepEqual(parseChunks([bytes], level), { packets, error: null })
          assert.deepEqual(parseChunks(splitAt(bytes, cuts), level), { packets, error: null })
          assert.deepEqual(parseChunks(oneByOne(bytes), level), { packets, error: null })
        }),
      )
    })

    test(`answers random bytes at level ${level} with packets or a typed error, the same for every way of splitting them`, () => {
      const alphabet = fc.constantFrom(
        0x00,
        0x01,
        0x02,
        0x03,
        0x04,
        0x20,
        0x30,
        0x32,
        0x40,
        0x80,
        0x90,
        0xd0,
        0xe0,
        0xff,
      )
      const soup = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(alphabet, { maxLength: 200 }).map((octets) => Uint8Array.from(octets)),
      )
      fc.assert(
        fc.property(soup, fc.array(fc.nat()), (bytes, cuts) => {
          const whole = parseChunks([bytes], level, SMALL)
          assert.deepEqual(parseChunks(splitAt(bytes, cuts), level, SMALL), whole)
          assert.deepEqual(parseChunks(oneByOne(bytes), level, SMALL), whole)
        }),
        { numRuns: 500 },
      )
    })

    test(`survives a packet of level ${level} in which one byte lies`, () => {
      fc.assert(
        fc.property(arbitraryStream(level), fc.nat(), fc.integer({ min: 0, max: 255 }), ({ bytes }, at, octet) => {
          const lying = bytes.slice()
          lying[at % lying.length] = octet
          const whole = parseChunks([lying], level)
          assert.deepEqual(parseChunks(oneByOne(lying), level), whole)
        }),
        { numRuns: 500 },
      )
    })
  }

  test('hands over no packet that is truncated, wherever it is cut, and waits for the rest', () => {
    const publish = new Uint8Array(300)
    const length = new PublishTemplate(4, 'orders', 1).write(publish, 0, 7, new Uint8Array(200).fill(0xff))
    const first = publish.subarray(0, length)
    const stream = joined([first, bytesOf('\x40\x02\x00\x07')])
    for (let cut = 0; cut < stream.length; cut++) {
      const { packets, error } = parseChunks([stream.subarray(0, cut)])
      assert.equal(error, null)
      assert.equal(packets.length, cut >= first.length ? 1 : 0, `cut at ${cut}`)
      assert.equal(parseChunks([stream.subarray(0, cut), stream.subarray(cut)]).packets.length, 2, `split at ${cut}`)
    }
  })

  const broken: readonly [what: string, level: 4 | 5, bytes: string, error: string][] = [
    ['a web server', 4, 'HTTP/1.1 400 Bad Request\r\n', '0: the first byte of an MQTT packet'],
    ['a STOMP server', 4, 'ERROR\nmessage:no\n\n\0', '0: the first byte of an MQTT packet'],
    ['a TLS alert', 4, '\x15\x03\x01\x00\x02\x02\x46', '0: the first byte of an MQTT packet'],
    ['the reserved packet type', 4, '\x00\x00', '0: the first byte of an MQTT packet'],
    ['AUTH in MQTT 3.1.1', 4, '\xf0\x00', '0: the first byte of an MQTT packet'],
    ['flags that are not PUBACK’s', 4, '\x41\x02\x00\x01', '0: the first byte of an MQTT packet'],
    ['a second packet that is none', 4, '\xd0\x00\x00\x00', '2: the first byte of an MQTT packet'],
    ['PUBLISH at QoS 3', 4, '\x36\x04\x00\x00\x00\x01', '0: a PUBLISH at QoS 0, 1 or 2'],
    ['a length of five bytes', 4, '\x30\xff\xff\xff\xff\x01', '1: a length of at most four bytes'],
    ['a longer packet than allowed', 4, '\x30\x63', '1: a packet of at most 100 bytes'],
    ['a ping with something in it', 4, '\xd0\x01x', '2: a ping without anything behind it'],
    ['PUBLISH without a topic', 4, '\x30\x01\x00', '2: the length of a topic name'],
    ['a topic beyond its packet', 4, '\x30\x04\x00\x03ab', '2: a topic name within its packet'],
    ['PUBLISH at QoS 1 without a packet id', 4, '\x32\x03\x00\x01a', '5: a packet id'],
    ['the packet id 0', 4, '\x32\x05\x00\x01a\x00\x00', '5: a packet id other than 0'],
    ['PUBACK of the packet id 0', 4, '\x40\x02\x00\x00', '2: a packet id other than 0'],
    ['PUBACK without a packet id', 4, '\x40\x01\x01', '2: a packet id'],
    ['PUBACK with a reason in MQTT 3.1.1', 4, '\x40\x03\x00\x01\x00', '4: nothing behind the packet id'],
    ['CONNACK without a code', 4, '\x20\x01\x00', '2: flags and code of a CONNACK'],
    ['CONNACK with unknown flags', 4, '\x20\x02\x02\x00', '2: CONNACK flags of 0 or 1'],
    ['CONNACK with properties in MQTT 3.1.1', 4, '\x20\x03\x00\x00\x00', '4: nothing behind the code of a CONNACK'],
    ['DISCONNECT with a reason in MQTT 3.1.1', 4, '\xe0\x01\x00', '2: nothing behind the length of a DISCONNECT'],
    ['PUBLISH of MQTT 5 without properties', 5, '\x30\x03\x00\x01a', '5: the length of properties'],
    ['properties beyond their packet', 5, '\x30\x05\x00\x01a\x02\x01', '5: properties within their packet'],
    ['an unknown property', 5, '\x30\x05\x00\x01a\x01\x7f', '6: a property of MQTT 5, whole'],
    ['half a property', 5, '\x30\x06\x00\x01a\x02\x02\x00', '6: a property of MQTT 5, whole'],
    ['a text property that lies', 5, '\x30\x08\x00\x01a\x04\x03\x00\x09x', '6: a property of MQTT 5, whole'],
    ['something behind CONNACK’s properties', 5, '\x20\x04\x00\x00\x00x', '5: nothing behind the properties'],
  ]
  for (const [what, level, text, error] of broken) {
    test(`refuses ${what}, naming the offset and what was expected, however it is split`, () => {
      assert.equal(parseChunks([bytesOf(text)], level, SMALL).error, error)
      assert.equal(parseChunks(oneByOne(bytesOf(text)), level, SMALL).error, error)
    })
  }

  test('takes a packet that is exactly as long as allowed', () => {
    const bytes = bytesOf(`\x30\x62\x00\x01a${'x'.repeat(95)}`)
    assert.equal(bytes.length, 100)
    assert.equal(parseChunks([bytes], 4, SMALL).packets.length, 1)
    assert.equal(parseChunks(oneByOne(bytes), 4, SMALL).packets.length, 1)
  })

  test('waits for a packet whose length lies upwards without allocating that length', () => {
    const parser = new MqttParser({ onPacket: () => assert.fail('there is no whole packet') }, 4)
    const before = process.memoryUsage().arrayBuffers
    // 60 MiB, of which six bytes come.
    parser.feed(Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x1e, 0x00, 0x01, 0x61]))
    assert.ok(parser.inPacket)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
  })

  test('reads split packets of megabytes', () => {
    const template = new PublishTemplate(5, 'orders', 1)
    const bytes = new Uint8Array(template.packetBytes(3_000_000) + template.packetBytes(4))
    const end = template.write(
      bytes,
      template.write(bytes, 0, 1, new Uint8Array(3_000_000).fill(0x61)),
      2,
      bytesOf('next'),
    )
    const { packets } = parseChunks(splitAt(bytes.subarray(0, end), [65_536, 131_072, 2_000_000]), 5)
    assert.deepEqual(
      packets.map(({ payload }) => payload.length),
      [3_000_000, 4],
    )
  })

  test('takes the refusal of two bytes by which an older broker answers MQTT 5', () => {
    assert.deepEqual(parseChunks([bytesOf('\x20\x02\x00\x01')], 5).packets[0]?.reasonCode, 1)
  })

  test('hands over nothing more once it is stopped in the middle of a chunk', () => {
    let seen = 0
    const parser = new MqttParser(
      {
        onPacket: () => {
          seen++
          parser.stop()
        },
      },
      4,
    )
    parser.feed(bytesOf('\xd0\x00\xd0\x00'))
    parser.feed(bytesOf('\xd0\x00'))
    assert.equal(seen, 1)
  })

  test('lets what the handler throws through', () => {
    const parser = new MqttParser(
      {
        onPacket: () => {
          throw new MqttProtocolError(0, 'something else')
        },
      },
      4,
    )
    assert.throws(() => parser.feed(bytesOf('\xd0\x00')), MqttProtocolError)
  })
})
