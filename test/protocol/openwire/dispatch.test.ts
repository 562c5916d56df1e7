import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Dispatch } from '../../../src/protocol/openwire/dispatch.ts'
import { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { MESSAGE } from '../../../src/protocol/openwire/type-codes.ts'
import { dispatchFrame, messageIdBytes, PRODUCER, templateFrame } from './broker-frames.ts'
import { errorText, hexBytes, joined } from './seen-frames.ts'

/** Reads a whole frame, its size included, that begins at byte 100 of the stream. */
function read(frame: Uint8Array, end = frame.length): Dispatch {
  const fields = new FrameReader()
  fields.open(frame, 5, end, 100)
  const dispatch = new Dispatch()
  dispatch.read(fields)
  return dispatch
}

function errorOf(frame: Uint8Array, end = frame.length): string | null {
  try {
    read(frame, end)
    return null
  } catch (error) {
    return errorText(error)
  }
}

describe('the reader of a MessageDispatch', () => {
  test('finds body, id, type and redeliveries, whatever else the message carries', () => {
    const arbitrary = fc.record({
      content: fc.uint8Array({ maxLength: 500 }),
      sequence: fc.nat(),
      redeliveries: fc.nat(20),
      isFull: fc.boolean(),
      compressed: fc.boolean(),
      type: fc.constantFrom(...Object.values(MESSAGE)),
    })
    fc.assert(
      fc.property(arbitrary, (message) => {
        const dispatch = read(dispatchFrame(message))
        assert.deepEqual(dispatch.body(), message.content)
        assert.deepEqual(
          dispatch.buffer.slice(dispatch.idStart, dispatch.idEnd),
          messageIdBytes(PRODUCER, message.sequence),
        )
        assert.equal(dispatch.messageType, message.type)
        assert.equal(dispatch.redeliveries, message.redeliveries)
        assert.equal(dispatch.compressed, message.compressed)
      }),
    )
  })

  test('reads what the template for publishing writes', () => {
    const body = hexBytes('00 01 ff c0 80')
    const message = templateFrame(body, 42).subarray(4)
    const dispatch = read(joined([hexBytes('00000000 15 00000001 00 00 00 01'), message, hexBytes('00000000')]))
    assert.deepEqual(dispatch.body(), body)
    assert.equal(dispatch.messageType, MESSAGE.bytes)
  })

  test('takes absent content for an empty body, and an absent message for none', () => {
    assert.equal(read(dispatchFrame({ content: null })).body().length, 0)
    assert.equal(read(dispatchFrame(null)).messageType, 0)
  })

  test('hands the body over where it lies', () => {
    const frame = dispatchFrame({ content: hexBytes('01 02') })
    assert.equal(read(frame).body().buffer, frame.buffer)
  })

  test('refuses a frame that ends too soon, wherever, and never reads beyond its end', () => {
    const frame = dispatchFrame({ content: hexBytes('01 02 03'), isFull: true })
    for (let end = 5; end < frame.length - 40; end++) {
      const error = errorOf(frame, end)
      assert.notEqual(error, null, `cut at ${end}`)
      assert.ok(Number.parseInt(error ?? '') <= 100 + end, `${error ?? ''}, cut at ${end}`)
    }
  })

  test('answers any change of any byte with a dispatch within the frame or with a typed error', () => {
    const whole = dispatchFrame({ content: hexBytes('01 02 03'), isFull: true })
    fc.assert(
      fc.property(fc.integer({ min: 5, max: whole.length - 1 }), fc.nat(255), (at, octet) => {
        const frame = whole.slice()
        frame[at] = octet
        if (errorOf(frame) !== null) return
        const { messageType, bodyStart, bodyEnd, idStart, idEnd } = read(frame)
        if (messageType === 0) return
        for (const position of [bodyStart, bodyEnd, idStart, idEnd])
          assert.ok(position >= 5 && position <= frame.length)
        assert.ok(bodyStart <= bodyEnd && idStart < idEnd)
      }),
      { numRuns: 2000 },
    )
  })

  test('answers random bytes with a dispatch or with a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 300 }), (bytes) => {
        errorOf(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses ids nested in ids as deep as the frame is long, instead of following them', () => {
    const deep = joined([
      hexBytes('00000000 15 00000001 00'),
      ...Array.from({ length: 100_000 }, () => hexBytes('01 6e 00')),
    ])
    assert.equal(errorOf(deep), '114: an id of type 123')
  })

  const base = '00000000 15 00000001 00 00 00'
  const broken: readonly [what: string, hex: string, error: string][] = [
    ['a flag that is neither 0 nor 1', '00000000 15 00000001 00 02', '110: a boolean (0 or 1)'],
    ['an unknown nested type', '00000000 15 00000001 00 01 7f', '111: a nested destination or id'],
    ['a message that is none', `${base} 01 1e`, '113: a message (type 23 to 29)'],
    [
      'a string longer than the frame',
      '00000000 15 00000001 00 01 64 01 ffff 71',
      '116: 65535 more bytes in this frame',
    ],
    [
      'a message without an id',
      `${base} 01 18 00000001 00 00 00 00 00 00 00`,
      '123: a message id of at most 1024 bytes',
    ],
  ]
  for (const [what, hex, error] of broken) {
    test(`refuses ${what}, naming the offset`, () => assert.equal(errorOf(hexBytes(hex)), error))
  }

  test('refuses a content whose length lies', () => {
    const frame = dispatchFrame({ content: hexBytes('aa bb cc dd') })
    const at = Buffer.from(frame).indexOf(Buffer.from('00000004aabbccdd', 'hex'))
    for (const lie of [0x7fffffff, -1, frame.length]) {
      const lying = frame.slice()
      new DataView(lying.buffer).setInt32(at, lie)
      assert.equal(
        errorOf(lying),
        `${100 + at}: a length of at most the ${frame.length - at - 4} bytes left in this frame`,
      )
    }
  })
})
