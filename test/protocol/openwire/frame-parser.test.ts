import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { FrameParser } from '../../../src/protocol/openwire/frame-parser.ts'
import { hexBytes, joined, oneByOne, parseChunks, splitAt } from './seen-frames.ts'
import type { SeenFrame } from './seen-frames.ts'

const FRAME_BYTES_MAX = 1000

const arbitraryFrame = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => {
  const size = new Uint8Array(4)
  new DataView(size.buffer).setInt32(0, bytes.length)
  const seen: SeenFrame = [bytes[0] ?? 0, Buffer.from(bytes.subarray(1)).toString('hex')]
  return { seen, encoded: joined([size, bytes]) }
})

const arbitraryStream = fc.array(arbitraryFrame, { minLength: 1, maxLength: 8 }).map((frames) => ({
  frames: frames.map(({ seen }) => seen),
  bytes: joined(frames.map(({ encoded }) => encoded)),
}))

describe('the OpenWire frame parser', () => {
  test('finds the same frames however the stream is split', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.array(fc.nat()), ({ frames, bytes }, cuts) => {
        assert.deepEqual(parseChunks(splitAt(bytes, cuts)), { frames, error: null })
      }),
    )
  })

  test('finds the same frames one byte at a time', () => {
    fc.assert(
      fc.property(arbitraryStream, ({ frames, bytes }) => {
        assert.deepEqual(parseChunks(oneByOne(bytes)), { frames, error: null })
      }),
    )
  })

  test('hands over no frame that is truncated, wherever it is cut, and waits for the rest', () => {
    const stream = hexBytes('00000003 0a 1122 00000001 0b 00000005 16 01020304')
    const ends = [7, 12, 21]
    for (let cut = 0; cut <= stream.length; cut++) {
      const { frames, error } = parseChunks([stream.subarray(0, cut)])
      assert.equal(error, null)
      assert.equal(frames.length, ends.filter((end) => end <= cut).length, `cut at ${cut}`)
      assert.equal(parseChunks([stream.subarray(0, cut), stream.subarray(cut)]).frames.length, 3, `split at ${cut}`)
    }
  })

  test('answers random bytes with frames or with a typed error, the same for every way of splitting them', () => {
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(0, 0, 0, 1, 2, 30), { maxLength: 200 }).map((octets) => Uint8Array.from(octets)),
    )
    fc.assert(
      fc.property(soup, fc.array(fc.nat()), (bytes, cuts) => {
        const whole = parseChunks([bytes])
        assert.deepEqual(parseChunks(splitAt(bytes, cuts)), whole)
        assert.deepEqual(parseChunks(oneByOne(bytes)), whole)
      }),
      { numRuns: 500 },
    )
  })

  const broken: readonly [what: string, hex: string, offset: number][] = [
    ['the answer of a web server', Buffer.from('HTTP/1.1 400 Bad Request').toString('hex'), 0],
    ['the greeting of AMQP', Buffer.from('AMQP\0\x01\0\0').toString('hex'), 0],
    ['a TLS alert', '15030100 020246', 0],
    ['a size of nothing', '00000000', 0],
    ['a negative size', 'ffffffff 01', 0],
    ['a size beyond the limit', '000003e9 01', 0],
    ['a second frame that is broken', '00000001 0a 7fffffff 01', 5],
  ]
  for (const [what, hex, offset] of broken) {
    test(`refuses ${what}, naming the offset and what was expected, however it is split`, () => {
      const expected = `${offset}: a frame size of 1 to ${FRAME_BYTES_MAX}`
      assert.equal(parseChunks([hexBytes(hex)], FRAME_BYTES_MAX).error, expected)
      assert.equal(parseChunks(oneByOne(hexBytes(hex)), FRAME_BYTES_MAX).error, expected)
    })
  }

  test('takes a frame that is exactly as long as allowed', () => {
    const frame = joined([hexBytes('000003e8'), new Uint8Array(FRAME_BYTES_MAX)])
    assert.equal(parseChunks([frame], FRAME_BYTES_MAX).frames.length, 1)
  })

  test('waits for a frame whose size lies upwards without allocating that size', () => {
    const parser = new FrameParser({ onFrame: () => assert.fail('there is no whole frame') })
    const before = process.memoryUsage().arrayBuffers
    parser.feed(hexBytes('06000000 15 00'))
    assert.ok(parser.inFrame)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
  })

  test('reads split frames of megabytes', () => {
    const body = new Uint8Array(3_000_000).fill(0x61)
    const size = new Uint8Array(4)
    new DataView(size.buffer).setInt32(0, body.length)
    const stream = joined([size, body, hexBytes('00000001 0b')])
    const { frames } = parseChunks(splitAt(stream, [65_536, 131_072, 2_000_000]), 4_000_000)
    assert.deepEqual(
      frames.map(([type, fields]) => [type, fields.length / 2]),
      [
        [0x61, 2_999_999],
        [0x0b, 0],
      ],
    )
  })

  test('hands over nothing more once it is stopped in the middle of a chunk', () => {
    let seen = 0
    const onFrame = (): void => {
      seen++
      parser.stop()
    }
    const parser = new FrameParser({ onFrame })
    parser.feed(hexBytes('00000001 0b 00000001 0b'))
    parser.feed(hexBytes('00000001 0b'))
    assert.equal(seen, 1)
  })

  test('lets what the handler throws through', () => {
    const parser = new FrameParser({
      onFrame: () => {
        throw new TypeError('mine')
      },
    })
    assert.throws(() => parser.feed(hexBytes('00000001 0b')), TypeError)
  })
})
