import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consumerLinkAsk } from '../../../src/driver/amqp10/subscription.ts'
import type { ConsumerSpec, Subscription } from '../../../src/driver/driver.ts'

const ARTEMIS = { product: 'Artemis', version: '2.44.0' }
const ACTIVEMQ = { product: 'ActiveMQ', version: '5.18.3' }
const RABBITMQ = { product: 'RabbitMQ', version: '3.10.8' }

function specOf(subscription?: Subscription): ConsumerSpec {
  return {
    destination: { kind: 'topic', name: 'news' },
    clientId: 'c-1',
    acknowledge: { kind: 'each' },
    prefetch: 1,
    persistent: true,
    competing: false,
    bodyBytesMax: 1,
    ...(subscription === undefined ? {} : { subscription }),
  }
}

test('a plain consumer has a link by the name of its container, and its source ends with it', () => {
  const plain = { termini: [{ address: 'news', capabilities: 'topic' }], linkName: 'c-1', outlivesLink: false }
  assert.deepEqual(consumerLinkAsk(specOf(), ARTEMIS), plain)
  assert.deepEqual(consumerLinkAsk(specOf({ kind: 'plain' }), ARTEMIS), plain)
})

test('a durable subscription is a link by its name, to a source that never expires', () => {
  const subscription = { kind: 'durable', name: 'kept' } as const
  const never = { durable: 2, expiry_policy: 'never' }
  assert.deepEqual(consumerLinkAsk(specOf(subscription), ACTIVEMQ), {
    termini: [{ address: 'topic://news', capabilities: ['topic'], ...never }],
    linkName: 'kept',
    outlivesLink: true,
  })
})

test('consumers of a shared subscription have links of its name, each with an end of its own', () => {
  const capabilities = ['topic', 'shared', 'global']
  assert.deepEqual(consumerLinkAsk(specOf({ kind: 'shared', name: 'all' }), ARTEMIS), {
    termini: [{ address: 'news', capabilities }],
    linkName: 'all|c-1',
    outlivesLink: false,
  })
  assert.deepEqual(consumerLinkAsk(specOf({ kind: 'shared-durable', name: 'all' }), ARTEMIS), {
    termini: [{ address: 'news', capabilities, durable: 2, expiry_policy: 'never' }],
    linkName: 'all|c-1',
    outlivesLink: true,
  })
})

test('a broker that is known to lack a kind of subscription is not asked for it', () => {
  const unsupported = { name: 'DriverError', code: 'unsupported' }
  assert.throws(() => consumerLinkAsk(specOf({ kind: 'shared', name: 'all' }), ACTIVEMQ), unsupported)
  assert.throws(() => consumerLinkAsk(specOf({ kind: 'shared-durable', name: 'all' }), ACTIVEMQ), unsupported)
  assert.throws(() => consumerLinkAsk(specOf({ kind: 'durable', name: 'kept' }), RABBITMQ), unsupported)
})
