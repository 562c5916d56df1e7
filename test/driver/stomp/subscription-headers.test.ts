import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { subscribeHeaders } from '../../../src/driver/stomp/broker-dialect.ts'
import {
  connectClientId,
  requireTransactions,
  subscriptionHeaders,
} from '../../../src/driver/stomp/subscription-headers.ts'

const TOPIC = { kind: 'topic', name: 'prices' } as const
const KINDS = ['durable', 'shared', 'shared-durable'] as const

describe('subscriptions over STOMP', () => {
  test('a plain subscription has no header and no client id', () => {
    assert.deepEqual(subscriptionHeaders('ActiveMQ', undefined, 'c', TOPIC), {})
    assert.deepEqual(subscriptionHeaders('RabbitMQ', { kind: 'plain' }, 'c', TOPIC), {})
    assert.equal(connectClientId(undefined, 'c'), null)
    assert.equal(connectClientId({ kind: 'shared', name: 'n' }, 'c'), null)
  })

  test('a durable subscription belongs to its client id, a shared durable one to all who name it', () => {
    assert.equal(connectClientId({ kind: 'durable', name: 'n' }, 'c'), 'c')
    assert.equal(connectClientId({ kind: 'shared-durable', name: 'n' }, 'c'), 'n')
  })

  test('ActiveMQ and Artemis are told the name, RabbitMQ the queue that stands for the subscription', () => {
    const durable = { kind: 'durable', name: 'n' } as const
    assert.deepEqual(subscriptionHeaders('ActiveMQ', durable, 'c', TOPIC), { 'activemq.subscriptionName': 'n' })
    assert.deepEqual(subscriptionHeaders('Artemis', durable, 'c', TOPIC), { 'durable-subscription-name': 'n' })
    const rabbit = KINDS.map((kind) => subscriptionHeaders('RabbitMQ', { kind, name: 'n' }, 'c', TOPIC))
    assert.deepEqual(
      rabbit.map((headers) => [headers['x-queue-name'], headers['durable'], headers['auto-delete']]),
      [
        ['c.n', 'true', 'false'],
        ['n', 'false', 'true'],
        ['n', 'true', 'false'],
      ],
    )
  })

  test('a shared subscription of Artemis is a queue of the topic, named in the destination', () => {
    const ask = { destination: TOPIC, acknowledge: { kind: 'each' }, prefetch: 1, bodyBytesMax: 100 } as const
    const headers = subscribeHeaders('Artemis', { ...ask, subscription: { kind: 'shared', name: 'n' } }, '1')
    assert.equal(headers['destination'], 'prices::n')
    assert.equal(headers['subscription-type'], 'MULTICAST')
  })

  test('what a broker does not have is refused in a sentence that names it', () => {
    const asked = [
      ['ActiveMQ', 'shared'],
      ['ActiveMQ', 'shared-durable'],
      ['brokermark embedded', 'durable'],
      ['other', 'durable'],
    ] as const
    for (const [dialect, kind] of asked) {
      assert.throws(() => subscriptionHeaders(dialect, { kind, name: 'n' }, 'c', TOPIC), {
        code: 'unsupported',
        message: new RegExp(`no ${kind} subscriptions`),
      })
    }
    assert.throws(() => requireTransactions('Artemis', 'acknowledgements'), { code: 'unsupported' })
    assert.throws(() => requireTransactions('brokermark embedded', 'messages'), { code: 'unsupported' })
    requireTransactions('Artemis', 'messages')
    requireTransactions('ActiveMQ', 'acknowledgements')
  })
})
