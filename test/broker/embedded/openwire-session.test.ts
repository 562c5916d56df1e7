/** The OpenWire session of the embedded broker, byte by byte; what clients do in good order is in the driver contract. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { EmbeddedBroker } from '../../../src/broker/embedded/embedded-broker.ts'
import { parseEmbeddedSettings } from '../../../src/broker/embedded/embedded-settings.ts'
import { OpenWireSession } from '../../../src/broker/embedded/openwire/openwire-session.ts'
import { AckTemplate } from '../../../src/protocol/openwire/ack-template.ts'
import { readCorrelationId, readThrowable } from '../../../src/protocol/openwire/answer.ts'
import { ByteWriter } from '../../../src/protocol/openwire/byte-writer.ts'
import {
  connectionInfo,
  consumerInfo,
  producerInfo,
  removeConnection,
  removeConsumer,
  removeDestination,
  sessionInfo,
  shutdownInfo,
} from '../../../src/protocol/openwire/commands.ts'
import { Dispatch } from '../../../src/protocol/openwire/dispatch.ts'
import { FrameParser } from '../../../src/protocol/openwire/frame-parser.ts'
import type { FrameReader } from '../../../src/protocol/openwire/frame-reader.ts'
import { MessageTemplate } from '../../../src/protocol/openwire/message-template.ts'
import { writeProducerId } from '../../../src/protocol/openwire/nested.ts'
import { COMMAND, NESTED } from '../../../src/protocol/openwire/type-codes.ts'
import { wireFormatInfo } from '../../../src/protocol/openwire/wire-format-info.ts'
import type { Connection } from '../../../src/transport/connection.ts'
import { keepAliveFrame } from '../../protocol/openwire/broker-frames.ts'
import { joined } from '../../protocol/openwire/seen-frames.ts'
import { TurnedAlarm } from './turned-alarm.ts'

const ID = { connectionId: 'ID:a', session: 1, value: 1 }
const QUEUE = { kind: 'queue', name: 'q' } as const
const GREETING = wireFormatInfo({ maxInactivityMs: 0, maxInactivityInitialDelayMs: 0 })
const LOGIN = connectionInfo(1, { connectionId: 'ID:a', clientId: 'c', username: null, password: null })

/** One client of a broker of its own, in memory: what it says, and what it was answered. */
class Client {
  /** `30:5` is a Response to command 5, `31:5 NAME` an exception, `16 NAME` a ConnectionError, `21:body` a dispatch. */
  readonly heard: string[] = []
  isClosed = false
  readonly broker: EmbeddedBroker
  readonly #session: OpenWireSession
  readonly #parser = new FrameParser({ onFrame: (type, fields) => this.heard.push(textOf(type, fields)) })
  #output = new Uint8Array(0)

  constructor(broker = new EmbeddedBroker(parseEmbeddedSettings({}), new TurnedAlarm())) {
    this.broker = broker
    this.#session = new OpenWireSession(broker, 'brokermark-embedded/1')
    this.#session.begin(this.#connection())
  }

  says(...frames: readonly Uint8Array[]): this {
    const bytes = joined(frames)
    this.#session.onData(bytes, 0, bytes.length)
    return this
  }

  #connection(): Connection {
    const output = (): Uint8Array => this.#output
    const feed = (bytes: Uint8Array): void => this.#parser.feed(bytes)
    return {
      peer: 'client',
      readsAreShared: false,
      isBlocked: false,
      pendingBytes: 0,
      messagePerWrite: false,
      isText: false,
      get output() {
        return output()
      },
      reserve: (bytes) => {
        this.#output = new Uint8Array(bytes)
        return 0
      },
      commit: (end) => feed(this.#output.subarray(0, end)),
      write: feed,
      flush: () => undefined,
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      counters: () => ({ writes: 0, bytesWritten: 0, bytesRead: 0 }),
      close: () => {
        this.isClosed = true
        return Promise.resolve()
      },
      destroy: () => {
        this.isClosed = true
      },
    }
  }
}

function textOf(type: number, fields: FrameReader): string {
  switch (type) {
    case COMMAND.response:
      return `${type}:${readCorrelationId(fields)}`
    case COMMAND.exceptionResponse:
      return `${type}:${readCorrelationId(fields)} ${readThrowable(fields).className}`
    case COMMAND.connectionError:
      fields.skipBase()
      return `${type} ${readThrowable(fields).className}`
    case COMMAND.messageDispatch: {
      const dispatch = new Dispatch()
      dispatch.read(fields)
      return `${type}:${Buffer.from(dispatch.body()).toString()}${dispatch.redeliveries > 0 ? ' again' : ''}`
    }
    default:
      return String(type)
  }
}

function message(text: string, commandId: number, responseRequired = true): Uint8Array {
  const template = new MessageTemplate({ producer: ID, destination: QUEUE, persistent: true, responseRequired })
  const frame = new Uint8Array(template.frameBytes(text.length))
  template.write(frame, 0, commandId, 1, 0, new TextEncoder().encode(text))
  return frame
}

/** An acknowledgement of deliveries up to `last`, by ids as the broker gives them. */
function ack(type: 'standard' | 'individual', last: number, count: number): Uint8Array {
  const template = new AckTemplate(ID, QUEUE, type)
  const writer = new ByteWriter().bool(true).u8(NESTED.messageId).string(null)
  const id = writeProducerId(writer, ID).i64(last).i64(last).take()
  const frame = new Uint8Array(template.frameBytesMax(id.length))
  return frame.subarray(0, template.write(frame, 0, 9, id, 0, 0, 0, id.length, count))
}

function loggedIn(broker?: EmbeddedBroker): Client {
  const client = new Client(broker).says(GREETING, LOGIN, sessionInfo(2, 'ID:a', 1))
  assert.deepEqual(client.heard.splice(0), ['1', '2', '30:1', '30:2'])
  return client
}

describe('the embedded broker over OpenWire', () => {
  test('answers each message, then delivers them as far as the prefetch goes, the answer to the consumer first', () => {
    const client = loggedIn().says(producerInfo(3, ID, QUEUE), message('a', 4), message('b', 5), message('c', 6))
    client.says(consumerInfo(7, ID, QUEUE, 2))
    assert.deepEqual(client.heard.splice(0), ['30:3', '30:4', '30:5', '30:6', '30:7', '21:a', '21:b'])
    client.says(ack('individual', 2, 1))
    assert.deepEqual(client.heard, ['21:c'])
  })

  test('acknowledges a range only if its count is right', () => {
    const client = loggedIn().says(producerInfo(3, ID, QUEUE), message('a', 4, false), message('b', 4, false))
    client.says(consumerInfo(5, ID, QUEUE, 10), ack('standard', 2, 2))
    assert.equal(client.broker.memoryBytes, 0)
    client.says(message('c', 4, false), message('d', 4, false), ack('standard', 4, 3))
    assert.deepEqual(client.heard.slice(-3), ['21:c', '21:d', '16 javax.jms.JMSException'])
  })

  test('gives what was not acknowledged to the next consumer as redelivered', () => {
    const client = loggedIn().says(producerInfo(3, ID, QUEUE), message('a', 4), consumerInfo(5, ID, QUEUE, 10))
    client.says(removeConsumer(6, ID), consumerInfo(7, { ...ID, value: 2 }, QUEUE, 10))
    assert.deepEqual(client.heard, ['30:3', '30:4', '30:5', '21:a', '30:6', '30:7', '21:a again'])
  })

  test('sends a ProducerAck for a message that asks for no answer, where the producer has a window', () => {
    const windowed = producerInfo(3, ID, QUEUE)
    windowed[windowed.length - 1] = 100
    const client = loggedIn().says(windowed, message('a', 4, false), message('b', 5))
    assert.deepEqual(client.heard, ['30:3', '19', '30:5'])
  })

  test('removes a queue with what lies in it, unless somebody consumes from it', () => {
    const client = loggedIn().says(producerInfo(3, ID, QUEUE), message('a', 4), removeDestination(5, 'ID:a', QUEUE))
    assert.equal(client.broker.destinationCount, 0)
    client.says(consumerInfo(6, ID, QUEUE, 10), removeDestination(7, 'ID:a', QUEUE))
    assert.deepEqual(client.heard.slice(2), ['30:5', '30:6', '31:7 javax.jms.JMSException'])
  })

  test('refuses what comes before the login, and messages of producers that it does not know', () => {
    const early = new Client().says(GREETING, sessionInfo(2, 'ID:a', 1))
    assert.deepEqual(early.heard, ['1', '2', '31:2 javax.jms.JMSException'])
    const client = loggedIn().says(message('a', 3), message('b', 4, false))
    assert.deepEqual(client.heard, ['31:3 javax.jms.JMSException', '16 javax.jms.JMSException'])
    assert.equal(client.isClosed, false)
  })

  test('hangs up on a wrong password', () => {
    const settings = parseEmbeddedSettings({ username: 'bench', password: 'correct-h0rse' })
    const client = new Client(new EmbeddedBroker(settings, new TurnedAlarm())).says(GREETING, LOGIN)
    assert.deepEqual(client.heard, ['1', '2', '31:1 java.lang.SecurityException'])
    assert.equal(client.isClosed, true)
  })

  test('answers a KeepAliveInfo that asks for it, and closes on ShutdownInfo', () => {
    const client = loggedIn().says(keepAliveFrame(false), keepAliveFrame(true), removeConnection(3, 'ID:a'))
    assert.deepEqual(client.heard, ['10', '30:3'])
    assert.equal(client.says(shutdownInfo(4)).isClosed, true)
  })

  test('answers hostile bytes with the end of the connection or with an exception, and leaves nothing behind', () => {
    const good = joined([producerInfo(3, ID, QUEUE), message('abc', 4), consumerInfo(5, ID, QUEUE, 10)])
    const arbitrary = fc.record({ at: fc.nat(good.length - 1), octet: fc.nat(255), end: fc.nat(good.length) })
    fc.assert(
      fc.property(arbitrary, fc.uint8Array({ maxLength: 200 }), ({ at, octet, end }, more) => {
        const client = loggedIn()
        const changed = good.slice(0, end)
        if (at < end) changed[at] = octet
        client.says(changed)
        if (!client.isClosed) client.says(more)
        assert.ok(client.broker.destinationCount <= 2)
      }),
      { numRuns: 2000 },
    )
  })

  test('knows no protocol but OpenWire', () => {
    const client = new Client().says(Buffer.from('CONNECT\naccept-version:1.2\n\n\0'))
    assert.deepEqual(client.heard, ['16 java.io.IOException'])
    assert.equal(client.isClosed, true)
  })
})
