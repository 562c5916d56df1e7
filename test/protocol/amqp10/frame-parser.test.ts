import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { joined } from '../../../src/protocol/amqp10/encode-value.ts'
import { AmqpFrameParser } from '../../../src/protocol/amqp10/frame-parser.ts'
import { DEFAULT_LIMITS } from '../../../src/protocol/amqp10/limits.ts'
import { EMPTY_FRAME, encodeFrame, encodeProtocolHeader } from '../../../src/protocol/amqp10/performative.ts'
import { oneByOne, parseChunks, splitAt } from './seen-frames.ts'

const HEADER = encodeProtocolHeader(0)

const arbitraryStream = fc
  .array(fc.record({ type: fc.constantFrom(0, 1), body: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 8 })
  .map((frames) => ({
    bytes: joined([HEADER, ...frames.map(({ type, body }) => encodeFrame(type, body))]),
    units: ['header 0', ...frames.map(({ type, body }) => `${type} 0 ${Buffer.from(body).toString('hex')}`)],
  }))

describe('the AMQP 1.0 frame parser', () => {
  test('finds the same frames however the stream is split', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.array(fc.nat()), ({ bytes, units }, cuts) => {
        assert.deepEqual(parseChunks(splitAt(bytes, cuts)), { units, error: null })
      }),
    )
  })

  test('finds the same frames one byte at a time', () => {
    fc.assert(
      fc.property(arbitraryStream, ({ bytes, units }) => {
        assert.deepEqual(parseChunks(oneByOne(bytes)), { units, error: null })
      }),
    )
  })

  test('hands over no frame that is truncated, wherever it is cut, and waits for the rest', () => {
    const stream = joined([HEADER, encodeFrame(0, Uint8Array.of(1, 2, 3)), EMPTY_FRAME])
    for (let cut = 0; cut < stream.length; cut++) {
      const { units, error } = parseChunks([stream.subarray(0, cut)])
      assert.equal(error, null)
      assert.equal(units.length, (cut >= 8 ? 1 : 0) + (cut >= 19 ? 1 : 0), `cut at ${cut}`)
      assert.equal(parseChunks([stream.subarray(0, cut), stream.subarray(cut)]).units.length, 3, `split at ${cut}`)
    }
  })

  test('answers random bytes with frames or a typed error, the same for every way of splitting them', () => {
    const soup = fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 200 })).map(([isFramed, bytes]) => {
      if (!isFramed) return bytes
      return joined([HEADER, Uint8Array.of(0, 0, 0, bytes.length & 0x1f), bytes])
    })
    fc.assert(
      fc.property(soup, fc.array(fc.nat()), (bytes, cuts) => {
        assert.deepEqual(parseChunks(splitAt(bytes, cuts)), parseChunks([bytes]))
        assert.deepEqual(parseChunks(oneByOne(bytes)), parseChunks([bytes]))
      }),
      { numRuns: 1000 },
    )
  })

  for (const [what, frame, message] of [
    ['a size below the header', '00000007', /expected a frame of 8 to 131072 bytes, not 7 at byte 8/],
    ['a size beyond the limit', 'fffffff0', /expected a frame of 8 to 131072 bytes, not 4294967280 at byte 8/],
    ['a data offset before the body', '000000080100', /expected a data offset within the frame at byte 12/],
    ['a data offset behind the frame', '0000000803000000', /expected a data offset within the frame at byte 12/],
  ] as const) {
    test(`refuses ${what} as soon as it has come`, () => {
      const padded = Buffer.from(frame.padEnd(16, '0'), 'hex')
      const bytes = frame.length === 8 ? padded.subarray(0, 4) : padded
      assert.match(parseChunks([HEADER, bytes]).error ?? '', message)
    })
  }

  test('refuses what is not AMQP by its first byte, and other versions of AMQP', () => {
    assert.match(parseChunks([Buffer.from('H')]).error ?? '', /expected an AMQP protocol header at byte 0/)
    assert.match(parseChunks([Buffer.from('AMQP\0\0\x09\x01')]).error ?? '', /expected version 1.0.0 at byte 5/)
  })

  test('reads a second header when it is told that SASL is over', () => {
    const units: string[] = []
    const parser = new AmqpFrameParser({
      onHeader: (protocolId) => units.push(`header ${protocolId}`),
      onFrame: ({ type }) => {
        units.push(`frame ${type}`)
        if (type === 1) parser.expectHeader()
      },
    })
    parser.feed(joined([encodeProtocolHeader(3), encodeFrame(1, Uint8Array.of(1)), HEADER, EMPTY_FRAME]))
    assert.deepEqual(units, ['header 3', 'frame 1', 'header 0', 'frame 0'])
  })

  test('hands over nothing once it is stopped', () => {
    let frames = 0
    const parser = new AmqpFrameParser(
      {
        onHeader: () => undefined,
        onFrame: () => {
          frames++
          parser.stop()
        },
      },
      DEFAULT_LIMITS,
    )
    parser.feed(joined([HEADER, EMPTY_FRAME, EMPTY_FRAME]))
    parser.feed(EMPTY_FRAME)
    assert.equal(frames, 1)
  })
})
