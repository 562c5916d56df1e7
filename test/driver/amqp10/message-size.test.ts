/** `max-message-size`, by both clients, against a peer that answers attaches with it. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { amqp10Library } from '../../../src/driver/amqp10/library.ts'
import { amqp10Wire } from '../../../src/driver/amqp10/wire.ts'
import type { Consumer, MessageProperties, Publisher } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { encodeUlong } from '../../../src/protocol/amqp10/encode-value.ts'
import { eventually } from '../eventually.ts'
import { data, ScriptedPeer, transfer } from './scripted-peer.ts'

const OPTIONS = { timeoutMs: 60_000 }
const QUEUE = { kind: 'queue', name: 'q' } as const
const BODY_BYTES = 1000

let peer = new ScriptedPeer()
let endpoint: Endpoint
const open: (Publisher | Consumer)[] = []

beforeEach(async () => {
  peer = new ScriptedPeer()
  endpoint = await peer.listen()
})

afterEach(async () => {
  peer.hangUp()
  for (const each of open.splice(0)) await each.close()
  await peer.close()
})

for (const driver of [amqp10Wire, amqp10Library]) {
  const publisher = async (bodyBytesMax: number, properties?: MessageProperties): Promise<Publisher> => {
    const kind = { destination: QUEUE, clientId: 'p', persistent: true, confirm: true, inFlightMax: 4 }
    const spec = { ...kind, bodyBytesMax, ...(properties === undefined ? {} : { properties }) }
    const opened = await driver.openPublisher(endpoint, OPTIONS, spec, {
      onSettled: () => undefined,
      onBlocked: () => undefined,
      onUnblocked: () => undefined,
      onClosed: () => undefined,
    })
    open.push(opened)
    return opened
  }

  /** Bytes of the message that carries a body of `BODY_BYTES`, as the peer gets it. */
  const sentBytes = async (properties?: MessageProperties): Promise<number> => {
    peer.messageBytesMax = null
    const opened = await publisher(BODY_BYTES, properties)
    assert.equal(opened.publish(new Uint8Array(BODY_BYTES), 0), 'accepted')
    const [sent] = await peer.got('transfer', 1)
    // The peer answers whoever connected last.
    await opened.close()
    return sent?.payload.length ?? 0
  }

  describe(`the largest message of the AMQP 1.0 ${driver.client} client`, () => {
    for (const [what, properties] of [
      ['a body alone', undefined],
      ['properties beside it', { ttlMs: 60_000, priority: 7, headers: { region: 'eu' } }],
    ] as const) {
      test(`may be as large as the broker says, sections counted, and no byte larger: ${what}`, async () => {
        const messageBytes = await sentBytes(properties)
        assert.ok(messageBytes > BODY_BYTES)
        peer.messageBytesMax = encodeUlong(messageBytes)
        await (await publisher(BODY_BYTES, properties)).close()
        peer.messageBytesMax = encodeUlong(messageBytes - 1)
        await assert.rejects(publisher(BODY_BYTES, properties), {
          name: 'DriverError',
          code: 'not-permitted',
          message: `publishing to queue q: amqp10://127.0.0.1:${endpoint.port} takes messages of at most ${messageBytes - 1} bytes at q, not ${messageBytes} bytes (a body of ${BODY_BYTES} and its sections)`,
        })
        await peer.got('close', 3)
        assert.equal(peer.of('transfer').length, 1, 'nothing is sent to it')
      })
    }

    for (const [what, limit] of [
      ['0', encodeUlong(0)],
      ['2^64 - 1', Uint8Array.of(0x80, ...new Uint8Array(8).fill(0xff))],
    ] as const) {
      test(`has no limit where the broker says ${what}`, async () => {
        peer.messageBytesMax = limit
        await publisher(16 * 1024 * 1024)
      })
    }
  })

  describe(`the receiver of the AMQP 1.0 ${driver.client} client`, () => {
    test('announces no max-message-size, and takes a message of 16 MiB', async () => {
      const bytes = 16 * 1024 * 1024
      const delivered: number[] = []
      const spec = { destination: QUEUE, clientId: 'c', prefetch: 4, persistent: true, competing: false } as const
      const consumer = await driver.openConsumer(
        endpoint,
        OPTIONS,
        { ...spec, bodyBytesMax: bytes, acknowledge: { kind: 'each' } },
        { onDelivery: (body) => delivered.push(body.length), onClosed: () => undefined },
      )
      open.push(consumer)
      // Nothing (trailing nulls are left out), or said to be none.
      assert.ok([undefined, null, 0].includes(peer.of('attach')[0]?.fields[10] as number | null | undefined))
      await peer.got('flow', 1)
      const whole = data('x'.repeat(bytes))
      const pieceBytes = 60_000
      for (let at = 0; at < whole.length; at += pieceBytes) {
        const hasMore = at + pieceBytes < whole.length
        peer.send(transfer(at === 0 ? 0 : null, '', { hasMore }, whole.subarray(at, at + pieceBytes)))
      }
      await eventually(() => delivered.length > 0, 'the delivery')
      assert.deepEqual(delivered, [bytes])
    })
  })
}
