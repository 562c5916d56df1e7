/** The wire consumer against a peer that does what brokers do only in bad moments; the rest is in the driver contract. */
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { eventually } from '../eventually.ts'
import { withPeer, type WireHarness } from './wire-harness.ts'

function pubacks(harness: WireHarness): (number | undefined)[] {
  return harness.peer.of('PUBACK').map(({ packetId }) => packetId)
}

describe('the MQTT wire consumer', () => {
  withPeer('subscribes at QoS 1 with a session that is kept, where the traffic is persistent', async (harness) => {
    await harness.consumer()
    const [connect, subscribe] = harness.peer.received
    assert.equal(connect?.payload.charCodeAt(7), 0xc0)
    assert.equal(subscribe?.payload.slice(2), '\0\x01q\x01')
  })

  withPeer('subscribes at QoS 0 with a clean session, where nothing is acknowledged or kept', async (harness) => {
    harness.peer.granted = 0
    await harness.consumer({ persistent: false, acknowledge: { kind: 'auto' } })
    const [connect, subscribe] = harness.peer.received
    assert.equal(connect?.payload.charCodeAt(7), 0xc2)
    assert.equal(subscribe?.payload.slice(2), '\0\x01q\0')
  })

  withPeer(
    'tells an MQTT 5 broker the prefetch as receive-maximum, and how long to keep the session',
    async (harness) => {
      await harness.consumer({ prefetch: 1000 })
      assert.ok(harness.peer.received[0]?.payload.includes('\x08\x11\0\x01\x51\x80\x21\x03\xe8'))
    },
    '5',
  )

  withPeer('acknowledges each message by its packet id when told to, and not before', async (harness) => {
    const opened = await harness.consumer()
    harness.peer.send(harness.peer.message(300, 'm0'), harness.peer.message(7, 'm1', true))
    await harness.hears('m0 300', 'm1 again 7')
    assert.deepEqual(pubacks(harness), [])
    opened.acknowledge(300)
    opened.acknowledge(7)
    await harness.peer.got('PUBACK', 2)
    assert.deepEqual(pubacks(harness), [300, 7])
  })

  withPeer('acknowledges by itself where the policy is auto, and nothing at QoS 0', async (harness) => {
    await harness.consumer({ acknowledge: { kind: 'auto' } })
    harness.peer.send(harness.peer.message(0, 'm0'), harness.peer.message(9, 'm1'))
    await harness.hears('m0 0', 'm1 9')
    await harness.peer.got('PUBACK', 1)
    assert.deepEqual(pubacks(harness), [9])
  })

  withPeer('keeps the prefetch by itself where the protocol has none, in order and without a gap', async (harness) => {
    const opened = await harness.consumer({ prefetch: 2 })
    harness.peer.send(...[1, 2, 3, 4, 5].map((packetId) => harness.peer.message(packetId, `m${packetId}`)))
    await harness.hears('m1 1', 'm2 2')
    opened.acknowledge(1)
    await harness.hears('m1 1', 'm2 2', 'm3 3')
    for (const token of [2, 3, 4, 5]) opened.acknowledge(token)
    // Reading goes on: what comes now is no longer behind the others.
    harness.peer.send(harness.peer.message(6, 'm6'))
    await harness.hears('m1 1', 'm2 2', 'm3 3', 'm4 4', 'm5 5', 'm6 6')
  })

  withPeer('delivers thousands that waited to somebody who acknowledges within the call', async (harness) => {
    const total = 5000
    let delivered = 0
    const opened = await harness.consumer(
      { prefetch: 1 },
      {
        onDelivery: (_body, _redelivered, token) => {
          if (++delivered > 1) opened.acknowledge(token)
        },
      },
    )
    harness.peer.send(...Array.from({ length: total }, (_, index) => harness.peer.message(index + 1, 'm')))
    await eventually(() => delivered === 1, 'the first')
    opened.acknowledge(1)
    await eventually(
      () => delivered === total,
      'the others',
      () => `(${delivered} came)`,
    )
    await harness.peer.got('PUBACK', total)
  })

  withPeer('takes messages of a kept session that come before CONNACK', async (harness) => {
    harness.peer.beforeConnack = harness.peer.message(1, 'early')
    const opened = await harness.consumer()
    await harness.hears('early 1')
    opened.acknowledge(1)
    await harness.peer.got('PUBACK', 1)
  })

  withPeer(
    'sees its acknowledgements through before it disconnects, by a request that stands in line behind them, and gives up what waits',
    async (harness) => {
      const opened = await harness.consumer({ prefetch: 1 })
      harness.peer.send(...[1, 2, 3].map((packetId) => harness.peer.message(packetId, 'm')))
      await harness.hears('m 1')
      opened.acknowledge(1)
      await harness.hears('m 1', 'm 2')
      await Promise.all([opened.close(), opened.close()])
      await harness.peer.got('DISCONNECT', 1)
      assert.deepEqual(
        harness.peer.received.slice(-3).map(({ type }) => type),
        ['PUBACK', 'UNSUBSCRIBE', 'DISCONNECT'],
      )
      assert.deepEqual(harness.heard, ['m 1', 'm 2'])
    },
  )

  withPeer('reports a loss once, and acknowledging after it does nothing', async (harness) => {
    const opened = await harness.consumer()
    harness.peer.send(harness.peer.message(1, 'm'))
    await harness.hears('m 1')
    harness.peer.hangUp()
    await harness.hears('m 1', 'closed closed')
    opened.acknowledge(1)
    await opened.close()
    assert.deepEqual(harness.heard, ['m 1', 'closed closed'])
  })

  for (const [what, granted, version] of [
    ['a subscription that is refused', 0x80, '3.1.1'],
    ['a subscription that is refused over MQTT 5', 0x87, '5'],
    ['a lower QoS than asked for', 0, '3.1.1'],
  ] as const) {
    withPeer(
      `takes ${what} as not permitted`,
      async (harness) => {
        harness.peer.granted = granted
        await assert.rejects(harness.consumer(), { name: 'DriverError', code: 'not-permitted' })
      },
      version,
    )
  }

  withPeer(
    'does not compete where the broker says that it does not share',
    async (harness) => {
      harness.peer.connack = '\x20\x05\x00\x00\x02\x2a\x00'
      await assert.rejects(harness.consumer({ competing: true }), { code: 'unsupported' })
    },
    '5',
  )

  withPeer('does not compete where nothing comes by a shared subscription', async (harness) => {
    const { peer } = harness
    // Takes `$share/...` for an ordinary name, as RabbitMQ does.
    peer.onPublish = (packetId, topic) => {
      const id = String.fromCharCode(packetId >> 8, packetId & 0xff)
      const back = topic.endsWith('ordinary')
        ? `\x30${String.fromCharCode(2 + topic.length)}\0${String.fromCharCode(topic.length)}${topic}`
        : ''
      peer.send(`\x40\x02${id}${back}`)
    }
    await assert.rejects(harness.consumer({ competing: true }), { code: 'unsupported' })
    assert.equal(peer.of('CONNECT').length, 1)
  })

  withPeer(
    'tells what came with a message, where somebody asks, also of one that had to wait',
    async (harness) => {
      const said: unknown[] = []
      const onProperties = (properties: unknown): unknown => said.push(properties)
      const opened = await harness.consumer({ prefetch: 1 }, { onProperties })
      const properties = '\x0e\x02\x00\x00\x00\x05\x26\x00\x01a\x00\x03b\xc3\xa4'
      harness.peer.send(harness.peer.message(1, 'm0'), `\x32\x15\x00\x01q\x00\x02${properties}m`)
      await harness.hears('m0 1')
      opened.acknowledge(1)
      await harness.hears('m0 1', 'm 2')
      assert.deepEqual(said, [
        { ttlMs: null, priority: null, headers: {} },
        { ttlMs: 5000, priority: null, headers: { a: 'bä' } },
      ])
    },
    '5',
  )

  withPeer('is opened although more than its prefetch comes before SUBACK', async (harness) => {
    harness.peer.beforeConnack = Buffer.concat([1, 2, 3].map((packetId) => harness.peer.message(packetId, 'early')))
    const opened = await harness.consumer({ prefetch: 1 })
    await harness.hears('early 1')
    opened.acknowledge(1)
    await harness.hears('early 1', 'early 2')
  })
})
