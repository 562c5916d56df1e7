/** QoS 2 by the wire client against a peer that goes through its steps one at a time, and out of order. */
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { withPeer, type WireHarness } from './wire-harness.ts'

const QOS_2 = { qos: '2' }

function answer(firstByte: string, packetId: number): string {
  return `${firstByte}\x02${String.fromCharCode(packetId >> 8, packetId & 0xff)}`
}
const pubrec = (packetId: number): string => answer('\x50', packetId)
const pubrel = (packetId: number): string => answer('\x62', packetId)
const pubcomp = (packetId: number): string => answer('\x70', packetId)

function ids(harness: WireHarness, type: string): (number | undefined)[] {
  return harness.peer.of(type).map(({ packetId }) => packetId)
}

describe('publishing at QoS 2', () => {
  withPeer('a message is released when it was received, and confirmed when that is complete', async (harness) => {
    harness.publish(await harness.publisher({}, { ...harness.endpoint, options: QOS_2 }), 3)
    const sent = await harness.peer.got('PUBLISH', 3)
    assert.deepEqual(
      sent.map(({ flags }) => flags),
      [4, 4, 4],
    )
    harness.peer.send(pubrec(2), pubrec(1))
    await harness.peer.got('PUBREL', 2)
    assert.deepEqual(harness.heard, [])
    harness.peer.send(pubcomp(1), pubcomp(2), pubrec(3))
    await harness.hears('0-1 confirmed')
    await harness.peer.got('PUBREL', 3)
    assert.deepEqual(ids(harness, 'PUBREL'), [2, 1, 3])
  })

  withPeer('what was received and not completed is unknown after a loss', async (harness) => {
    harness.publish(await harness.publisher({}, { ...harness.endpoint, options: QOS_2 }), 3)
    await harness.peer.got('PUBLISH', 3)
    harness.peer.send(pubrec(1), pubrec(2), pubcomp(1))
    await harness.hears('0-0 confirmed')
    harness.peer.hangUp()
    await harness.hears('0-0 confirmed', '1-1 unknown', '2-2 unknown', 'closed closed')
  })

  withPeer(
    'a message that is refused in the first step needs no second one',
    async (harness) => {
      harness.publish(await harness.publisher({}, { ...harness.endpoint, options: { ...QOS_2, version: '5' } }), 2)
      await harness.peer.got('PUBLISH', 2)
      harness.peer.send('\x50\x03\x00\x01\x97', pubrec(2))
      await harness.peer.got('PUBREL', 1)
      harness.peer.send(pubcomp(2))
      await harness.hears('0-0 refused reason code 151', '1-1 confirmed')
      assert.deepEqual(ids(harness, 'PUBREL'), [2])
    },
    '5',
  )

  for (const [what, bytes] of [
    ['PUBACK', '\x40\x02\x00\x01'],
    ['PUBCOMP before PUBREC', pubcomp(1)],
    ['PUBREC for what was never sent', pubrec(9)],
    ['PUBREL', pubrel(1)],
  ] as const) {
    withPeer(`${what} ends the connection`, async (harness) => {
      harness.publish(await harness.publisher({}, { ...harness.endpoint, options: QOS_2 }), 1)
      await harness.peer.got('PUBLISH', 1)
      harness.peer.send(bytes)
      await harness.hears('0-0 unknown', 'closed protocol-error')
    })
  }

  withPeer('PUBREC ends a connection of QoS 1', async (harness) => {
    harness.publish(await harness.publisher(), 1)
    await harness.peer.got('PUBLISH', 1)
    harness.peer.send(pubrec(1))
    await harness.hears('0-0 unknown', 'closed protocol-error')
  })
})

describe('consuming at QoS 2', () => {
  /** A PUBLISH at QoS 2 of the topic `q`. */
  function message(packetId: number, body: string, firstByte = '\x34'): string {
    const id = String.fromCharCode(packetId >> 8, packetId & 0xff)
    return `${firstByte}${String.fromCharCode(5 + body.length)}\x00\x01q${id}${body}`
  }

  async function open(harness: WireHarness, over = {}): ReturnType<WireHarness['consumer']> {
    harness.peer.granted = 2
    return harness.consumer(over, {}, { ...harness.endpoint, options: QOS_2 })
  }

  withPeer('a message is received when it is acknowledged, and complete when it is released', async (harness) => {
    const opened = await open(harness)
    harness.peer.send(message(7, 'm0'), message(8, 'm1'))
    await harness.hears('m0 65543', 'm1 65544')
    assert.deepEqual(harness.peer.of('PUBREC'), [])
    opened.acknowledge(65_543)
    await harness.peer.got('PUBREC', 1)
    harness.peer.send(pubrel(7))
    await harness.peer.got('PUBCOMP', 1)
    assert.deepEqual([ids(harness, 'PUBREC'), ids(harness, 'PUBCOMP')], [[7], [7]])
  })

  withPeer('a message that comes again before its release is not delivered again', async (harness) => {
    const opened = await open(harness)
    harness.peer.send(message(7, 'm0'), message(7, 'm0', '\x3c'))
    await harness.hears('m0 65543')
    opened.acknowledge(65_543)
    await harness.peer.got('PUBREC', 1)
    harness.peer.send(message(7, 'm0', '\x3c'))
    await harness.peer.got('PUBREC', 2)
    harness.peer.send(pubrel(7), message(7, 'another'))
    await harness.hears('m0 65543', 'another 65543')
  })

  withPeer('auto receives each message by itself', async (harness) => {
    await open(harness, { acknowledge: { kind: 'auto' } })
    harness.peer.send(message(7, 'm0'))
    await harness.peer.got('PUBREC', 1)
    await harness.hears('m0 65543')
  })

  withPeer('a message above the QoS that was asked for ends the connection', async (harness) => {
    await harness.consumer()
    harness.peer.send(message(7, 'm0'))
    await harness.hears('closed protocol-error')
  })
})
