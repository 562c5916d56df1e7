import assert from 'node:assert/strict'
import { test } from 'node:test'
import { terminiOf } from '../../../src/driver/amqp10/address.ts'
import { identityOf, isRabbitPlugin } from '../../../src/driver/amqp10/broker-kind.ts'

const queue = { kind: 'queue', name: 'orders' } as const
const topic = { kind: 'topic', name: 'news' } as const

const spellings: readonly (readonly [string, string | null, string, string])[] = [
  ['ActiveMQ', '5.18.3', 'queue://orders', 'topic://news'],
  ['RabbitMQ', '3.10.8', '/queue/orders', '/topic/news'],
  ['RabbitMQ', '4.1.0', '/queues/orders', '/exchanges/amq.topic/news'],
  ['Artemis', '2.44.0', 'orders', 'news'],
]

for (const [product, version, queueAddress, topicAddress] of spellings) {
  test(`${product} ${version ?? ''} spells queue and topic ${queueAddress} and ${topicAddress}`, () => {
    const identity = { product, version }
    assert.equal(terminiOf(queue, identity, true)[0]?.address, queueAddress)
    assert.equal(terminiOf(topic, identity, true)[0]?.address, topicAddress)
  })
}

test('where the address does not tell queue from topic, a capability does', () => {
  assert.deepEqual(terminiOf(topic, { product: null, version: null }, true), [
    { address: 'news', capabilities: 'topic' },
  ])
})

test("RabbitMQ's plugin makes a durable queue, or takes the one that exists with other settings", () => {
  const plugin = { product: 'RabbitMQ', version: '3.10.8' }
  const existing = { address: '/amq/queue/orders' }
  assert.deepEqual(terminiOf(queue, plugin, true), [{ address: '/queue/orders', durable: 2 }, existing])
  assert.deepEqual(terminiOf(queue, plugin, false), [{ address: '/queue/orders', durable: 0 }, existing])
})

test('a slash in a name does not end it for RabbitMQ', () => {
  const name = { kind: 'queue', name: 'a/b c' } as const
  assert.equal(terminiOf(name, { product: 'RabbitMQ', version: '3.10.8' }, true)[0]?.address, '/queue/a%2Fb c')
  assert.equal(terminiOf(name, { product: 'RabbitMQ', version: '4.0.1' }, true)[0]?.address, '/queues/a%2Fb%20c')
})

test('the open frame tells who is there, in our spelling', () => {
  const artemis = identityOf({ product: 'apache-activemq-artemis', version: '2.44.0' })
  assert.deepEqual(artemis, { product: 'Artemis', version: '2.44.0' })
  assert.deepEqual(identityOf(undefined), { product: null, version: null })
  assert.equal(isRabbitPlugin(identityOf({ product: 'RabbitMQ', version: '3.10.8' })), true)
  assert.equal(isRabbitPlugin(identityOf({ product: 'RabbitMQ', version: '4.0.2' })), false)
})
