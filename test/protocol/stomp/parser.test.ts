import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { COMMANDS } from '../../../src/protocol/stomp/command.ts'
import { encodeFrame } from '../../../src/protocol/stomp/encode-frame.ts'
import { StompParser } from '../../../src/protocol/stomp/parser.ts'
import { StompProtocolError } from '../../../src/protocol/stomp/stomp-error.ts'
import { bytesOf, oneByOne, parseChunks } from './seen-frames.ts'
import type { SeenFrame } from './seen-frames.ts'

const SMALL = { headerBytesMax: 64, headerCountMax: 3, bodyBytesMax: 100 }

/** A NUL in a header is taken for a frame that ended too soon. */
const headerText = (minLength: number) =>
  fc.string({ minLength, unit: 'binary' }).filter((text) => !text.includes('\0'))

/** Frames with any header text and any body; `content-length` on some, on the others the body has no NUL. */
const arbitraryFrame = fc
  .record({
    command: fc.constantFrom(...COMMANDS.filter((command) => command !== 'CONNECT' && command !== 'CONNECTED')),
    headers: fc.array(fc.tuple(headerText(1), headerText(0)), {
      maxLength: 6,
    }),
    body: fc.uint8Array({ maxLength: 300 }),
    hasLength: fc.boolean(),
  })
  .filter(({ headers }) => headers.every(([name]) => name !== 'content-length'))
  .map(({ command, headers, body, hasLength }) => {
    const bytes = hasLength ? body : body.filter((octet) => octet !== 0)
    const pairs = hasLength ? [...headers, ['content-length', String(bytes.length)] as [string, string]] : headers
    const seen: SeenFrame = { command, headers: pairs, body: Buffer.from(bytes).toString('latin1') }
    return { seen, encoded: hasLength ? encodeFrame(command, pairs, bytes) : openEnded(command, pairs, bytes) }
  })

const arbitraryStream = fc.array(arbitraryFrame, { minLength: 1, maxLength: 6 }).chain((frames) =>
  fc.record({
    frames: fc.constant(frames.map(({ seen }) => seen)),
    bytes: fc
      .array(fc.constantFrom('', '\n', '\r\n', '\n\n\n'), { minLength: frames.length, maxLength: frames.length })
      .map((beats) => joined(frames.flatMap(({ encoded }, index) => [encoded, bytesOf(beats[index] ?? '')]))),
  }),
)

describe('the STOMP parser', () => {
  test('finds the same frames however the stream is split', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.array(fc.nat()), ({ frames, bytes }, cuts) => {
        const parsed = parseChunks(splitAt(bytes, cuts))
        assert.deepEqual(parsed, { frames, error: null })
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
    const first = encodeFrame('MESSAGE', { ack: 'a:b', subscription: '1' }, bytesOf('x\0y'))
    const second = bytesOf('RECEIPT\r\nreceipt-id:7\r\n\r\n\0')
    const stream = joined([first, second])
    for (let cut = 0; cut < stream.length; cut++) {
      const { frames, error } = parseChunks([stream.subarray(0, cut)])
      assert.equal(error, null)
      assert.equal(frames.length, cut >= first.length ? 1 : 0, `cut at ${cut}`)
      assert.equal(parseChunks([stream.subarray(0, cut), stream.subarray(cut)]).frames.length, 2, `split at ${cut}`)
    }
  })

  test('answers random bytes with frames or with a typed error, the same for every way of splitting them', () => {
    const alphabet = fc.constantFrom(...bytesOf('SENDACK\n\r:\\ \0n1x'))
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(alphabet, { maxLength: 200 }).map((octets) => Uint8Array.from(octets)),
    )
    fc.assert(
      fc.property(soup, fc.array(fc.nat()), (bytes, cuts) => {
        const whole = parseChunks([bytes], SMALL)
        assert.deepEqual(parseChunks(splitAt(bytes, cuts), SMALL), whole)
        assert.deepEqual(parseChunks(oneByOne(bytes), SMALL), whole)
      }),
      { numRuns: 500 },
    )
  })

  const broken: readonly [what: string, bytes: string, error: string][] = [
    ['something that is no command', 'HTTP/1.1 400 Bad Request\r\n\r\n', '0: a STOMP command'],
    ['the beginning of another protocol', 'AMQP\0\0\x09\x01', '0: a STOMP command'],
    ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46', '0: a STOMP command'],
    ['a command with something behind it', 'ACK \nid:1\n\n\0', '0: a STOMP command'],
    ['a second frame that is none', 'RECEIPT\nreceipt-id:1\n\n\0BEGIM\n\n\0', '23: a STOMP command'],
    ['a header without a colon', 'SEND\ndestination\n\n\0', "16: ':' in the header line"],
    ['a header without a name', 'SEND\n:x\n\n\0', "5: a header name before ':'"],
    ['an escape that there is not', 'SEND\na:b\\t\n\n\0', '8: one of the escapes \\\\ \\n \\r \\c'],
    ['a NUL among the headers', 'SEND\na:b\0\n\n\0', '8: a header line or the empty line before the body'],
    ['a length that is no number', 'SEND\ncontent-length:1e3\n\n\0', '20: a whole number as content-length'],
    ['a negative length', 'SEND\ncontent-length:-1\n\n\0', '20: a whole number as content-length'],
    ['a length shorter than the body', 'SEND\ncontent-length:1\n\nxy\0', '24: NUL after a body of 1 bytes'],
    ['more headers than allowed', 'SEND\na:1\nb:2\nc:3\nd:4\n\n\0', '17: at most 3 headers'],
    ['longer headers than allowed', `SEND\na:${'x'.repeat(100)}\n\n\0`, '64: headers of at most 64 bytes'],
    ['a longer length than allowed', 'SEND\ncontent-length:101\n\n', '20: a body of at most 100 bytes'],
    ['a longer body without a length', `SEND\n\n${'x'.repeat(101)}`, '106: a body of at most 100 bytes'],
  ]
  for (const [what, text, error] of broken) {
    test(`refuses ${what}, naming the offset and what was expected, however it is split`, () => {
      assert.equal(parseChunks([bytesOf(text)], SMALL).error, error)
      assert.equal(parseChunks(oneByOne(bytesOf(text)), SMALL).error, error)
    })
  }

  test('takes headers and bodies that are exactly as long as allowed', () => {
    const header = `SEND\na:${'x'.repeat(64 - 9)}\n\n`
    assert.equal(header.length, 64)
    assert.equal(parseChunks([bytesOf(`${header}${'y'.repeat(100)}\0`)], SMALL).frames.length, 1)
    assert.equal(parseChunks(oneByOne(bytesOf(`${header}${'y'.repeat(100)}\0`)), SMALL).frames.length, 1)
  })

  test('waits for a body whose length lies upwards without allocating that length', () => {
    const parser = new StompParser({ onFrame: () => assert.fail('there is no whole frame') })
    const before = process.memoryUsage().arrayBuffers
    parser.feed(bytesOf(`SEND\ncontent-length:${60 * 1024 * 1024}\n\nshort`))
    assert.ok(parser.inFrame)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
  })

  test('reads split frames of megabytes', () => {
    const body = new Uint8Array(3_000_000).fill(0x61)
    const bytes = joined([encodeFrame('SEND', {}, body), encodeFrame('SEND', {}, bytesOf('next'))])
    const { frames } = parseChunks(splitAt(bytes, [65_536, 131_072, 2_000_000]))
    assert.deepEqual(
      frames.map(({ body: text }) => text.length),
      [3_000_000, 4],
    )
  })

  test('does not unescape CONNECTED, and does unescape the others', () => {
    const { frames } = parseChunks([bytesOf('CONNECTED\nserver:a\\cb\n\n\0RECEIPT\nreceipt-id:a\\cb\\\\c\n\n\0')])
    assert.deepEqual(
      frames.map(({ headers }) => headers[0]?.[1]),
      ['a\\cb', 'a:b\\c'],
    )
  })

  test('lets the first of two headers of the same name count', () => {
    const { frames } = parseChunks([bytesOf('SEND\ncontent-length:1\ncontent-length:9\n\nx\0')])
    assert.equal(frames[0]?.body, 'x')
  })

  test('hands over nothing more once it is stopped in the middle of a chunk', () => {
    let seen = 0
    const parser = new StompParser({
      onFrame: () => {
        seen++
        parser.stop()
      },
    })
    parser.feed(bytesOf('ACK\nid:1\n\n\0ACK\nid:2\n\n\0'))
    parser.feed(bytesOf('ACK\nid:3\n\n\0'))
    assert.equal(seen, 1)
  })

  test('lets what the handler throws through', () => {
    const parser = new StompParser({
      onFrame: () => {
        throw new StompProtocolError(0, 'something else')
      },
    })
    assert.throws(() => parser.feed(bytesOf('ACK\nid:1\n\n\0')), StompProtocolError)
  })
})

function openEnded(command: SeenFrame['command'], headers: readonly (readonly [string, string])[], body: Uint8Array) {
  const encoded = encodeFrame(command as 'SEND', headers)
  return joined([encoded.subarray(0, -1), body, new Uint8Array(1)])
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(cuts.map((cut) => (bytes.length === 0 ? 0 : cut % (bytes.length + 1))))].toSorted(
    (a, b) => a - b,
  )
  const edges = [0, ...sorted, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}
