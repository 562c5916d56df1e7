/** The broker's side of AMQP 1.0 against a client that does what ours and rhea do not; the rest is in the contract. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import fc from '../../../support/properties.ts'
import { EmbeddedBroker } from '../../../../src/broker/embedded/embedded-broker.ts'
import { parseEmbeddedSettings } from '../../../../src/broker/embedded/embedded-settings.ts'
import { DESCRIPTOR } from '../../../../src/protocol/amqp10/descriptor.ts'
import {
  encodeBinary,
  encodeBoolean,
  encodeComposite,
  encodeDescribed,
  encodeSymbol,
  encodeSymbols,
  encodeString,
  encodeUint,
} from '../../../../src/protocol/amqp10/encode-value.ts'
import { encodeFrame } from '../../../../src/protocol/amqp10/performative.ts'
import { AmqpDescribed, AmqpSymbol } from '../../../../src/protocol/amqp10/value.ts'
import { TurnedAlarm } from '../turned-alarm.ts'
import { attach, credit, frame, ScriptedClient } from './scripted-client.ts'
import type { SentFrame } from './scripted-client.ts'

let broker: EmbeddedBroker

beforeEach(() => {
  broker = brokerWith({})
})

function brokerWith(switches: Readonly<Record<string, string>>): EmbeddedBroker {
  return new EmbeddedBroker(parseEmbeddedSettings(switches), new TurnedAlarm())
}

function transfer(deliveryId: number, body: string, handle = 0, isSettled = false): Uint8Array {
  const tag = encodeBinary(Uint8Array.of(deliveryId))
  const data = encodeDescribed(DESCRIPTOR.data, encodeBinary(Buffer.from(body)))
  const fields = [encodeUint(handle), encodeUint(deliveryId), tag, encodeUint(0), encodeBoolean(isSettled)]
  return frame('transfer', fields, data)
}

function settle(first: number, last: number, outcome: number = DESCRIPTOR.accepted): Uint8Array {
  const range = [encodeBoolean(true), encodeUint(first), encodeUint(last), encodeBoolean(true)]
  return frame('disposition', [...range, encodeComposite(outcome, [])])
}

function names(frames: readonly SentFrame[]): string[] {
  return frames.map(({ name }) => name)
}

/** Delivery-id and body of each transfer. */
function delivered(frames: readonly SentFrame[]): string[] {
  return frames
    .filter(({ name }) => name === 'transfer')
    .map(({ fields, payload }) => {
      return `${fields[1] as number} ${Buffer.from(payload)
        .toString('latin1')
        .replace(/^.*\x00Su\xa0./s, '')}`
    })
}

describe('logging in to the embedded broker over AMQP 1.0', () => {
  test('takes the one user with the one password, by PLAIN only', () => {
    const settings = { username: 'bench', password: 'pässwörd' }
    for (const [mechanism, response, outcome] of [
      ['PLAIN', '\0bench\0pässwörd', 0],
      ['PLAIN', '\0bench\0password', 1],
      ['PLAIN', '', 1],
      ['ANONYMOUS', '', 1],
    ] as const) {
      const client = new ScriptedClient(brokerWith(settings))
      client.logIn(mechanism, response)
      const [offer, answer] = client.sent()
      assert.deepEqual(offer?.fields, [[new AmqpSymbol('PLAIN')]])
      assert.deepEqual(answer?.fields, [outcome])
      assert.equal(client.isHungUp, outcome === 1)
    }
  })

  test('without a password lets everybody in, also without SASL', () => {
    const client = new ScriptedClient(broker)
    client.send(Buffer.from('AMQP\0\x01\0\0', 'latin1'), frame('open', [encodeString('client')]))
    const [open] = client.sent()
    const properties = [...(open?.fields[9] as ReadonlyMap<AmqpSymbol, string>)].map(([{ name }, text]) => [name, text])
    assert.deepEqual(properties, [
      ['product', 'brokermark embedded'],
      ['version', '1.2.3'],
    ])
  })

  test('by EXTERNAL is for listeners that have seen a certificate', () => {
    const demanding = { tlsCertificate: 'a.pem', tlsKey: 'b.pem', tlsClientCa: 'c.pem' }
    for (const [settings, outcome] of [
      [demanding, 0],
      [{}, 1],
      [{ ...demanding, username: 'bench', password: 'x' }, 1],
    ] as const) {
      const client = new ScriptedClient(brokerWith(settings))
      client.logIn('EXTERNAL')
      assert.deepEqual(client.sent()[1]?.fields, [outcome])
    }
  })

  test('with a password and without SASL is shown the SASL header and the door', () => {
    const client = new ScriptedClient(brokerWith({ username: 'bench', password: 'x' }))
    client.send(Buffer.from('AMQP\0\x01\0\0', 'latin1'))
    assert.ok(client.isHungUp)
  })
})

describe('publishing to the embedded broker over AMQP 1.0', () => {
  test('is confirmed in one disposition for all that came in one chunk, unless there is a gap', () => {
    const client = ScriptedClient.opened(broker)
    client.send(attach(0, 'sender', 'q'))
    assert.deepEqual(names(client.sent()), ['attach', 'flow'])
    client.send(...[0, 1, 2, 4, 5].map((id) => transfer(id, 'm')), transfer(6, 'settled', 0, true))
    const confirms = client.sent().map(({ name, fields }) => [name, ...fields.slice(0, 4)])
    assert.deepEqual(confirms, [
      ['disposition', true, 0, 2, true],
      ['disposition', true, 4, 5, true],
    ])
  })

  test('beyond the credit, on a handle or channel that is not there, ends the connection with the reason', () => {
    for (const [bytes, condition] of [
      [transfer(0, 'm', 7), 'amqp:session:unattached-handle'],
      [attach(300, 'sender', 'q'), 'amqp:session:handle-in-use'],
      [frame('begin', [null, encodeUint(0), encodeUint(9), encodeUint(9)]), 'amqp:not-allowed'],
      [frame('flow', [], new Uint8Array(0), 3), 'amqp:decode-error'],
      [encodeFrame(0, Uint8Array.of(1, 2, 3)), 'amqp:decode-error'],
    ] as const) {
      const client = ScriptedClient.opened(broker)
      client.send(bytes)
      const [close] = client.sent()
      assert.equal(close?.name, 'close')
      const error = (close.fields[0] as AmqpDescribed).value as readonly unknown[]
      assert.deepEqual(error[0], new AmqpSymbol(condition))
      assert.ok(client.isHungUp)
    }
  })

  test('without an address, or for a transaction, is refused by detaching', () => {
    const client = ScriptedClient.opened(broker)
    const coordinator = encodeComposite(DESCRIPTOR.coordinator, [encodeSymbols(['amqp:local-transactions'])])
    for (const target of [encodeComposite(DESCRIPTOR.target, []), coordinator]) {
      client.send(frame('attach', [encodeString('l'), encodeUint(0), encodeBoolean(false), null, null, null, target]))
      const [answer, detach] = client.sent()
      assert.deepEqual([answer?.name, answer?.fields[6] ?? null, detach?.name], ['attach', null, 'detach'])
      client.send(frame('detach', [encodeUint(0), encodeBoolean(true)]))
      assert.deepEqual(client.sent(), [])
    }
  })

  test('in frames of one message is put together, and a message that is given up is none', () => {
    const client = ScriptedClient.opened(broker)
    client.send(attach(0, 'sender', 'q'))
    const piece = (bytes: Uint8Array, hasMore: boolean, isAborted = false): Uint8Array => {
      const flags = [encodeBoolean(false), encodeBoolean(hasMore), null, null, null, encodeBoolean(isAborted)]
      return frame('transfer', [encodeUint(0), encodeUint(9), null, encodeUint(0), ...flags], bytes)
    }
    client.send(piece(Uint8Array.of(0, 0x53), true), piece(new Uint8Array(0), false, true))
    for (const text of ['whole', 'other']) {
      const data = encodeDescribed(DESCRIPTOR.data, encodeBinary(Buffer.from(text)))
      client.send(piece(data.subarray(0, 7), true), piece(data.subarray(7), false))
    }
    client.send(attach(1, 'receiver', 'q'), credit(1, 10))
    assert.deepEqual(delivered(client.sent()), ['0 whole', '1 other'])
  })
})

describe('consuming from the embedded broker over AMQP 1.0', () => {
  let client: ScriptedClient

  beforeEach(() => {
    client = ScriptedClient.opened(broker)
    client.send(attach(0, 'sender', 'q'))
    client.send(...Array.from({ length: 6 }, (_, id) => transfer(id, `m${id}`, 0, true)))
    client.send(attach(5, 'receiver', 'q'))
    client.sent()
  })

  test('goes no further than the credit, counted from what the client had seen', () => {
    client.send(credit(5, 2))
    assert.deepEqual(delivered(client.sent()), ['0 m0', '1 m1'])
    client.send(credit(5, 2, 0))
    assert.deepEqual(delivered(client.sent()), [])
    client.send(credit(5, 2, 1))
    assert.deepEqual(delivered(client.sent()), ['2 m2'])
  })

  test("goes no further than the session's window, also in the middle of a message", () => {
    client.send(credit(5, 100, 0, false, 2))
    assert.deepEqual(delivered(client.sent()), ['0 m0', '1 m1'])
    client.send(frame('flow', [encodeUint(2), encodeUint(3), encodeUint(0), encodeUint(9)]))
    assert.deepEqual(delivered(client.sent()), ['2 m2', '3 m3', '4 m4'])

    const narrow = ScriptedClient.opened(broker, 2, 512)
    narrow.send(attach(1, 'sender', 'big'), transfer(0, 'x'.repeat(1500), 1), attach(2, 'receiver', 'big'))
    narrow.sent()
    narrow.send(credit(2, 9, 0, false, 2))
    assert.deepEqual(names(narrow.sent()), ['transfer', 'transfer'])
    narrow.send(frame('flow', [encodeUint(2), encodeUint(9), encodeUint(0), encodeUint(9)]))
    assert.deepEqual(
      narrow.sent().map(({ fields }) => fields[5]),
      [true, false],
    )
  })

  test('gives back what is released, and what a detached link left, marked as delivered before', () => {
    client.send(credit(5, 3), settle(1, 1))
    client.sent()
    client.send(settle(0, 0, DESCRIPTOR.released), frame('detach', [encodeUint(5), encodeBoolean(true)]))
    assert.deepEqual(names(client.sent()), ['detach'])
    client.send(attach(6, 'receiver', 'q'), credit(6, 9))
    const transfers = client.sent().filter(({ name }) => name === 'transfer')
    const found = delivered(transfers).map((text) => text.replace(/^\d+ /, ''))
    // To the front each time.
    assert.deepEqual(found, ['m2', 'm0', 'm3', 'm4', 'm5'])
    const again = encodeComposite(DESCRIPTOR.header, [
      encodeBoolean(true),
      null,
      null,
      encodeBoolean(false),
      encodeUint(1),
    ])
    assert.deepEqual(transfers[0]?.payload.subarray(0, again.length), again)
    assert.notDeepEqual(transfers[2]?.payload.subarray(0, again.length), again)
  })

  test('by a subscription that outlives its link, or is shared, is refused', () => {
    const never = [encodeString('news'), encodeUint(2), encodeSymbol('never')]
    const topic = (...more: string[]): Uint8Array => encodeSymbols(['topic', ...more])
    const nothing = Array.from({ length: 7 }, () => null)
    for (const fields of [
      [...never, ...nothing, topic()],
      [encodeString('news'), null, null, ...nothing, topic('shared', 'global')],
    ]) {
      const source = encodeComposite(DESCRIPTOR.source, fields)
      client.send(frame('attach', [encodeString('l'), encodeUint(9), encodeBoolean(true), null, null, source]))
      const [answer, detach] = client.sent()
      assert.deepEqual([answer?.name, answer?.fields[5] ?? null, detach?.name], ['attach', null, 'detach'])
    }
  })

  test('counts credit that is drained as used', () => {
    client.send(credit(5, 9, 0, true))
    const frames = client.sent()
    assert.equal(delivered(frames).length, 6)
    const flow = frames.at(-1)
    assert.deepEqual([flow?.name, ...(flow?.fields.slice(4, 7) ?? [])], ['flow', 5, 9, 0])
  })

  test('settles what a client settles in two steps', () => {
    client.send(credit(5, 1))
    client.sent()
    const accepted = encodeComposite(DESCRIPTOR.accepted, [])
    client.send(frame('disposition', [encodeBoolean(true), encodeUint(0), null, encodeBoolean(false), accepted]))
    const [answer] = client.sent()
    assert.deepEqual(answer?.fields.slice(0, 4), [false, 0, 0, true])
  })

  test('stops while the client does not read', () => {
    client.isBlocked = true
    client.send(credit(5, 9))
    assert.deepEqual(delivered(client.sent()), [])
    client.isBlocked = false
    client.session.onDrain()
    assert.equal(delivered(client.sent()).length, 6)
  })
})

describe('the embedded broker over AMQP 1.0', () => {
  test('answers random bytes, and frames broken anywhere, with an end and never with an exception', () => {
    const good = [attach(0, 'sender', 'q'), transfer(0, 'body'), attach(1, 'receiver', 'q'), credit(1, 5), settle(0, 0)]
    const whole = Buffer.concat(good)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, octet, oneByOne) => {
        const client = ScriptedClient.opened(brokerWith({}))
        const broken = Uint8Array.from(whole)
        broken[at] = octet
        for (const bytes of oneByOne ? Array.from(broken, (each) => Uint8Array.of(each)) : [broken]) client.send(bytes)
        client.session.onClose()
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        ScriptedClient.opened(brokerWith({})).send(encodeFrame(0, bytes))
        new ScriptedClient(brokerWith({})).send(bytes)
      }),
      { numRuns: 1000 },
    )
  })

  test('forgets a queue that is empty and that nobody uses', () => {
    const client = ScriptedClient.opened(broker)
    client.send(attach(0, 'sender', 'q'), attach(1, 'receiver', 'q'))
    assert.equal(broker.destinationCount, 1)
    client.send(frame('end', []))
    assert.equal(broker.destinationCount, 0)
    assert.equal(client.sent().at(-1)?.name, 'end')
    client.send(frame('close', []))
    assert.deepEqual([names(client.sent()), client.isHungUp], [['close'], true])
  })

  test('holds a publisher back that fills its memory, and refuses one that it cannot hold back', () => {
    const small = brokerWith({ memoryMegabytes: '0.001' })
    const client = ScriptedClient.opened(small)
    client.send(attach(0, 'sender', 'q'))
    client.send(transfer(0, 'x'.repeat(1000)))
    assert.ok(client.isReadingPaused)
    client.send(transfer(1, 'x'.repeat(1000)))
    client.send(transfer(2, 'x'.repeat(1000)))
    assert.equal(client.sent().at(-1)?.name, 'close')
  })
})
