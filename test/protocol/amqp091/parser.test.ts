import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Amqp091ProtocolError } from '../../../src/protocol/amqp091/amqp091-error.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import { HEARTBEAT_FRAME } from '../../../src/protocol/amqp091/frame.ts'
import { METHOD } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'
import { bytesOf, content, contentHeader, deliverMethod, frame, hex, joined } from './seen-frames.ts'
import { oneByOne, parseChunks } from './seen-frames.ts'

const SMALL = { frameBytesMax: 64, channelMax: 1, bodyBytesMax: 100 }
const ACK = methodFrame(1, METHOD.basicAck, (fields) => fields.longLong(7).octet(0))

const arbitraryFrame = fc.oneof(
  fc
    .record({ method: fc.constantFrom(METHOD.basicAck, METHOD.connectionTune, 0x0063_0001), args: fc.uint8Array() })
    .map(({ method, args }) => {
      const name =
        method === METHOD.basicAck ? 'basic.ack' : method === METHOD.connectionTune ? 'connection.tune' : 'method 99.1'
      return { seen: [`1 ${name} ${hex(args)}`], bytes: methodFrame(1, method, (fields) => fields.raw(args)) }
    }),
  fc.constant({ seen: [], bytes: HEARTBEAT_FRAME }),
  fc
    .record({
      body: fc.uint8Array({ maxLength: 300 }),
      chunkBytes: fc.integer({ min: 1, max: 400 }),
      tag: fc.maxSafeNat(),
    })
    .map(({ body, chunkBytes, tag }) => {
      const method = deliverMethod(tag)
      const seen = [`1 basic.deliver ${hex(method, 11, method.length - 1)}`, 'header 0000', `body ${hex(body)}`]
      return { seen, bytes: joined(method, content(1, body, chunkBytes)) }
    }),
)
const arbitraryStream = fc
  .array(arbitraryFrame, { minLength: 1, maxLength: 6 })
  .map((frames) => ({ seen: frames.flatMap(({ seen }) => seen), bytes: joined(...frames.map(({ bytes }) => bytes)) }))

describe('the AMQP 0-9-1 parser', () => {
  test('finds the same methods and contents however the stream is split', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.array(fc.nat()), ({ seen, bytes }, cuts) => {
        assert.deepEqual(parseChunks(splitAt(bytes, cuts)), { seen, error: null })
      }),
    )
  })

  test('finds the same methods and contents one byte at a time', () => {
    fc.assert(
      fc.property(arbitraryStream, ({ seen, bytes }) => {
        assert.deepEqual(parseChunks(oneByOne(bytes)), { seen, error: null })
      }),
    )
  })

  test('hands over nothing that is truncated, wherever it is cut, and waits for the rest', () => {
    const stream = joined(deliverMethod(1), content(1, bytesOf('abcdef'), 4), ACK)
    const whole = parseChunks([stream]).seen
    assert.equal(whole.length, 4)
    for (let cut = 0; cut < stream.length; cut++) {
      const { seen, error } = parseChunks([stream.subarray(0, cut)])
      assert.equal(error, null)
      assert.ok(seen.length < 4, `cut at ${cut}`)
      assert.deepEqual(seen, whole.slice(0, seen.length))
      assert.deepEqual(parseChunks([stream.subarray(0, cut), stream.subarray(cut)]).seen, whole, `split at ${cut}`)
    }
  })

  test('answers random bytes with methods or with a typed error, the same for every way of splitting them', () => {
    const alphabet = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3, 8, 4, 14, 60, 10, 80, 0xce, 0xce, 0xff)
    const soup = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(alphabet, { maxLength: 200 }).map((octets) => Uint8Array.from(octets)),
      fc.tuple(arbitraryStream, fc.nat(), fc.nat(255)).map(([{ bytes }, at, octet]) => {
        const damaged = bytes.slice()
        damaged[at % damaged.length] = octet
        return damaged
      }),
    )
    fc.assert(
      fc.property(soup, fc.array(fc.nat()), (bytes, cuts) => {
        const whole = parseChunks([bytes], SMALL)
        assert.deepEqual(parseChunks(splitAt(bytes, cuts), SMALL), whole)
        assert.deepEqual(parseChunks(oneByOne(bytes), SMALL), whole)
      }),
      { numRuns: 1000 },
    )
  })

  const header = contentHeader(1, 5)
  const deliver = deliverMethod(1, false, 'c')
  const afterDeliver = deliver.length
  const afterHeader = afterDeliver + header.length
  const broken: readonly [what: string, bytes: Uint8Array, error: string][] = [
    ['a web server', bytesOf('HTTP/1.1 400 Bad Request\r\n\r\n'), '0: a frame of type 1, 2, 3 or 8'],
    ['a protocol header of another version', bytesOf('AMQP\0\x01\0\0'), '0: a frame of type 1, 2, 3 or 8'],
    ['a frame without the end octet', joined(ACK.slice(0, -1), bytesOf('x')), '20: the frame-end octet 206'],
    ['a second frame of no type', joined(ACK, bytesOf('\x04')), '21: a frame of type 1, 2, 3 or 8'],
    ['a longer frame than tuned', bytesOf('\x01\0\x01\xff\xff\xff\xff'), '3: a frame of at most 64 bytes'],
    ['a channel that was not opened', methodFrame(2, METHOD.basicAck), '1: a channel up to 1'],
    ['a method too short to be one', frame(1, 1, bytesOf('abc')), '3: a method of at least 4 bytes'],
    ['a heart-beat with a payload', frame(8, 0, bytesOf('x')), '1: a heart-beat on channel 0 without payload'],
    ['a header without a method', header, '0: a method, as no content is due'],
    [
      'a body without a header',
      joined(deliver, frame(3, 1, bytesOf('x'))),
      `${afterDeliver}: a content header on channel 1`,
    ],
    ['a method where a header is due', joined(deliver, ACK), `${afterDeliver}: a content header on channel 1`],
    ['a method where a body is due', joined(deliver, header, ACK), `${afterHeader}: a content body on channel 1`],
    ['a second header', joined(deliver, header, header), `${afterHeader}: a content body on channel 1`],
    [
      'a body longer than its header says',
      joined(deliver, header, frame(3, 1, bytesOf('abcdef'))),
      `${afterHeader + 3}: at most 5 further bytes of body`,
    ],
    [
      'a second frame beyond the body',
      joined(deliver, header, frame(3, 1, bytesOf('abc')), frame(3, 1, bytesOf('def'))),
      `${afterHeader + 11 + 3}: at most 2 further bytes of body`,
    ],
    [
      'a header too short to be one',
      joined(deliver, frame(2, 1, bytesOf('abc'))),
      `${afterDeliver + 3}: a content header of at least 14 bytes`,
    ],
    [
      'a content header of another class',
      joined(deliver, frame(2, 1, new Uint8Array(14))),
      `${afterDeliver + 7}: a content header of class 60`,
    ],
    [
      'a longer body than allowed',
      joined(deliver, contentHeader(1, 101)),
      `${afterDeliver + 11}: a body of at most 100 bytes`,
    ],
    [
      'a content on another channel than its method',
      joined(deliver, contentHeader(0, 5)),
      `${afterDeliver}: a method, as no content is due`,
    ],
  ]
  for (const [what, bytes, error] of broken) {
    test(`refuses ${what}, naming the offset and what was expected, however it is split`, () => {
      assert.equal(parseChunks([bytes], SMALL).error, error)
      assert.equal(parseChunks(oneByOne(bytes), SMALL).error, error)
    })
  }

  test('takes contents of several channels apart, whatever the order of their frames', () => {
    const parts = (channel: number, body: string): Uint8Array[] => [
      methodFrame(channel, METHOD.basicPublish, (fields) => fields.short(0).shortString('').shortString('q').octet(0)),
      contentHeader(channel, body.length),
      ...(body.match(/.{1,3}/g)?.map((chunk) => frame(3, channel, bytesOf(chunk))) ?? []),
    ]
    const bodies = ['abcdefg', 'h', '', 'ijkl']
    const turns = fc.array(fc.nat(3), { maxLength: 40 })
    fc.assert(
      fc.property(turns, fc.boolean(), (order, isSplit) => {
        const left = bodies.map((body, index) => parts(index + 1, body))
        const frames: Uint8Array[] = []
        for (const turn of [...order, 0, 1, 2, 3]) frames.push(...(left[turn]?.splice(0, 1) ?? []))
        frames.push(...left.flat())
        const seen = new Map<number, string>()
        const parser = new Amqp091Parser(
          {
            onMethod: () => undefined,
            onContentHeader: () => undefined,
            onContent: (buffer, start, end, channel) => {
              seen.set(channel, Buffer.from(buffer.slice(start, end)).toString('latin1'))
            },
          },
          { ...SMALL, channelMax: 4 },
        )
        for (const chunk of isSplit ? oneByOne(joined(...frames)) : [joined(...frames)]) parser.feed(chunk)
        assert.deepEqual(
          [1, 2, 3, 4].map((channel) => seen.get(channel)),
          bodies,
        )
        assert.ok(!parser.isInside)
      }),
    )
  })

  test('takes heart-beats and methods of channel 0 in the middle of a content', () => {
    const blocked = methodFrame(0, METHOD.connectionBlocked, (fields) => fields.shortString('memory'))
    const body = frame(3, 1, bytesOf('abcde'))
    const bytes = joined(deliverMethod(1), HEARTBEAT_FRAME, contentHeader(1, 5), blocked, body)
    for (const chunks of [[bytes], oneByOne(bytes)]) {
      const { seen, error } = parseChunks(chunks)
      assert.equal(error, null)
      assert.deepEqual(
        seen.map((each) => each.split(' ').slice(0, 2).join(' ')),
        ['1 basic.deliver', 'header 0000', '0 connection.blocked', `body ${hex(bytesOf('abcde'))}`],
      )
    }
  })

  test('takes frames and bodies that are exactly as long as allowed', () => {
    const body = new Uint8Array(100).fill(1)
    const stream = joined(deliverMethod(1, false, 'c'), content(1, body, 56))
    assert.equal(parseChunks([stream], SMALL).error, null)
    assert.equal(parseChunks(oneByOne(stream), SMALL).error, null)
  })

  test('hands over a body in one frame where it lies, without copying it', () => {
    const chunk = joined(deliverMethod(1), content(1, bytesOf('abc')))
    const buffers: Uint8Array[] = []
    const parser = new Amqp091Parser({
      onMethod: () => undefined,
      onContentHeader: () => undefined,
      onContent: (buffer) => buffers.push(buffer),
    })
    parser.feed(chunk)
    assert.ok(buffers[0] === chunk)
  })

  test('waits for a body whose length lies upwards without allocating that length', () => {
    const parser = new Amqp091Parser({
      onMethod: () => undefined,
      onContentHeader: () => undefined,
      onContent: () => assert.fail('there is no whole content'),
    })
    const before = process.memoryUsage().arrayBuffers
    parser.feed(joined(deliverMethod(1), contentHeader(1, 200 * 1024 * 1024)))
    parser.feed(frame(3, 1, new Uint8Array(100_000)).subarray(0, 50))
    assert.ok(parser.isInside)
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
  })

  test('puts megabytes together from many frames and many chunks', () => {
    const body = Uint8Array.from({ length: 3_000_000 }, (_, index) => index * 7)
    const stream = joined(deliverMethod(1), content(1, body, 131_064), ACK)
    const { seen, error } = parseChunks(splitAt(stream, [65_536, 131_072, 200_000, 2_000_000]))
    assert.equal(error, null)
    assert.equal(seen.length, 4)
    assert.ok(seen[2] === `body ${hex(body)}`)
  })

  test('takes a longer frame once it is tuned', () => {
    const parser = new Amqp091Parser(
      { onMethod: () => undefined, onContentHeader: () => undefined, onContent: () => undefined },
      SMALL,
    )
    const long = methodFrame(1, METHOD.basicAck, (fields) => fields.raw(new Uint8Array(100)))
    parser.frameBytesMax = 200
    parser.feed(long)
    parser.frameBytesMax = 64
    assert.throws(() => parser.feed(long), Amqp091ProtocolError)
  })

  test('hands over nothing more once it is stopped in the middle of a chunk', () => {
    let seen = 0
    const parser = new Amqp091Parser({
      onMethod: () => {
        seen++
        parser.stop()
      },
      onContentHeader: () => undefined,
      onContent: () => undefined,
    })
    parser.feed(joined(ACK, ACK))
    parser.feed(ACK)
    assert.equal(seen, 1)
  })

  test('lets what the handler throws through', () => {
    const parser = new Amqp091Parser({
      onMethod: () => {
        throw new Amqp091ProtocolError(0, 'something else')
      },
      onContentHeader: () => undefined,
      onContent: () => undefined,
    })
    assert.throws(() => parser.feed(ACK), Amqp091ProtocolError)
  })
})

function splitAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
  const edges = [0, ...sorted, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}
