/** The AMQP 0-9-1 session of the embedded broker, byte by byte; what clients do in good order is in the driver contract. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../../support/properties.ts'
import { Amqp091Session } from '../../../src/broker/embedded/amqp091/amqp091-session.ts'
import { EmbeddedBroker } from '../../../src/broker/embedded/embedded-broker.ts'
import { parseEmbeddedSettings } from '../../../src/broker/embedded/embedded-settings.ts'
import { ACK_FRAME_BYTES, writeAck } from '../../../src/protocol/amqp091/acknowledgement.ts'
import {
  basicConsume,
  basicQos,
  channelOpen,
  close,
  confirmSelect,
  connectionOpen,
  queueBind,
  queueDeclare,
  queueDelete,
  startOk,
  tuneOk,
} from '../../../src/protocol/amqp091/client-methods.ts'
import { methodFrame } from '../../../src/protocol/amqp091/field-writer.ts'
import type { FieldReader } from '../../../src/protocol/amqp091/field-reader.ts'
import { PROTOCOL_HEADER } from '../../../src/protocol/amqp091/frame.ts'
import { DEFAULT_LIMITS } from '../../../src/protocol/amqp091/limits.ts'
import { METHOD, methodName } from '../../../src/protocol/amqp091/method.ts'
import { Amqp091Parser } from '../../../src/protocol/amqp091/parser.ts'
import { readReply } from '../../../src/protocol/amqp091/server-methods.ts'
import type { Connection } from '../../../src/transport/connection.ts'
import { bytesOf, content, joined } from '../../protocol/amqp091/seen-frames.ts'
import { TurnedAlarm } from './turned-alarm.ts'

const TUNING = { channelMax: 0, frameBytesMax: 131_072, heartbeatSeconds: 0 }
const LOGIN = startOk(new Map(), 'PLAIN', bytesOf('\0bench\0secret'))
const HANDSHAKE = [PROTOCOL_HEADER, LOGIN, tuneOk(TUNING), connectionOpen('/')]

/** One client of a broker, in memory: what it says, and what it was answered. */
class Client {
  /** `basic.deliver 1 body`, `basic.ack 3 multiple`, `channel.close 404`, else the method's name. */
  readonly heard: string[] = []
  isClosed = false
  readonly broker: EmbeddedBroker
  readonly #session: Amqp091Session
  readonly #parser = new Amqp091Parser(
    {
      onMethod: (channel, method, fields) => this.heard.push(textOf(channel, method, fields)),
      onContentHeader: () => undefined,
      onContent: (buffer, start, end) => {
        this.heard.push(`${this.heard.pop() ?? ''} ${Buffer.from(buffer.slice(start, end)).toString('latin1')}`)
      },
    },
    { ...DEFAULT_LIMITS, channelMax: 10 },
  )
  #output = new Uint8Array(0)

  constructor(broker = new EmbeddedBroker(parseEmbeddedSettings({}), new TurnedAlarm())) {
    this.broker = broker
    this.#session = new Amqp091Session(broker, 'brokermark-embedded/1')
    this.#session.begin(this.#connection())
  }

  /** All in one chunk. */
  says(...frames: readonly Uint8Array[]): this {
    const bytes = joined(...frames)
    this.#session.onData(bytes, 0, bytes.length)
    return this
  }

  /** Logged in, with channel 1, and what was said so far forgotten. */
  entered(): this {
    this.says(...HANDSHAKE, channelOpen(1))
    this.heard.length = 0
    return this
  }

  #connection(): Connection {
    const output = (): Uint8Array => this.#output
    const feed = (bytes: Uint8Array): void => {
      if (!this.isClosed) this.#parser.feed(bytes)
    }
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
      write: (bytes) => {
        if (bytes !== PROTOCOL_HEADER) feed(bytes)
      },
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

function textOf(channel: number, method: number, fields: FieldReader): string {
  const name = channel > 1 ? `${channel} ${methodName(method)}` : methodName(method)
  switch (method) {
    case METHOD.channelClose:
    case METHOD.connectionClose:
      return `${name} ${readReply(fields).code}`
    case METHOD.basicDeliver: {
      fields.shortString()
      const tag = fields.longLong()
      return `${name} ${tag}${fields.octet() === 1 ? ' again' : ''}`
    }
    case METHOD.basicAck: {
      const tag = fields.longLong()
      return `${name} ${tag}${fields.octet() === 1 ? ' multiple' : ''}`
    }
    case METHOD.basicReturn:
      return `${name} ${fields.short()}`
    case METHOD.queuePurgeOk:
    case METHOD.queueDeleteOk:
      return `${name} ${fields.long()}`
    default:
      return name
  }
}

function publish(body: string, exchange = '', routingKey = 'q', channel = 1, mandatory = false): Uint8Array {
  const method = methodFrame(channel, METHOD.basicPublish, (fields) =>
    fields
      .short(0)
      .shortString(exchange)
      .shortString(routingKey)
      .octet(mandatory ? 1 : 0),
  )
  return joined(method, content(channel, bytesOf(body)))
}

function ack(tag: number, multiple = false): Uint8Array {
  const frame = new Uint8Array(ACK_FRAME_BYTES)
  writeAck(frame, 0, 1, tag, multiple)
  return frame
}

/** @param bits 1: multiple, 2: requeue. */
function nack(tag: number, bits: number): Uint8Array {
  return methodFrame(1, METHOD.basicNack, (fields) => fields.longLong(tag).octet(bits))
}

const CONSUME = basicConsume(1, 'q', 'c', false)
const TX = joined(methodFrame(1, METHOD.txSelect), publish('t'), ack(1), methodFrame(1, METHOD.txCommit), publish('u'))

describe('the AMQP 0-9-1 session of the embedded broker', () => {
  test('answers the handshake, also one octet at a time', () => {
    const client = new Client()
    for (const octet of joined(...HANDSHAKE, channelOpen(1))) client.says(Uint8Array.of(octet))
    assert.deepEqual(client.heard, ['connection.start', 'connection.tune', 'connection.open-ok', 'channel.open-ok'])
  })

  test('hangs up on another version of AMQP', () => {
    const client = new Client().says(bytesOf('AMQP\x01\x01\x00\x09'))
    assert.ok(client.isClosed)
    assert.deepEqual(client.heard, [])
  })

  test('refuses a wrong password with the reply code of the specification', () => {
    const settings = parseEmbeddedSettings({ username: 'bench', password: 'another' })
    const client = new Client(new EmbeddedBroker(settings, new TurnedAlarm())).says(...HANDSHAKE)
    assert.deepEqual(client.heard, ['connection.start', 'connection.close 403'])
    assert.ok(client.isClosed)
  })

  test('confirms what came in one chunk by one acknowledgement, and one message by itself', () => {
    const client = new Client().entered().says(confirmSelect(1))
    client.says(publish('a'), publish('b'), publish('c')).says(publish('d'))
    assert.deepEqual(client.heard, ['confirm.select-ok', 'basic.ack 3 multiple', 'basic.ack 4'])
  })

  test('confirms each message by itself where there are faults, as some are never confirmed', () => {
    const settings = parseEmbeddedSettings({ dropEvery: '2' })
    const client = new Client(new EmbeddedBroker(settings, new TurnedAlarm())).entered()
    client.says(confirmSelect(1)).says(publish('a'), publish('b'), publish('c'))
    assert.ok(client.heard.includes('basic.ack 1') && client.heard.includes('basic.ack 3'), client.heard.join())
    assert.ok(!client.heard.some((each) => each.endsWith('multiple')), client.heard.join())
  })

  test('delivers up to the prefetch, and on as acknowledgements come, alone and for all so far', () => {
    const client = new Client().entered().says(basicQos(1, 2), CONSUME)
    client.says(...['a', 'b', 'c', 'd', 'e'].map((body) => publish(body)))
    client.heard.splice(0, 2)
    assert.deepEqual(client.heard, ['basic.deliver 1 a', 'basic.deliver 2 b'])
    client.says(ack(1))
    assert.deepEqual(client.heard.slice(2), ['basic.deliver 3 c'])
    client.says(ack(0, true))
    assert.deepEqual(client.heard.slice(3), ['basic.deliver 4 d', 'basic.deliver 5 e'])
    client.says(ack(5, true))
    assert.equal(client.broker.memoryBytes, 0)
  })

  test('closes the channel for a delivery tag that nothing waits for, and reads no more of it', () => {
    const client = new Client().entered().says(CONSUME, publish('a'))
    client.says(ack(7), publish('b')).says(ack(1))
    assert.deepEqual(client.heard, ['basic.consume-ok', 'basic.deliver 1 a', 'channel.close 406'])
    client.says(methodFrame(1, METHOD.channelCloseOk), channelOpen(1), CONSUME)
    assert.deepEqual(client.heard.slice(3), ['channel.open-ok', 'basic.consume-ok', 'basic.deliver 1 again a'])
  })

  test('gives back in their order what is rejected for others to have, and drops what is not', () => {
    const client = new Client().entered().says(CONSUME, publish('a'), publish('b'), publish('c'))
    client.says(nack(2, 1 | 2))
    assert.deepEqual(client.heard.slice(4), ['basic.deliver 4 again a', 'basic.deliver 5 again b'])
    client.says(nack(0, 1))
    assert.equal(client.broker.memoryBytes, 0)
  })

  test('gives a consumer that ends with its channel the chance to be followed by another', () => {
    const broker = new Client().broker
    const first = new Client(broker).entered().says(CONSUME, publish('a'), publish('b'), ack(1))
    first.says(close(1))
    const second = new Client(broker).entered().says(CONSUME)
    assert.deepEqual(second.heard, ['basic.consume-ok', 'basic.deliver 1 again b'])
  })

  test('a bound queue keeps what its topic is given, whether or not anybody consumes from it', () => {
    const broker = new Client().broker
    const bound = [queueDeclare(1, { queue: 'kept', durable: true }), queueBind(1, 'kept', 'amq.topic', 'a.b')]
    new Client(broker).entered().says(...bound, close(0))
    const client = new Client(broker).entered().says(publish('a', 'amq.topic', 'a.b'), publish('b', 'amq.topic', 'a'))
    client.says(basicConsume(1, 'kept', 'c', true))
    assert.deepEqual(client.heard, ['basic.consume-ok', 'basic.deliver 1 a'])
    client.says(queueDelete(1, 'kept'), publish('c', 'amq.topic', 'a.b'))
    assert.deepEqual(client.heard.slice(2), ['basic.cancel', 'queue.delete-ok 0'])
    assert.equal(broker.destinationCount, 1, 'the topic of the channel that may publish again')
    client.says(close(0))
    assert.equal(broker.destinationCount, 0)
  })

  test('an exclusive queue goes with its connection, and an auto-delete queue with its last consumer', () => {
    const client = new Client().entered()
    const bind = (queue: string): Uint8Array => queueBind(1, queue, 'amq.topic', 't')
    client.says(queueDeclare(1, { queue: 'mine', exclusive: true }), bind('mine'))
    client.says(queueDeclare(1, { queue: 'ours', autoDelete: true }), bind('ours'), basicConsume(1, 'ours', 'c', false))
    client.says(publish('a', 'amq.topic', 't'))
    assert.equal(client.broker.destinationCount, 3)
    client.says(
      methodFrame(1, METHOD.basicCancel, (fields) => fields.shortString('c').octet(0)),
      nack(1, 2),
    )
    client.says(close(0))
    assert.equal(client.broker.destinationCount, 0)
    assert.equal(client.broker.memoryBytes, 0)
  })

  test('returns a mandatory message to a topic that nobody hears, then confirms it', () => {
    const client = new Client().entered().says(confirmSelect(1))
    client.says(publish('a', 'amq.topic', 't', 1, true), publish('b', 'amq.topic', 't'))
    assert.deepEqual(client.heard.slice(1), ['basic.return 312 a', 'basic.ack 2 multiple'])
  })

  test('routes by exchanges that a client has declared, and closes the channel for one that nobody has', () => {
    const declare = (exchange: string, type: string): Uint8Array =>
      methodFrame(1, METHOD.exchangeDeclare, (fields) =>
        fields.short(0).shortString(exchange).shortString(type).octet(0).table(new Map()),
      )
    const client = new Client().entered().says(declare('d', 'direct'), declare('f', 'fanout'))
    client.says(queueBind(1, 'q', 'd', 'k'), queueBind(1, 'q', 'f', ''), CONSUME)
    client.heard.length = 0
    client.says(publish('a', 'd', 'k'), publish('b', 'd', 'other'), publish('c', 'f', 'any'))
    client.says(publish('d', 'none', 'k'))
    assert.deepEqual(client.heard, ['basic.deliver 1 a', 'basic.deliver 2 c', 'channel.close 404'])
  })

  test('keeps channels apart while contents of several are on their way', () => {
    const client = new Client().entered().says(channelOpen(2), CONSUME)
    const [first, second] = [publish('a'), publish('b', '', 'q', 2)]
    client.heard.length = 0
    client.says(first.subarray(0, 18), second.subarray(0, 40), first.subarray(18))
    client.says(
      methodFrame(3, METHOD.channelOpen, (fields) => fields.shortString('')),
      second.subarray(40),
    )
    assert.deepEqual(client.heard, ['basic.deliver 1 a', '3 channel.open-ok', 'basic.deliver 2 b'])
  })

  test('a transaction takes effect by its commit, in order, and by nothing else', () => {
    const [select, commit, rollback] = [METHOD.txSelect, METHOD.txCommit, METHOD.txRollback].map((method) =>
      methodFrame(1, method),
    ) as [Uint8Array, Uint8Array, Uint8Array]
    const client = new Client().entered().says(select, CONSUME, publish('a'), rollback, publish('b'), publish('c'))
    assert.deepEqual(client.heard, ['tx.select-ok', 'basic.consume-ok', 'tx.rollback-ok'])
    client.says(commit)
    assert.deepEqual(client.heard.slice(3), ['basic.deliver 1 b', 'basic.deliver 2 c', 'tx.commit-ok'])
    client.says(ack(1), rollback, ack(2), commit, publish('d'), close(1))
    const heir = new Client(client.broker).entered().says(CONSUME)
    assert.deepEqual(heir.heard, ['basic.consume-ok', 'basic.deliver 1 again b'])
    heir.says(ack(1), publish('e', 'amq.topic', 't'), close(0))
    assert.equal(heir.broker.memoryBytes, 0)
    assert.equal(heir.broker.destinationCount, 0)
  })

  test('closes a channel that would confirm and have transactions, or end one that it does not have', () => {
    const said = (...frames: readonly Uint8Array[]): string[] => new Client().entered().says(...frames).heard
    const select = methodFrame(1, METHOD.txSelect)
    assert.deepEqual(said(select, confirmSelect(1)), ['tx.select-ok', 'channel.close 406'])
    assert.deepEqual(said(confirmSelect(1), select), ['confirm.select-ok', 'channel.close 406'])
    assert.deepEqual(said(methodFrame(1, METHOD.txCommit)), ['channel.close 406'])
  })

  test('refuses what it does not know, a channel that is not open, and frames that are none, by reply code', () => {
    const refused = (...frames: readonly Uint8Array[]): string[] => new Client().entered().says(...frames).heard
    const get = methodFrame(1, 0x003c_0046, (fields) => fields.short(0).shortString('q').octet(0))
    assert.deepEqual(refused(get), ['connection.close 540'])
    assert.deepEqual(refused(basicQos(3, 1)), ['connection.close 504'])
    assert.deepEqual(refused(bytesOf('\x01\0\x01\0\0\0\0\xce')), ['connection.close 501'])
    assert.deepEqual(refused(CONSUME, CONSUME), ['basic.consume-ok', 'connection.close 530'])
    const early = new Client().says(PROTOCOL_HEADER, connectionOpen('/'))
    assert.deepEqual(early.heard, ['connection.start', 'connection.close 503'])
  })

  test('bytes of any kind, at any time, end the connection or are taken, and leave nothing behind', () => {
    const good = fc.constantFrom(
      CONSUME,
      ack(1),
      ack(0, true),
      publish('a'),
      nack(1, 3),
      queueDelete(1, 'q'),
      close(1),
      TX,
    )
    const chunk = fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) })
    fc.assert(
      fc.property(fc.boolean(), fc.array(chunk, { maxLength: 12 }), (enters, chunks) => {
        const client = enters ? new Client().entered() : new Client()
        for (const each of chunks) client.says(each)
        client.says(close(0))
        const heir = new Client(client.broker).entered().says(queueDelete(1, 'q'), close(0))
        assert.equal(heir.broker.memoryBytes, 0)
      }),
    )
  })
})
