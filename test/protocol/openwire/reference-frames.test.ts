/** Frames that ActiveMQ's own OpenWireFormat (version 12, loose, no cache) has decoded and encoded again identically. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AckTemplate } from '../../../src/protocol/openwire/ack-template.ts'
import {
  connectionInfo,
  consumerInfo,
  keepAliveInfo,
  producerInfo,
  removeConsumer,
  sessionInfo,
  shutdownInfo,
} from '../../../src/protocol/openwire/commands.ts'
import { MessageTemplate } from '../../../src/protocol/openwire/message-template.ts'
import { transactionInfo } from '../../../src/protocol/openwire/transaction.ts'
import { hexBytes } from './seen-frames.ts'

const CONNECTION = 'ID:a-1:1'
const ID = { connectionId: CONNECTION, session: 1, value: 1 }
const QUEUE = { kind: 'queue', name: 'q' } as const

const CONNECTION_HEX = '01 0008 49443a612d313a31'
const ONE = '0000000000000001'
const ZERO = '0000000000000000'
const PRODUCER_HEX = `01 7b ${CONNECTION_HEX} ${ONE} ${ONE}`
const CONSUMER_HEX = `01 7a ${CONNECTION_HEX} ${ONE} ${ONE}`
const QUEUE_HEX = '01 64 01 0001 71'
const MESSAGE_ID_HEX = `01 6e 00 ${PRODUCER_HEX} ${ONE} ${ZERO}`

describe('the frames that are sent', () => {
  const frames: readonly [name: string, frame: Uint8Array, hex: string][] = [
    [
      'ConnectionInfo',
      connectionInfo(1, { connectionId: CONNECTION, clientId: 'c1', username: 'u', password: 'p' }),
      `00000027 03 00000001 01 01 78 ${CONNECTION_HEX} 01 0002 6331 01 0001 70 01 0001 75 00 00 01 00 00 00 00`,
    ],
    ['SessionInfo', sessionInfo(2, CONNECTION, 1), `0000001b 04 00000002 01 01 79 ${CONNECTION_HEX} ${ONE}`],
    ['ProducerInfo', producerInfo(3, ID, QUEUE), `0000002f 06 00000003 01 ${PRODUCER_HEX} ${QUEUE_HEX} 00 00 00000000`],
    [
      'ConsumerInfo',
      consumerInfo(4, ID, QUEUE, 1000),
      `00000040 05 00000004 01 ${CONSUMER_HEX} 00 ${QUEUE_HEX} 000003e8 00000000 01` +
        '00 00 00 00 00 00 00 00 00 00 00 00 00',
    ],
    [
      'TransactionInfo',
      transactionInfo(7, CONNECTION, 1, 'begin'),
      `0000002b 07 00000007 00 01 78 ${CONNECTION_HEX} 01 6f ${ONE} 01 78 ${CONNECTION_HEX} 00`,
    ],
    ['KeepAliveInfo', keepAliveInfo(8), '00000006 0a 00000008 00'],
    ['RemoveInfo', removeConsumer(9, ID), `0000002b 0c 00000009 01 ${CONSUMER_HEX} fffffffffffffffe`],
    ['ShutdownInfo', shutdownInfo(10), '00000006 0b 0000000a 00'],
  ]
  for (const [name, frame, hex] of frames) {
    test(`${name} is the reference frame`, () => assert.deepEqual(hexOf(frame), hexOf(hexBytes(hex))))
  }

  test('a BytesMessage is the reference frame, wherever it is written and whatever was there', () => {
    const spec = { producer: ID, destination: QUEUE, persistent: true, responseRequired: true }
    const template = new MessageTemplate(spec)
    const body = new TextEncoder().encode('hi')
    const output = new Uint8Array(template.frameBytes(2) + 20).fill(0xee)
    const end = template.write(output, 20, 5, 1, 1_700_000_000_000, body)
    const reference = hexBytes(
      `000000a3 18 00000005 01 ${PRODUCER_HEX} ${QUEUE_HEX} 00 00 ${MESSAGE_ID_HEX}` +
        `00 00 00000000 00 01 ${ZERO} 04 00 0000018bcfe56800 00 01 00000002 6869` +
        `00 00 00 00 00000000 00 ${ZERO} 00 00 00 00 ${ZERO} ${ZERO} 00`,
    )
    assert.equal(end, output.length)
    assert.equal(hexOf(output.subarray(20, end)), hexOf(reference))
  })

  test('a standard MessageAck of one message is the reference frame', () => {
    const template = new AckTemplate(ID, QUEUE, 'standard')
    const id = hexBytes(MESSAGE_ID_HEX)
    const output = new Uint8Array(template.frameBytesMax(id.length)).fill(0xee)
    const end = template.write(output, 0, 6, id, 0, 0, 0, id.length, 1)
    const reference = `00000061 16 00000006 00 ${QUEUE_HEX} 00 ${CONSUMER_HEX} 02 00 ${MESSAGE_ID_HEX} 00000001 00`
    assert.equal(hexOf(output.subarray(0, end)), hexOf(hexBytes(reference)))
  })

  test('a MessageAck of a range names the first and the last message and how many they are', () => {
    const template = new AckTemplate(ID, QUEUE, 'standard')
    const ids = hexBytes('aa 01 02 03 bb')
    const output = new Uint8Array(template.frameBytesMax(ids.length))
    const end = template.write(output, 0, 6, ids, 0, 2, 2, 3, 300)
    assert.ok(hexOf(output.subarray(0, end)).endsWith('02' + 'aa01' + '0203bb' + '0000012c' + '00'))
    assert.equal(new DataView(output.buffer).getInt32(0), end - 4)
  })

  test('sequence and timestamp are written with all their 53 bits', () => {
    const spec = { producer: ID, destination: QUEUE, persistent: false, responseRequired: false }
    const template = new MessageTemplate(spec)
    const output = new Uint8Array(template.frameBytes(0))
    template.write(output, 0, -1, Number.MAX_SAFE_INTEGER, 2 ** 32 + 1, new Uint8Array(0))
    const hex = hexOf(output)
    assert.ok(hex.includes('18ffffffff00'), 'command id')
    assert.ok(hex.includes('001fffffffffffff' + '0000000000000000'), 'sequence')
    assert.ok(hex.includes('0000000100000001'), 'timestamp')
  })
})

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
