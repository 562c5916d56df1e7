/** ConsumerControl: a broker that ends a subscription or sets its prefetch, by a scripted peer. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { AcknowledgePolicy, Consumer } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { openwireWire } from '../../../src/driver/openwire/wire.ts'
import { COMMAND } from '../../../src/protocol/openwire/type-codes.ts'
import { consumerControlFrame, dispatchFrame, responseFrame } from '../../protocol/openwire/broker-frames.ts'
import { eventually } from '../eventually.ts'
import { ScriptedPeer } from './scripted-peer.ts'

const OPTIONS = { timeoutMs: 60_000 }
const PREFETCH = 10
const ENDED = 'closed: consuming from queue q: the broker ended the subscription (a consumer too slow for its policy?)'
const PULLED =
  'consuming from queue q: the broker sets the prefetch to 0, so that each message would have to be pulled, which is not done here'

let peer = new ScriptedPeer()
let endpoint: Endpoint
let heard: string[] = []
const open: Consumer[] = []

beforeEach(async () => {
  peer = new ScriptedPeer()
  endpoint = await peer.listen()
  heard = []
})

afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
  await peer.close()
})

async function consumer(acknowledge: AcknowledgePolicy = { kind: 'each' }): Promise<Consumer> {
  const destination = { kind: 'queue', name: 'q' } as const
  const kind = { destination, clientId: 'c', persistent: true, competing: false, bodyBytesMax: 100 }
  const opened = await openwireWire.openConsumer(
    endpoint,
    OPTIONS,
    { ...kind, acknowledge, prefetch: PREFETCH },
    {
      onDelivery: (body, _redelivered, token) => heard.push(`${Buffer.from(body).toString()} ${token}`),
      onClosed: (cause) => heard.push(`${cause.code}: ${cause.message}`),
    },
  )
  open.push(opened)
  return opened
}

async function hears(...expected: readonly string[]): Promise<void> {
  await eventually(
    () => heard.length >= expected.length,
    expected.join(', '),
    () => `heard ${heard.join(', ')}`,
  )
  assert.deepEqual(heard, expected)
}

function messages(from: number, until: number): Uint8Array[] {
  const sequences = Array.from({ length: until - from }, (_, index) => from + index)
  return sequences.map((sequence) => dispatchFrame({ content: Buffer.from(`m${sequence}`), sequence }))
}

describe('a ConsumerControl from the broker', () => {
  test('that closes the consumer is the end of the subscription, told once behind the deliveries before it', async () => {
    const opened = await consumer()
    peer.send(...messages(0, 2), consumerControlFrame(true, 0), ...messages(2, 3), consumerControlFrame(true, 0))
    await hears('m0 0', 'm1 1', ENDED)
    opened.acknowledge(0)
    await opened.close()
    assert.equal(heard.length, 3)
  })

  test('that sets the prefetch to 0 ends it too, because nothing would come any more', async () => {
    await consumer()
    peer.send(consumerControlFrame(false, 0))
    await hears(`unsupported: ${PULLED}`)
  })

  for (const [isClose, expected] of [
    [true, { code: 'closed', message: /the broker ended the subscription/ }],
    [false, { code: 'unsupported', message: PULLED }],
  ] as const) {
    test(`in front of the answer to ConsumerInfo is the error of opening: ${isClose ? 'close' : 'prefetch 0'}`, async () => {
      peer.answersFor = peer.answersFor.filter((type) => type !== COMMAND.consumerInfo)
      const opening = assert.rejects(consumer(), { name: 'DriverError', ...expected })
      const [asked] = await peer.got(COMMAND.consumerInfo, 1)
      peer.send(consumerControlFrame(isClose, 0), responseFrame(asked?.commandId ?? -1))
      await opening
      assert.deepEqual(heard, [])
    })
  }

  test('that lowers the prefetch below a batch makes the batches fit, beginning with the open one', async () => {
    const opened = await consumer({ kind: 'every', messages: 8 })
    peer.send(...messages(0, 3))
    await hears('m0 0', 'm1 1', 'm2 2')
    for (let token = 0; token < 3; token++) opened.acknowledge(token)
    peer.send(consumerControlFrame(false, PREFETCH), consumerControlFrame(false, 2), ...messages(3, 5))
    await hears('m0 0', 'm1 1', 'm2 2', 'm3 3', 'm4 4')
    opened.acknowledge(3)
    opened.acknowledge(4)
    const acks = await peer.got(COMMAND.messageAck, 2)
    assert.deepEqual(acks.map(countOf), [3, 2])
  })

  test('that closes the consumer while it is being closed changes nothing', async () => {
    peer.answersFor = peer.answersFor.filter((type) => type !== COMMAND.removeInfo)
    const opened = await consumer()
    const closing = opened.close()
    const [unsubscribing] = await peer.got(COMMAND.removeInfo, 1)
    peer.send(consumerControlFrame(true, 0), responseFrame(unsubscribing?.commandId ?? -1))
    const [, removing] = await peer.got(COMMAND.removeInfo, 2)
    peer.send(responseFrame(removing?.commandId ?? -1))
    await closing
    await peer.got(COMMAND.shutdownInfo, 1)
    assert.deepEqual(heard, [])
  })
})

/** How many messages a MessageAck covers: its last integer, in front of an absent throwable. */
function countOf({ fields }: { readonly fields: Buffer }): number {
  return fields.readInt32BE(fields.length - 5)
}
