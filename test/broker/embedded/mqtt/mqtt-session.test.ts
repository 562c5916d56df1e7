/** The broker's side of MQTT against a client that does what ours and MQTT.js do not; the rest is in the contract. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import fc from '../../../support/properties.ts'
import { EmbeddedBroker } from '../../../../src/broker/embedded/embedded-broker.ts'
import { parseEmbeddedSettings } from '../../../../src/broker/embedded/embedded-settings.ts'
import { encodeSubscribe, encodeUnsubscribe } from '../../../../src/protocol/mqtt/encode-packet.ts'
import { arbitraryStream } from '../../../protocol/mqtt/arbitrary-packets.ts'
import { TurnedAlarm } from '../turned-alarm.ts'
import { ScriptedClient } from './scripted-client.ts'

const KEPT = { clean: false, sessionExpirySeconds: 0xffff_ffff }

let broker: EmbeddedBroker

beforeEach(() => {
  broker = brokerWith({})
})

function brokerWith(switches: Readonly<Record<string, string>>, alarm = new TurnedAlarm()): EmbeddedBroker {
  return new EmbeddedBroker(parseEmbeddedSettings(switches), alarm)
}

function subscribe(filter: string, qos: 0 | 1 | 2 = 1): Uint8Array {
  return encodeSubscribe(5, 9, filter, qos)
}

/** A subscriber of the topic `a`. */
function subscriber(filter = 'a', qos: 0 | 1 | 2 = 1, over = {}, clientId = 'c'): ScriptedClient {
  const client = ScriptedClient.connected(broker, clientId, over)
  client.send(subscribe(filter, qos))
  client.sent()
  return client
}

function puback(packetId: number): string {
  return `\x40\x02\x00${String.fromCharCode(packetId)}`
}

describe('logging in to the embedded broker over MQTT', () => {
  test('CONNACK of MQTT 5 says what there is not', () => {
    const client = new ScriptedClient(broker)
    client.connect('c')
    assert.deepEqual(client.packets(), [
      { type: 'CONNACK', flags: 0, reasonCode: 0, properties: '\x25\x00\x28\x00\x29\x00', payload: '' },
    ])
  })

  test('a client id is made for a client that brings none', () => {
    const client = new ScriptedClient(broker)
    client.connect('')
    assert.match(client.packets()[0]?.properties ?? '', /\x12\x00.embedded-/)
  })

  for (const [what, level, over, code] of [
    ['a wrong password in MQTT 3.1.1', 4, { username: 'me', password: 'no' }, 4],
    ['a wrong password in MQTT 5', 5, { username: 'me', password: 'no' }, 134],
    ['no user name', 4, {}, 4],
    ['a kept session without a client id in MQTT 3.1.1', 4, { username: 'me', password: 'pw', clean: false }, 2],
    ['a receive-maximum of 0', 5, { username: 'me', password: 'pw', receiveMaximum: 0 }, 130],
  ] as const) {
    test(`${what} is refused with code ${code}`, () => {
      const client = new ScriptedClient(brokerWith({ username: 'me', password: 'pw' }), level)
      client.connect('', over)
      assert.deepEqual(client.sent(), [`CONNACK ${code}`])
      assert.ok(client.isHungUp)
    })
  }

  test('MQTT 3.1 and MQTT 6 are told that they are not spoken', () => {
    const old = new ScriptedClient(broker, 4)
    old.send('\x10\x11\x00\x06MQIsdp\x03\x02\x00\x00\x00\x03abc')
    const young = new ScriptedClient(broker, 5)
    young.send('\x10\x0f\x00\x04MQTT\x06\x02\x00\x00\x00\x03abc')
    assert.deepEqual([...old.sent(), ...young.sent()], ['CONNACK 1', 'CONNACK 132'])
  })

  test('a client with a will is refused, because there are none here', () => {
    const client = new ScriptedClient(broker, 4)
    client.send('\x10\x15\x00\x04MQTT\x04\x06\x00\x00\x00\x03abc\x00\x01w\x00\x01!')
    assert.deepEqual(client.sent(), ['CONNACK 3'])
  })

  test('a first packet that claims to be larger than any CONNECT is hung up on at once', () => {
    const client = new ScriptedClient(broker)
    client.send('\x10\xff\xff\xff\x01')
    assert.ok(client.isHungUp)
  })

  test('a client that is silent for one and a half times its keep-alive is hung up on', ({ mock }) => {
    mock.timers.enable({ apis: ['setInterval'] })
    const client = ScriptedClient.connected(broker, 'c', { keepAliveSeconds: 10 })
    mock.timers.tick(5000)
    client.bytesRead += 2
    mock.timers.tick(5000)
    mock.timers.tick(10_000)
    assert.equal(client.isHungUp, false)
    mock.timers.tick(5000)
    assert.deepEqual(client.sent(), ['DISCONNECT 141'])
    assert.ok(client.isHungUp)
  })

  test('a client that is held back, or whose socket takes nothing, is not silent', ({ mock }) => {
    mock.timers.enable({ apis: ['setInterval'] })
    const clients = ['a', 'b'].map((id) => ScriptedClient.connected(broker, id, { keepAliveSeconds: 10 }))
    for (const [index, client] of clients.entries()) {
      if (index === 0) client.session.holdBack(true)
      else client.isBlocked = true
    }
    mock.timers.tick(60_000)
    assert.ok(clients.every((client) => !client.isHungUp))
  })

  test('whoever does not begin with CONNECT is hung up on', () => {
    const client = new ScriptedClient(broker)
    client.send('\xc0\x00')
    assert.deepEqual(client.sent(), [])
    assert.ok(client.isHungUp)
  })

  test('a second connection takes the session of the same client id over', () => {
    const first = subscriber('a', 1, KEPT)
    const second = ScriptedClient.connected(broker, 'c', KEPT)
    assert.deepEqual(first.sent(), ['DISCONNECT 142'])
    assert.ok(first.isHungUp)
    second.publish('a', 'for the second')
    assert.deepEqual(second.sent(), ['PUBLISH 1 a for the second', 'PUBACK 1'])
  })
})

describe('publishing to the embedded broker over MQTT', () => {
  test('each QoS is answered as it has to be', () => {
    const client = ScriptedClient.connected(broker, 'p')
    client.publish('a', 'none', 0)
    client.publish('a', 'one', 1, 7)
    client.publish('a', 'two', 2, 8)
    client.send('\x62\x02\x00\x08')
    assert.deepEqual(client.sent(), ['PUBACK 7', 'PUBREC 8', 'PUBCOMP 8'])
  })

  test('a message at QoS 2 that is sent again before its release counts once, also on a next connection', () => {
    const consumer = subscriber()
    const first = ScriptedClient.connected(broker, 'p', KEPT)
    first.publish('a', 'once', 2, 8)
    first.publish('a', 'once', 2, 8)
    first.lose()
    const next = ScriptedClient.connected(broker, 'p', KEPT)
    next.publish('a', 'once', 2, 8)
    next.send('\x62\x02\x00\x08')
    next.publish('a', 'another', 2, 8)
    assert.deepEqual(next.sent(), ['PUBREC 8', 'PUBCOMP 8', 'PUBREC 8'])
    assert.deepEqual(consumer.sent(), ['PUBLISH 1 a once', 'PUBLISH 2 a another'])
  })

  test('a full broker refuses the message of MQTT 5 and hangs up on MQTT 3.1.1', () => {
    broker = brokerWith({ memoryMegabytes: '0.0001' })
    subscriber('a', 1, { receiveMaximum: 1 })
    const clients = [ScriptedClient.connected(broker, 'p'), ScriptedClient.connected(broker, 'q', { level: 4 })]
    for (const client of clients) for (const packetId of [1, 2]) client.publish('a', 'x'.repeat(200), 1, packetId)
    const [young, old] = clients
    assert.deepEqual(young?.sent(), ['PUBACK 1', 'PUBACK 2 151'])
    assert.ok(old?.isHungUp)
  })

  for (const [what, bytes, code] of [
    ['a retained message', '\x31\x05\x00\x01a\x00!', 154],
    ['a topic name with a wildcard', '\x30\x05\x00\x01+\x00!', 144],
    ['a topic alias, which nobody offered', '\x30\x07\x00\x00\x03\x23\x00\x01!', 144],
    ['PINGRESP', '\xd0\x00', 130],
    ['PUBACK for nothing', '\x40\x02\x00\x05', 130],
    ['bytes that are no MQTT', '\x00\x00', 129],
  ] as const) {
    test(`${what} ends the connection with reason code ${code}`, () => {
      const client = ScriptedClient.connected(broker, 'p')
      client.send(bytes)
      assert.deepEqual(client.sent(), [`DISCONNECT ${code}`])
      assert.ok(client.isHungUp)
    })
  }

  test('what the fault model delays is answered later, and what it drops is answered all the same', () => {
    const alarm = new TurnedAlarm()
    broker = brokerWith({ serviceMicros: '1000' }, alarm)
    const consumer = subscriber('a', 1)
    const client = ScriptedClient.connected(broker, 'p')
    client.publish('a', 'late', 2, 3)
    assert.deepEqual([...client.sent(), ...consumer.sent()], [])
    alarm.turnTo(2000)
    assert.deepEqual([...client.sent(), ...consumer.sent()], ['PUBREC 3', 'PUBLISH 1 a late'])
  })
})

describe('subscribing to the embedded broker over MQTT', () => {
  test('SUBACK grants each QoS and refuses wildcards', () => {
    const client = ScriptedClient.connected(broker, 'c')
    client.send('\x82\x0f\x00\x05\x00\x00\x01a\x02\x00\x01#\x01\x00\x01b\x00')
    const [suback] = client.packets()
    assert.equal(suback?.payload, '\x02\x8f\x00')
  })

  test('the receive-maximum holds deliveries back until earlier ones are answered', () => {
    const consumer = subscriber('a', 1, { receiveMaximum: 2 })
    for (const body of ['1', '2', '3', '4']) consumer.publish('a', body, 0)
    assert.deepEqual(consumer.sent(), ['PUBLISH 1 a 1', 'PUBLISH 2 a 2'])
    consumer.send(puback(2))
    consumer.send(puback(1))
    assert.deepEqual(consumer.sent(), ['PUBLISH 3 a 3', 'PUBLISH 4 a 4'])
  })

  test('QoS 2 goes out in two steps, and counts as unanswered until the second', () => {
    const consumer = subscriber('a', 2, { receiveMaximum: 1 })
    for (const body of ['1', '2']) consumer.publish('a', body, 0)
    consumer.send('\x50\x02\x00\x01')
    assert.deepEqual(consumer.sent(), ['PUBLISH 1 a 1', 'PUBREL 1'])
    consumer.send('\x70\x02\x00\x01')
    assert.deepEqual(consumer.sent(), ['PUBLISH 2 a 2'])
  })

  test('a client that comes back is sent first what it has not answered, under the same packet ids', () => {
    const first = subscriber('a', 2, KEPT)
    for (const body of ['1', '2', '3']) first.publish('a', body, 0)
    first.send('\x50\x02\x00\x01', '\x50\x02\x00\x02', '\x70\x02\x00\x02')
    first.lose()
    ScriptedClient.connected(broker, 'p').publish('a', '4')
    const next = ScriptedClient.connected(broker, 'other')
    assert.deepEqual(next.sent(), [])
    const back = new ScriptedClient(broker)
    back.connect('c', KEPT)
    assert.deepEqual(back.sent(), ['CONNACK', 'PUBREL 1', 'PUBLISH 3 a 3 again', 'PUBLISH 4 a 4'])
  })

  test('what is sent again stays within a smaller receive-maximum', () => {
    const first = subscriber('a', 1, KEPT)
    for (const body of ['1', '2', '3']) first.publish('a', body, 0)
    first.lose()
    const back = ScriptedClient.connected(broker, 'x')
    back.lose()
    const next = new ScriptedClient(broker)
    next.connect('c', { ...KEPT, receiveMaximum: 1 })
    assert.deepEqual(next.sent(), ['CONNACK', 'PUBLISH 1 a 1 again'])
    next.send(puback(1))
    assert.deepEqual(next.sent(), ['PUBLISH 2 a 2 again'])
  })

  test('at QoS 0 nothing is kept for a client that is away', () => {
    subscriber('a', 0, KEPT).lose()
    ScriptedClient.connected(broker, 'p').publish('a', 'missed')
    assert.equal(broker.memoryBytes, 0)
    const back = new ScriptedClient(broker)
    back.connect('c', KEPT)
    assert.deepEqual(back.sent(), ['CONNACK'])
  })

  test('a clean start forgets the session and everything in it', () => {
    subscriber('a', 1, KEPT).lose()
    ScriptedClient.connected(broker, 'p').publish('a', 'forgotten')
    assert.notEqual(broker.memoryBytes, 0)
    ScriptedClient.connected(broker, 'c').lose()
    assert.equal(broker.memoryBytes, 0)
  })

  test('a session is forgotten when it has expired, unless its client comes back before', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const over = { clean: false, sessionExpirySeconds: 60 }
    subscriber('a', 1, over).lose()
    ScriptedClient.connected(broker, 'p').publish('a', 'kept')
    mock.timers.tick(59_000)
    ScriptedClient.connected(broker, 'c', over).lose()
    mock.timers.tick(59_000)
    assert.notEqual(broker.memoryBytes, 0)
    mock.timers.tick(1000)
    assert.equal(broker.memoryBytes, 0)
  })

  test('a session that was not to be kept takes its destination along', () => {
    const consumer = subscriber('a')
    consumer.publish('a', 'unanswered', 0)
    consumer.lose()
    assert.equal(broker.memoryBytes, 0)
    assert.equal(broker.destinationCount, 0)
  })

  test('DISCONNECT may say that the session is not to be kept after all', () => {
    const consumer = subscriber('a', 1, KEPT)
    consumer.send('\xe0\x07\x00\x05\x11\x00\x00\x00\x00')
    assert.equal(broker.destinationCount, 0)
  })

  test('a shared topic goes in turn to those who take, and what one leaves unanswered goes to another', () => {
    const one = subscriber('$share/g/a', 1, { receiveMaximum: 2 }, 'one')
    const two = subscriber('$share/g/a', 1, { receiveMaximum: 2 }, 'two')
    const publisher = ScriptedClient.connected(broker, 'p')
    for (const body of ['1', '2', '3', '4', '5']) publisher.publish('a', body, 0)
    assert.deepEqual(one.sent(), ['PUBLISH 1 a 1', 'PUBLISH 2 a 3'])
    assert.deepEqual(two.sent(), ['PUBLISH 1 a 2', 'PUBLISH 2 a 4'])
    one.lose()
    two.send(puback(1), puback(2))
    assert.deepEqual(two.sent(), ['PUBLISH 3 a 1', 'PUBLISH 4 a 3'])
    two.send(puback(3))
    assert.deepEqual(two.sent(), ['PUBLISH 5 a 5'])
  })

  test('a shared topic waits while all who share it are away, where their sessions are kept', () => {
    subscriber('$share/g/a', 1, KEPT).lose()
    ScriptedClient.connected(broker, 'p').publish('a', 'kept')
    const back = new ScriptedClient(broker)
    back.connect('c', KEPT)
    assert.deepEqual(back.sent(), ['CONNACK', 'PUBLISH 1 a kept'])
  })

  test('after UNSUBSCRIBE what is under way is still answered, and nothing more comes', () => {
    const consumer = subscriber('a')
    consumer.publish('a', 'under way', 0)
    consumer.send(encodeUnsubscribe(5, 10, 'a'), encodeUnsubscribe(5, 11, 'a'))
    consumer.publish('a', 'too late', 0)
    consumer.send(puback(1))
    assert.deepEqual(consumer.sent(), ['PUBLISH 1 a under way', 'UNSUBACK 10', 'UNSUBACK 11'])
    assert.equal(broker.memoryBytes, 0)
  })

  test('a socket that takes nothing gets nothing until it has drained', () => {
    const consumer = subscriber('a')
    consumer.isBlocked = true
    ScriptedClient.connected(broker, 'p').publish('a', 'waits')
    assert.deepEqual(consumer.sent(), [])
    consumer.drain()
    assert.deepEqual(consumer.sent(), ['PUBLISH 1 a waits'])
  })

  test('a packet larger than the client takes is not sent to it', () => {
    const consumer = ScriptedClient.connected(broker, 'x')
    consumer.lose()
    const small = new ScriptedClient(broker)
    // CONNECT with a maximum packet size of 20.
    small.send('\x10\x13\x00\x04MQTT\x05\x02\x00\x00\x05\x27\x00\x00\x00\x14\x00\x01s', subscribe('a'))
    small.publish('a', 'x'.repeat(100), 0)
    small.publish('a', 'fits', 0)
    assert.deepEqual(small.sent(), ['CONNACK', 'SUBACK 9', 'PUBLISH 1 a fits'])
    assert.equal(small.isHungUp, false)
  })

  test('whoever asks for the version is told it', () => {
    const client = ScriptedClient.connected(broker, 'c')
    client.send(subscribe('$SYS/broker/version', 0))
    assert.deepEqual(client.sent(), ['SUBACK 9', 'PUBLISH 0 $SYS/broker/version brokermark-embedded/1.2.3'])
  })
})

test('whatever a client sends, the broker answers with MQTT or hangs up, and forgets the client at its end', () => {
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    arbitraryStream(5).map(({ bytes }) => bytes),
  )
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 5 }), (chunks) => {
      const client = ScriptedClient.connected(broker, 'c')
      client.send(subscribe('a', 2))
      for (const chunk of chunks) client.send(chunk)
      client.packets()
      client.lose()
      assert.equal(broker.memoryBytes, 0)
      assert.equal(broker.destinationCount, 0)
    }),
  )
})
