import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Amqp10ProtocolError } from '../../../src/protocol/amqp10/amqp10-error.ts'
import { Delivery } from '../../../src/protocol/amqp10/delivery.ts'
import { DESCRIPTOR } from '../../../src/protocol/amqp10/descriptor.ts'
import { Disposition, DISPOSITION_BYTES, NO_STATE, writeDisposition } from '../../../src/protocol/amqp10/disposition.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeUint,
  joined,
  NULL,
} from '../../../src/protocol/amqp10/encode-value.ts'
import { Flow, FLOW_BYTES, writeFlow } from '../../../src/protocol/amqp10/flow.ts'
import { AmqpFrame } from '../../../src/protocol/amqp10/frame.ts'
import { AmqpFrameParser } from '../../../src/protocol/amqp10/frame-parser.ts'
import { DEFAULT_LIMITS } from '../../../src/protocol/amqp10/limits.ts'
import { Message } from '../../../src/protocol/amqp10/message.ts'
import { encodeMessageHead } from '../../../src/protocol/amqp10/message-head.ts'
import { encodeProtocolHeader } from '../../../src/protocol/amqp10/performative.ts'
import { AmqpReader } from '../../../src/protocol/amqp10/reader.ts'
import { SessionWindows } from '../../../src/protocol/amqp10/session-windows.ts'
import { TransferTemplate } from '../../../src/protocol/amqp10/transfer-template.ts'
import { encodeTransactionalDisposition, encodeTransactionalState } from '../../../src/protocol/amqp10/transaction.ts'
import { Transfer } from '../../../src/protocol/amqp10/transfer.ts'
import { readerOf } from './seen-frames.ts'

/** Calls back for each frame, with a reader that stands behind the descriptor. */
function eachFrame(
  bytes: Uint8Array,
  onFrame: (frame: AmqpFrame, descriptor: number, reader: AmqpReader) => void,
): void {
  const parser = new AmqpFrameParser({
    onHeader: () => undefined,
    onFrame: (frame) => {
      const reader = new AmqpReader()
      reader.load(frame.buffer, frame.bodyStart, frame.end, frame.originBytes)
      onFrame(frame, reader.readDescriptor(), reader)
    },
  })
  parser.feed(joined([encodeProtocolHeader(0), bytes]))
}

interface Received {
  readonly body: string
  readonly id: number
  readonly isSettled: boolean
}

function deliveriesOf(bytes: Uint8Array): Received[] {
  const delivery = new Delivery()
  const transfer = new Transfer()
  const received: Received[] = []
  eachFrame(bytes, (frame, descriptor, reader) => {
    assert.equal(descriptor, DESCRIPTOR.transfer)
    transfer.read(reader)
    if (delivery.add(transfer, frame) !== 'whole') return
    const body = Buffer.from(delivery.message.body()).toString('hex')
    received.push({ body, id: delivery.id, isSettled: delivery.isSettled })
  })
  return received
}

function messageOf(...sections: readonly Uint8Array[]): Message {
  const bytes = joined(sections)
  const message = new Message()
  message.read(bytes, 0, bytes.length, 0)
  return message
}

function templateOf(isDurable: boolean, isSettled = false): TransferTemplate {
  return new TransferTemplate({ isSettled, head: encodeMessageHead({ isDurable }) })
}

const data = (bytes: readonly number[]): Uint8Array =>
  encodeDescribed(DESCRIPTOR.data, encodeBinary(Uint8Array.from(bytes)))

describe('transfers of AMQP 1.0', () => {
  test('written by a template come back: delivery-id, settlement and body, whatever the lengths', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(bodies, fc.nat({ max: 0xffffffff }), fc.boolean(), (all, firstId, isSettled) => {
        const template = templateOf(true, isSettled)
        const frames = all.map((body, index) => {
          const frame = new Uint8Array(template.frameBytes(body.length))
          assert.equal(template.write(frame, 0, firstId + index, body), frame.length)
          return frame
        })
        const expected = all.map((body, index) => ({
          body: Buffer.from(body).toString('hex'),
          id: (firstId + index) >>> 0,
          isSettled,
        }))
        assert.deepEqual(deliveriesOf(joined(frames)), expected)
      }),
    )
  })

  test('of one message in many frames are put together again, however small the pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.integer({ min: 1, max: 100 }), (body, pieceMax) => {
        const template = templateOf(false)
        const messageBytes = template.messageBytes(body.length)
        const frames: Uint8Array[] = []
        for (let from = 0; from < messageBytes; from += pieceMax) {
          const piece = Math.min(pieceMax, messageBytes - from)
          const frame = new Uint8Array(template.transferBytes + piece)
          assert.equal(template.writePiece(frame, 0, 7, body, from, piece), frame.length)
          frames.push(frame)
        }
        const expected = { body: Buffer.from(body).toString('hex'), id: 7, isSettled: false }
        assert.deepEqual(deliveriesOf(joined([...frames, ...frames])), [expected, expected])
      }),
    )
  })

  test('say durable in the header of the message', () => {
    for (const isDurable of [true, false]) {
      const frame = new Uint8Array(100)
      const template = templateOf(isDurable)
      const end = template.write(frame, 0, 1, Uint8Array.of(9))
      const expected = joined([encodeComposite(DESCRIPTOR.header, [encodeBoolean(isDurable)]), data([9])])
      assert.deepEqual(frame.subarray(template.transferBytes, end), expected)
    }
  })

  test('cut or broken anywhere are whole or a typed error', () => {
    const frame = new Uint8Array(60)
    const end = templateOf(true).write(frame, 0, 1, new Uint8Array(10))
    fc.assert(
      fc.property(fc.nat({ max: end - 9 }), fc.nat({ max: 255 }), (at, octet) => {
        const broken = frame.slice(0, end)
        broken[8 + at] = octet
        try {
          deliveriesOf(broken)
        } catch (error) {
          assert.ok(error instanceof Amqp10ProtocolError || error instanceof assert.AssertionError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('of one message may not go beyond its limit, nor begin without a delivery-id', () => {
    const small = new Delivery({ ...DEFAULT_LIMITS, messageBytesMax: 10 })
    const transfer = new Transfer()
    const add = (fields: Parameters<typeof encodeComposite>[1], payload: Uint8Array): string => {
      const bytes = joined([encodeComposite(DESCRIPTOR.transfer, fields), payload])
      const reader = readerOf(bytes)
      reader.readDescriptor()
      transfer.read(reader)
      const frame = Object.assign(new AmqpFrame(), { buffer: bytes, end: bytes.length })
      return small.add(transfer, frame)
    }
    const more = [encodeUint(0), encodeUint(1), NULL, NULL, NULL, encodeBoolean(true)]
    assert.equal(add(more, new Uint8Array(8)), 'partial')
    assert.throws(() => add(more, new Uint8Array(8)), /a message of at most 10 bytes/)
    const aborted = [encodeUint(0), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, encodeBoolean(true)]
    assert.equal(add(aborted, new Uint8Array(0)), 'aborted')
    assert.throws(() => add([encodeUint(0)], data([1])), /a delivery-id in the first transfer/)
  })
})

describe('messages of AMQP 1.0', () => {
  test('have their body in one data section, in several, or in a value that is binary or text', () => {
    assert.deepEqual(messageOf(data([1, 2])).body(), Uint8Array.of(1, 2))
    assert.deepEqual(messageOf(data([1]), data([]), data([2, 3])).body(), Uint8Array.of(1, 2, 3))
    const value = (encoded: Uint8Array): Uint8Array => encodeDescribed(DESCRIPTOR.amqpValue, encoded)
    assert.deepEqual(messageOf(value(encodeBinary(Uint8Array.of(4)))).body(), Uint8Array.of(4))
    assert.deepEqual(Buffer.from(messageOf(value(encodeString('é'))).body()).toString(), 'é')
    assert.equal(messageOf(value(encodeUint(70_000))).body().length, 0)
    assert.equal(messageOf().body().length, 0)
  })

  test('are found behind annotations and properties that nobody asked for', () => {
    const map = encodeMap([encodeSymbol('x-opt'), encodeString('y')])
    const message = messageOf(
      encodeComposite(DESCRIPTOR.header, [encodeBoolean(true), NULL, NULL, encodeBoolean(false), encodeUint(3)]),
      encodeDescribed(DESCRIPTOR.deliveryAnnotations, map),
      encodeDescribed(DESCRIPTOR.messageAnnotations, map),
      encodeComposite(DESCRIPTOR.properties, [encodeString('id')]),
      encodeDescribed(DESCRIPTOR.applicationProperties, map),
      data([5]),
      encodeDescribed(DESCRIPTOR.footer, map),
    )
    assert.deepEqual(message.body(), Uint8Array.of(5))
    assert.equal(message.deliveryCount, 3)
    assert.equal(message.isFirstAcquired, false)
  })

  test('carry a time to live, a priority and headers, and tell them when asked', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    const carried = fc.record(
      {
        ttlMs: fc.option(fc.nat({ max: 0xffffffff })),
        priority: fc.option(fc.nat({ max: 9 })),
        headers: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), text, { maxKeys: 5, noNullPrototype: true }),
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(carried, fc.boolean(), (properties, isDurable) => {
        const message = messageOf(encodeMessageHead({ isDurable, ...properties }), data([1, 2]), data([3]))
        assert.deepEqual(message.properties(), properties)
        assert.deepEqual(message.body(), Uint8Array.of(1, 2, 3))
      }),
    )
    const others = encodeMap([encodeString('count'), encodeUint(7), encodeString('on'), encodeBoolean(true)])
    const message = messageOf(encodeDescribed(DESCRIPTOR.applicationProperties, others), data([1]))
    assert.deepEqual(message.properties(), { ttlMs: null, priority: null, headers: { count: '7', on: 'true' } })
  })

  test('without a header were never delivered before', () => {
    const message = messageOf(encodeComposite(DESCRIPTOR.header, [encodeBoolean(true)]), data([1]))
    assert.deepEqual([message.deliveryCount, message.isFirstAcquired], [0, null])
  })

  test('of random bytes are a message or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const framed = joined([Uint8Array.of(0, 0x53, 0x70 + ((bytes[0] ?? 0) % 9)), bytes])
        try {
          messageOf(framed).properties()
        } catch (error) {
          assert.ok(error instanceof Amqp10ProtocolError, String(error))
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('dispositions and flows of AMQP 1.0', () => {
  test('written by us are read as they were meant', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffffffff }), (role, first, last) => {
        const frame = new Uint8Array(DISPOSITION_BYTES)
        assert.equal(writeDisposition(frame, 0, role, first, last, DESCRIPTOR.accepted), DISPOSITION_BYTES)
        const read = new Disposition()
        eachFrame(frame, (_, descriptor, reader) => {
          assert.equal(descriptor, DESCRIPTOR.disposition)
          read.read(reader)
        })
        const { isFromReceiver, isSettled, state } = read
        assert.deepEqual(
          { isFromReceiver, first: read.first, last: read.last, isSettled, state },
          {
            ...{ isFromReceiver: role, first, last, isSettled: true, state: DESCRIPTOR.accepted },
          },
        )
      }),
    )
  })

  test('of a rejection tell its condition', () => {
    const error = encodeComposite(DESCRIPTOR.error, [encodeSymbol('amqp:not-allowed'), encodeString('because')])
    for (const [state, condition] of [
      [encodeComposite(DESCRIPTOR.rejected, [error]), 'amqp:not-allowed'],
      [encodeComposite(DESCRIPTOR.rejected, []), null],
      [encodeComposite(DESCRIPTOR.rejected, [NULL]), null],
    ] as const) {
      const fields = [encodeBoolean(true), encodeUint(5), NULL, encodeBoolean(true), state]
      const read = new Disposition()
      const reader = readerOf(encodeComposite(DESCRIPTOR.disposition, fields))
      reader.readDescriptor()
      read.read(reader)
      assert.deepEqual([read.first, read.last, read.state, read.condition], [5, 5, DESCRIPTOR.rejected, condition])
    }
  })

  test('within a transaction tell its outcome, and of one that was declared its id', () => {
    const id = Uint8Array.of(1, 2, 3)
    const rejected = encodeComposite(DESCRIPTOR.rejected, [
      encodeComposite(DESCRIPTOR.error, [encodeSymbol('amqp:not-allowed')]),
    ])
    for (const [state, expected] of [
      [encodeTransactionalState(id, DESCRIPTOR.accepted), [DESCRIPTOR.accepted, true, null, null]],
      [encodeTransactionalState(id, null), [NO_STATE, true, null, null]],
      [
        encodeComposite(DESCRIPTOR.transactionalState, [encodeBinary(id), rejected]),
        [DESCRIPTOR.rejected, true, 'amqp:not-allowed', null],
      ],
      [encodeComposite(DESCRIPTOR.declared, [encodeBinary(id)]), [DESCRIPTOR.declared, false, null, id]],
    ] as const) {
      const reader = readerOf(encodeTransactionalDisposition(3, 4, state))
      reader.readDescriptor()
      const read = new Disposition()
      read.read(reader)
      assert.deepEqual([read.state, read.isTransactional, read.condition, read.transactionId], expected)
      assert.deepEqual([read.first, read.last, reader.position], [3, 4, reader.end])
    }
    const nested = encodeComposite(DESCRIPTOR.transactionalState, [
      encodeBinary(id),
      encodeTransactionalState(id, DESCRIPTOR.accepted),
    ])
    const reader = readerOf(encodeTransactionalDisposition(3, 4, nested))
    reader.readDescriptor()
    assert.throws(() => new Disposition().read(reader), Amqp10ProtocolError)
  })

  test('may have no state', () => {
    const read = new Disposition()
    const reader = readerOf(encodeComposite(DESCRIPTOR.disposition, [encodeBoolean(true), encodeUint(5)]))
    reader.readDescriptor()
    read.read(reader)
    assert.deepEqual([read.isSettled, read.state], [false, NO_STATE])
  })

  test('carry windows, delivery count and credit', () => {
    const windows = new SessionWindows()
    windows.begun(7, 100)
    const frame = new Uint8Array(FLOW_BYTES)
    assert.equal(writeFlow(frame, 0, windows, 0xfffffff0, 1000, true), FLOW_BYTES)
    const flow = new Flow()
    eachFrame(frame, (_, descriptor, reader) => {
      assert.equal(descriptor, DESCRIPTOR.flow)
      flow.read(reader)
    })
    assert.deepEqual([flow.nextIncomingId, flow.incomingWindow, flow.nextOutgoingId], [7, 65_536, 0])
    assert.deepEqual([flow.handle, flow.deliveryCount, flow.linkCredit, flow.isDrain], [0, 0xfffffff0, 1000, true])
  })
})

describe('the windows of a session', () => {
  test('leave what the peer has room for and has not yet been sent, also when the ids begin anew', () => {
    const windows = new SessionWindows()
    windows.begun(0, 10)
    for (let sent = 0; sent < 4; sent++) windows.sent()
    assert.equal(windows.outgoing, 6)
    windows.flowed(1, 10)
    assert.equal(windows.outgoing, 7)
    windows.flowed(4, 0xffffffff)
    assert.equal(windows.outgoing, 0xffffffff)
    windows.nextOutgoingId = 1
    windows.flowed(0xffffffff, 10)
    assert.equal(windows.outgoing, 8)
  })

  test('are renewed when half of what the peer may send has come', () => {
    const windows = new SessionWindows()
    windows.begun(0xffffffff, 10)
    let due = 0
    while (!windows.received()) due++
    assert.equal(due, 32_767)
    assert.equal(windows.nextIncomingId, 32_767)
    windows.renewed()
    assert.equal(windows.received(), false)
  })
})
