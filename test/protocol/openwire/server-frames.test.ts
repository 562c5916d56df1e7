/** What a broker writes, read by the client's readers; what a client writes, read by the broker's. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { AckTemplate } from '../../../src/protocol/openwire/ack-template.ts'
import { Acknowledgement } from '../../../src/protocol/openwire/acknowledgement.ts'
import {
  brokerInfo,
  connectionError,
  exceptionResponse,
  producerAck,
  response,
} from '../../../src/protocol/openwire/answer-frames.ts'
import { readBrokerId, readCorrelationId, readThrowable } from '../../../src/protocol/openwire/answer.ts'
import {
  readConsumerAsk,
  readDestinationAsk,
  readLogin,
  readProducerAsk,
  readRemoveAsk,
} from '../../../src/protocol/openwire/asks.ts'
import {
  connectionInfo,
  consumerInfo,
  producerInfo,
  removeConnection,
  removeConsumer,
  removeDestination,
} from '../../../src/protocol/openwire/commands.ts'
import { DispatchTemplate } from '../../../src/protocol/openwire/dispatch-template.ts'
import { Dispatch } from '../../../src/protocol/openwire/dispatch.ts'
import { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import type { ACK_TYPE } from '../../../src/protocol/openwire/type-codes.ts'
import { brokerInfoFrame, connectionErrorFrame, exceptionFrame, responseFrame } from './broker-frames.ts'
import { errorText, hexBytes } from './seen-frames.ts'

const ID = { connectionId: 'ID:a-1:1', session: 3, value: 7 }
const QUEUE = { kind: 'queue', name: 'q' } as const

/** A reader behind the type code of a frame. */
function open(frame: Uint8Array): FrameReader {
  const fields = new FrameReader()
  fields.open(frame, 5, frame.length, 0)
  return fields
}

function behindBase(frame: Uint8Array): FrameReader {
  const fields = open(frame)
  fields.skipBase()
  return fields
}

/** The id of a delivery, as the client copies it into its acknowledgement. */
function idOf(dispatch: Dispatch): Uint8Array {
  return dispatch.buffer.slice(dispatch.idStart, dispatch.idEnd)
}

function dispatched(number: number, redeliveries: number, body: Uint8Array): Dispatch {
  const template = new DispatchTemplate(ID, QUEUE)
  const output = new Uint8Array(template.frameBytes(body.length) + 3).fill(0xee)
  const end = template.write(output, 3, number, redeliveries, body)
  assert.equal(end, output.length)
  const dispatch = new Dispatch()
  dispatch.read(open(output.subarray(3)))
  return dispatch
}

function acknowledged(
  type: keyof typeof ACK_TYPE,
  first: Uint8Array,
  last: Uint8Array,
  count: number,
): Acknowledgement {
  const template = new AckTemplate(ID, QUEUE, type)
  const ids = Buffer.concat([first, last])
  const output = new Uint8Array(template.frameBytesMax(ids.length))
  const end = template.write(output, 0, 6, ids, 0, first.length, first.length, last.length, count)
  const read = new Acknowledgement()
  read.read(behindBase(output.subarray(0, end)))
  return read
}

describe('the frames of a broker', () => {
  test('a dispatch carries body, redeliveries and an id from which the acknowledgement tells the delivery', () => {
    const number = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(number, fc.nat(3), fc.uint8Array({ maxLength: 2000 }), (delivery, redeliveries, body) => {
        const dispatch = dispatched(delivery, redeliveries, body)
        assert.deepEqual(Buffer.from(dispatch.body()), Buffer.from(body))
        assert.equal(dispatch.redeliveries, redeliveries)
        const one = acknowledged('individual', new Uint8Array(0), idOf(dispatch), 1)
        assert.deepEqual([one.lastNumber, one.messages, one.isFinal, one.isTransacted], [delivery, 1, true, false])
      }),
    )
  })

  test('a range is acknowledged by its last delivery, and a delivery that was only looked at is not done with', () => {
    const first = idOf(dispatched(5, 0, new Uint8Array(1)))
    const last = idOf(dispatched(9, 0, new Uint8Array(1)))
    const range = acknowledged('standard', first, last, 5)
    assert.deepEqual([range.lastNumber, range.messages, range.isFinal], [9, 5, true])
    assert.equal(acknowledged('delivered', first, last, 5).isFinal, false)
  })

  test('an acknowledgement without the id of a message is refused', () => {
    const none = new Uint8Array(1)
    assert.throws(() => acknowledged('standard', none, none, 1), /the id of the last message/)
  })

  test('answers are those of a broker', () => {
    assert.equal(readCorrelationId(open(response(-7))), -7)
    assert.deepEqual(Buffer.from(response(-7)), Buffer.from(responseFrame(-7)))
    const cause = { className: 'javax.jms.JMSException', message: 'no' }
    assert.deepEqual(exceptionResponse(5, cause), exceptionFrame(5, cause.className, cause.message))
    assert.deepEqual(connectionError(cause), connectionErrorFrame(cause.className, cause.message))
    assert.deepEqual(readThrowable(behindBase(connectionError(cause))), cause)
    assert.equal(readBrokerId(open(brokerInfo('ID:x', 'b'))), 'ID:x')
    assert.equal(readBrokerId(open(brokerInfoFrame('ID:x'))), 'ID:x')
    const hex = '00000027 13 00000000 00 01 7b 01 0008 49443a612d313a31 0000000000000007 0000000000000003 00000800'
    assert.deepEqual(Buffer.from(producerAck(ID, 2048)), Buffer.from(hexBytes(hex)))
  })
})

describe('what a broker reads', () => {
  test('a login is who it says it is, with and without credentials', () => {
    const known = { clientId: 'c1', username: 'u', password: 'p' }
    const anonymous = { clientId: 'c1', username: null, password: null }
    for (const login of [known, anonymous]) {
      assert.deepEqual(readLogin(behindBase(connectionInfo(1, { connectionId: 'ID:a', ...login }))), login)
    }
  })

  test('producers, consumers and destinations are what the client asked for', () => {
    assert.deepEqual(readProducerAsk(behindBase(producerInfo(1, ID, QUEUE))), { id: ID, windowBytes: 0 })
    assert.deepEqual(readConsumerAsk(behindBase(consumerInfo(1, ID, { kind: 'topic', name: 't' }, 50))), {
      id: ID,
      isBrowser: false,
      destination: { kind: 'topic', name: 't' },
      prefetch: 50,
      selector: null,
      subscriptionName: null,
    })
    const removed = { destination: QUEUE, operation: 'remove' }
    assert.deepEqual(readDestinationAsk(behindBase(removeDestination(1, 'ID:a', QUEUE))), removed)
  })

  test('what is to be removed is told by the type of its id', () => {
    assert.deepEqual(readRemoveAsk(behindBase(removeConsumer(1, ID))), { kind: 'consumer', id: ID })
    assert.deepEqual(readRemoveAsk(behindBase(removeConnection(1, 'ID:a'))), { kind: 'connection' })
    const session = hexBytes('00000000 0c 00000001 01 01 79 01 0001 61 0000000000000009 ffffffffffffffff')
    assert.deepEqual(readRemoveAsk(behindBase(session)), { kind: 'session', session: 9 })
    const queue = hexBytes('00000000 0c 00000001 01 01 64 01 0001 61')
    assert.throws(() => readRemoveAsk(behindBase(queue)), /at byte 10 /)
  })

  test('random bytes are an ask or a typed error', () => {
    const readers = [readLogin, readProducerAsk, readConsumerAsk, readDestinationAsk, readRemoveAsk]
    const acknowledgement = new Acknowledgement()
    const biased = fc.array(fc.oneof(fc.constantFrom(0, 1, 100, 110, 122, 123), fc.nat(255)), { maxLength: 80 })
    fc.assert(
      fc.property(biased, (octets) => {
        const frame = Uint8Array.from([0, 0, 0, 0, 0, ...octets])
        for (const read of [...readers, (fields: FrameReader): void => acknowledgement.read(fields)]) {
          try {
            read(open(frame))
          } catch (error) {
            errorText(error)
          }
        }
      }),
      { numRuns: 2000 },
    )
  })
})
