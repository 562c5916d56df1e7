/** The wire publisher against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { PACKET_IDS_MAX } from '../../../src/driver/mqtt/session.ts'
import { eventually } from '../eventually.ts'
import { puback } from './scripted-peer.ts'
import { withPeer } from './wire-harness.ts'

/** CONNACK of MQTT 5 with receive-maximum 2. */
const CREDIT_OF_TWO = '\x20\x06\x00\x00\x03\x21\x00\x02'

describe('the MQTT wire publisher', () => {
  withPeer('introduces itself with a clean session and sends QoS 1 with a packet id', async (harness) => {
    harness.publish(await harness.publisher(), 2)
    const sent = await harness.peer.got('PUBLISH', 2)
    assert.deepEqual(sent[1], {
      ...{ type: 'PUBLISH', flags: 2, packetId: 2, topic: 'q', properties: '', payload: 'body 1' },
    })
    const connect = '\0\x04MQTT\x04\xc2\0\x28\0\x01p\0\x05bench\0\x0dcorrect-h0rse'
    assert.equal(harness.peer.received[0]?.payload, connect)
  })

  withPeer('merges the PUBACKs of one chunk into ranges, also when they are out of order', async (harness) => {
    harness.publish(await harness.publisher(), 7)
    await harness.peer.got('PUBLISH', 7)
    harness.peer.send(...[1, 2, 3, 6, 7, 5, 4].map((packetId) => puback(packetId)))
    await harness.hears('0-2 confirmed', '5-6 confirmed', '4-4 confirmed', '3-3 confirmed')
  })

  withPeer('settles what is unanswered as unknown when the peer hangs up, then reports that once', async (harness) => {
    harness.publish(await harness.publisher(), 6)
    await harness.peer.got('PUBLISH', 6)
    harness.peer.send(puback(2), puback(4))
    await harness.hears('1-1 confirmed', '3-3 confirmed')
    harness.peer.hangUp()
    const unknown = ['0-0 unknown', '2-2 unknown', '4-5 unknown']
    await harness.hears('1-1 confirmed', '3-3 confirmed', ...unknown, 'closed closed')
  })

  withPeer(
    'sends QoS 0 where nothing is to be confirmed or kept, and knows nothing of it after a loss',
    async (harness) => {
      harness.publish(await harness.publisher({ confirm: false, persistent: false }), 3)
      const sent = await harness.peer.got('PUBLISH', 3)
      assert.deepEqual([sent[0]?.flags, sent[0]?.packetId], [0, 0])
      harness.peer.hangUp()
      await harness.hears('0-2 unknown', 'closed closed')
    },
  )

  withPeer('reports no answers where nobody asked for confirms, and unknown only what had none', async (harness) => {
    const opened = await harness.publisher({ confirm: false })
    harness.publish(opened, 3)
    await harness.peer.got('PUBLISH', 3)
    harness.peer.send(puback(1))
    await eventually(() => (opened.counters().bytesRead ?? 0) >= 8, 'PUBACK is read')
    harness.peer.hangUp()
    await harness.hears('1-2 unknown', 'closed closed')
  })

  withPeer(
    'counts a message that the broker refuses by its reason code',
    async (harness) => {
      harness.publish(await harness.publisher(), 4)
      await harness.peer.got('PUBLISH', 4)
      // 16: nobody subscribed, but taken.
      harness.peer.send(puback(1), puback(2, 0x97), puback(3, 0x10), puback(4, 0))
      await harness.hears('0-0 confirmed', '1-1 refused reason code 151', '2-3 confirmed')
    },
    '5',
  )

  withPeer(
    'is held back by the receive-maximum of the broker, and goes on when an answer comes',
    async (harness) => {
      harness.peer.connack = CREDIT_OF_TWO
      const opened = await harness.publisher()
      const body = new Uint8Array(8)
      const results = [0, 1, 2].map((sequence) => opened.publish(body, sequence))
      assert.deepEqual(results, ['accepted', 'accepted-now-full', 'not-taken'])
      await harness.peer.got('PUBLISH', 2)
      harness.peer.send(puback(1))
      await harness.hears('blocked credit', '0-0 confirmed', 'unblocked')
      assert.equal(opened.publish(body, 2), 'accepted-now-full')
    },
    '5',
  )

  withPeer('never uses a packet id whose message is unanswered, and goes round the ring behind it', async (harness) => {
    const { peer, heard } = harness
    peer.onPublish = (packetId) => {
      if (packetId !== 1 || peer.of('PUBLISH').length > 1) peer.send(puback(packetId))
    }
    const opened = await harness.publisher({ inFlightMax: 100_000 })
    const body = new Uint8Array(1)
    let sequence = 0
    while (sequence < PACKET_IDS_MAX) {
      assert.notEqual(opened.publish(body, sequence++), 'not-taken')
      // In small portions, so that it is never the socket that blocks.
      if (sequence % 1000 === 0 && sequence < PACKET_IDS_MAX) await peer.got('PUBLISH', sequence)
    }
    await eventually(() => heard.at(-1)?.endsWith(`-${PACKET_IDS_MAX - 1} confirmed`) === true, 'all but one')
    assert.equal(heard.filter((line) => line === 'blocked credit').length, 1)
    assert.equal(opened.publish(body, sequence), 'not-taken')
    peer.send(puback(1))
    await eventually(() => heard.at(-1) === 'unblocked', 'the first is answered')
    for (const expected of [1, 2]) {
      assert.equal(opened.publish(body, sequence++), 'accepted')
      const sent = await peer.got('PUBLISH', sequence)
      assert.equal(sent.at(-1)?.packetId, expected)
    }
    await eventually(
      () => heard.at(-1)?.endsWith(`-${PACKET_IDS_MAX + 1} confirmed`) === true,
      'the ids mean the new messages',
    )
  })

  for (const [what, packet] of [
    ['an answer to a packet id that is not in use', puback(7)],
    ['an answer to a packet id that is never used', puback(65_535)],
    ['a second answer', `${puback(1)}${puback(1)}`],
    ['bytes that are no MQTT', 'HTTP/1.1 200 OK\r\n'],
    ['a packet that only clients send', '\x82\x06\x00\x01\x00\x01q\x00'],
    ['a message at QoS 2', '\x34\x05\x00\x01q\x00\x01'],
    ['a delivery', '\x30\x03\x00\x01q'],
    ['a second CONNACK', '\x20\x02\x00\x00'],
    ['SUBACK, unasked', '\x90\x03\x00\x01\x01'],
    ['DISCONNECT in MQTT 3.1.1', '\xe0\x00'],
  ] as const) {
    withPeer(`takes ${what} as a broken protocol`, async (harness) => {
      harness.publish(await harness.publisher(), 1)
      await harness.peer.got('PUBLISH', 1)
      harness.peer.send(packet)
      const settled = what === 'a second answer' ? '0-0 confirmed' : '0-0 unknown'
      await harness.hears(settled, 'closed protocol-error')
    })
  }

  withPeer(
    'says why an MQTT 5 broker disconnects',
    async (harness) => {
      const opened = await harness.publisher()
      harness.publish(opened, 1)
      await harness.peer.got('PUBLISH', 1)
      harness.peer.send('\xe0\x01\x8e')
      await harness.hears('0-0 unknown', 'closed not-permitted')
      assert.equal(opened.publish(new Uint8Array(1), 1), 'not-taken')
    },
    '5',
  )

  withPeer(
    'waits for the answers that are still out before it disconnects, once however often it is closed',
    async (harness) => {
      const opened = await harness.publisher()
      harness.publish(opened, 2)
      await harness.peer.got('PUBLISH', 2)
      const closing = [opened.close(), opened.close()]
      harness.peer.send(puback(1))
      await harness.hears('0-0 confirmed')
      assert.equal(harness.peer.of('DISCONNECT').length, 0)
      harness.peer.send(puback(2))
      await Promise.all(closing)
      await harness.hears('0-0 confirmed', '1-1 confirmed')
      assert.equal((await harness.peer.got('DISCONNECT', 1)).length, 1)
    },
  )

  withPeer('settles what a peer that goes during the close left open, and reports no loss', async (harness) => {
    const opened = await harness.publisher()
    harness.publish(opened, 2)
    await harness.peer.got('PUBLISH', 2)
    const closing = opened.close()
    harness.peer.hangUp()
    await closing
    await harness.hears('0-1 unknown')
  })

  withPeer(
    'is not opened on a broker that takes no packet of that size, or no QoS 1',
    async (harness) => {
      harness.peer.connack = '\x20\x08\x00\x00\x05\x27\x00\x00\x00\x32'
      const peer = `publishing to q: mqtt://127.0.0.1:${harness.endpoint.port} takes`
      // First byte, length, topic of 1 with its length, packet id, no properties: 8 beside the body.
      await harness.publisher({ bodyBytesMax: 42 })
      const size = 'packets of at most 50 bytes, not 51 (a body of 43 and what is in front of it)'
      await assert.rejects(harness.publisher({ bodyBytesMax: 43 }), {
        ...{ code: 'not-permitted', message: `${peer} ${size}` },
      })
      harness.peer.connack = '\x20\x05\x00\x00\x02\x24\x00'
      await assert.rejects(harness.publisher(), { code: 'not-permitted', message: `${peer} QoS 0 at most, not 1` })
    },
    '5',
  )

  withPeer(
    'sends time to live and headers as properties of MQTT 5, the same with every message',
    async (harness) => {
      const properties = { ttlMs: 90_000, priority: null, headers: { region: 'eu', n: '€' } }
      harness.publish(await harness.publisher({ properties }), 2)
      const sent = await harness.peer.got('PUBLISH', 2)
      const expected = '\x02\x00\x00\x00\x5a\x26\x00\x06region\x00\x02eu\x26\x00\x01n\x00\x03\xe2\x82\xac'
      assert.deepEqual(
        sent.map((packet) => [packet.packetId, packet.properties, packet.payload]),
        [
          [1, expected, 'body 0'],
          [2, expected, 'body 1'],
        ],
      )
    },
    '5',
  )

  withPeer('is not opened over MQTT 3.1.1 where messages are to have headers', async (harness) => {
    const properties = { ttlMs: null, priority: null, headers: { region: 'eu' } }
    await assert.rejects(harness.publisher({ properties }), { code: 'unsupported', message: /version=5/ })
  })

  withPeer('writes each message alone where that is asked for', async (harness) => {
    const opened = await harness.publisher({ messagePerWrite: true, inFlightMax: 100 })
    const before = opened.counters().writes ?? 0
    harness.publish(opened, 50)
    assert.equal(opened.counters().writes, before + 50)
    await harness.peer.got('PUBLISH', 50)
  })
})
