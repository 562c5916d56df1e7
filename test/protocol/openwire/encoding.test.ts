import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { ByteWriter } from '../../../src/protocol/openwire/byte-writer.ts'
import { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { decodeModifiedUtf8, encodeModifiedUtf8 } from '../../../src/protocol/openwire/modified-utf8.ts'
import { textBody } from '../../../src/protocol/openwire/text-body.ts'
import { readWireFormatInfo, wireFormatInfo } from '../../../src/protocol/openwire/wire-format-info.ts'
import { textContent } from './broker-frames.ts'
import { errorText, hexBytes } from './seen-frames.ts'

describe('modified UTF-8', () => {
  test('is what Java writes for NUL, for two and three bytes, and for what lies beyond them', () => {
    assert.equal(hexOf(encodeModifiedUtf8('a\0é€')), '61c080c3a9e282ac')
    assert.equal(hexOf(encodeModifiedUtf8('😀')), 'eda0bdedb880')
  })

  test('gives every text back, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }), (text) => {
        const bytes = encodeModifiedUtf8(text)
        assert.equal(decodeModifiedUtf8(bytes, 0, bytes.length), text)
      }),
    )
  })

  test('has some text for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.ok(decodeModifiedUtf8(bytes, 0, bytes.length).length <= bytes.length)
      }),
    )
  })
})

describe('a text body', () => {
  test('is the UTF-8 of the text that was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const content = textContent(encodeModifiedUtf8(text))
        assert.deepEqual(Buffer.from(textBody(content, 0, content.length) ?? []), Buffer.from(text))
      }),
    )
  })

  test('is handed over where it lies if it is the same in both encodings', () => {
    const content = textContent(encodeModifiedUtf8('héllo €'))
    assert.equal(textBody(content, 0, content.length)?.buffer, content.buffer)
  })

  test('is empty without content, and none if its length does not fill the content', () => {
    assert.equal(textBody(new Uint8Array(4), 2, 2)?.length, 0)
    assert.equal(textBody(hexBytes('00000002 61'), 0, 5), null)
    assert.equal(textBody(hexBytes('000000'), 0, 3), null)
  })
})

describe('whole numbers of 64 bits', () => {
  test('come back as they were written, negative ones too', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        assert.equal(readerOf(new ByteWriter().i64(value).take()).i64(), value)
      }),
    )
  })

  test('are two’s complement', () => {
    assert.equal(hexOf(new ByteWriter().i64(-2).take()), 'fffffffffffffffe')
  })
})

describe('WireFormatInfo', () => {
  /** As ActiveMQ 5.18.3 sends it, less its magic, version and properties of no interest. */
  const SEEN =
    '4163746976654d51 0000000c 01 00000054 00000003' +
    '000c 50726f76696465724e616d65 09 0008 4163746976654d51' +
    '000c 4d61784672616d6553697a65 06 0000000006400000' +
    '0015 4d6178496e61637469766974794475726174696f6e 06 0000000000007530'

  test('is read as brokers send it', () => {
    assert.deepEqual(readWireFormatInfo(readerOf(hexBytes(SEEN))), {
      version: 12,
      maxInactivityMs: 30_000,
      maxInactivityInitialDelayMs: 0,
      maxFrameBytes: 104_857_600,
      providerName: 'ActiveMQ',
      providerVersion: null,
    })
  })

  test('comes back as it was written, with everything optional off', () => {
    const format = { maxInactivityMs: 0, maxInactivityInitialDelayMs: 10_000 }
    const frame = wireFormatInfo(format, { name: 'brokermark', version: '1' })
    const read = readWireFormatInfo(readerOf(frame.subarray(5)))
    assert.equal(read.maxInactivityMs, 0)
    assert.equal(read.maxInactivityInitialDelayMs, 10_000)
    assert.equal(read.providerName, 'brokermark')
    const text = Buffer.from(frame).toString('latin1')
    for (const name of ['TightEncodingEnabled', 'CacheEnabled', 'SizePrefixDisabled', 'StackTraceEnabled']) {
      assert.ok(text.includes(`${name}\x01\0`), name)
    }
  })

  test('may have no properties at all', () => {
    assert.equal(readWireFormatInfo(readerOf(hexBytes('4163746976654d51 0000000a 00'))).version, 10)
    assert.equal(readWireFormatInfo(readerOf(hexBytes('4163746976654d51 0000000b 01 00000000'))).version, 11)
  })

  test('is refused when truncated, at every byte', () => {
    const whole = hexBytes(SEEN)
    for (let end = 0; end < whole.length; end++) {
      assert.throws(() => readWireFormatInfo(readerOf(whole.subarray(0, end))), { name: 'OpenWireProtocolError' })
    }
  })

  test('answers random properties with a typed error or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const frame = new ByteWriter().raw(hexBytes('4163746976654d51 0000000c 01')).i32(bytes.length).raw(bytes).take()
        try {
          readWireFormatInfo(readerOf(frame))
        } catch (error) {
          errorText(error)
        }
      }),
      { numRuns: 1000 },
    )
  })

  for (const [what, hex, error] of [
    ['another word than ActiveMQ', '4163746976654d58 0000000c 00', '7: the word ActiveMQ'],
    [
      'properties longer than the frame',
      '4163746976654d51 0000000c 01 00000005 00',
      '13: a length of at most the 1 bytes left in this frame',
    ],
    [
      'a property of an unknown kind',
      '4163746976654d51 0000000c 01 00000008 00000001 0001 61 0e',
      '24: the type of a property (0 to 13)',
    ],
    [
      'fewer properties than there are',
      '4163746976654d51 0000000c 01 00000005 00000000 00',
      '21: the end of the properties',
    ],
  ] as const) {
    test(`is refused with ${what}`, () => {
      assert.throws(
        () => readWireFormatInfo(readerOf(hexBytes(hex))),
        (thrown: unknown) => errorText(thrown) === error,
        error,
      )
    })
  }
})

function readerOf(bytes: Uint8Array): FrameReader {
  const fields = new FrameReader()
  fields.open(bytes, 0, bytes.length, 0)
  return fields
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
