import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ConsumerSpec } from '../../../src/driver/driver.ts'
import { mqttPropertiesOf } from '../../../src/driver/mqtt/message-properties.ts'
import {
  consumerSession,
  filterOf,
  keepAliveSecondsOf,
  publishQos,
  subscribeQos,
  versionOf,
} from '../../../src/driver/mqtt/session.ts'

const SPEC: ConsumerSpec = {
  destination: { kind: 'queue', name: 'orders-1' },
  clientId: 'consumer-1',
  acknowledge: { kind: 'each' },
  prefetch: 10,
  persistent: true,
  competing: false,
  bodyBytesMax: 1024,
}

describe('MQTT in the part of a queue', () => {
  test('version 3.1.1 is the default, 5 is spelled out, others are unsupported', () => {
    assert.equal(versionOf({}), '3.1.1')
    assert.equal(versionOf({ version: '5' }), '5')
    assert.throws(() => versionOf({ version: '3.1' }), { name: 'DriverError', code: 'unsupported' })
  })

  test('competing consumers of a queue share a subscription, those of a topic do not', () => {
    assert.equal(filterOf(SPEC), 'orders-1')
    assert.equal(filterOf({ ...SPEC, competing: true }), '$share/brokermark/orders-1')
    const topic = { ...SPEC, competing: true, destination: { kind: 'topic', name: 'news' } } as const
    assert.equal(filterOf(topic), 'news')
  })

  test('quality of service 1 wherever a confirm, an acknowledgement or persistence is asked for', () => {
    assert.equal(publishQos({ confirm: true, persistent: false }, {}), 1)
    assert.equal(publishQos({ confirm: false, persistent: true }, {}), 1)
    assert.equal(publishQos({ confirm: false, persistent: false }, {}), 0)
    assert.equal(subscribeQos(SPEC, {}), 1)
    assert.equal(subscribeQos({ ...SPEC, persistent: false }, {}), 1)
    assert.equal(subscribeQos({ ...SPEC, persistent: false, acknowledge: { kind: 'auto' } }, {}), 0)
  })

  test('the target may name the quality of service, but not 0 where confirms are asked for', () => {
    assert.equal(publishQos({ confirm: true, persistent: true }, { qos: '2' }), 2)
    assert.equal(publishQos({ confirm: false, persistent: true }, { qos: '0' }), 0)
    assert.throws(() => publishQos({ confirm: true, persistent: true }, { qos: '0' }), { code: 'unsupported' })
    assert.equal(subscribeQos(SPEC, { qos: '0' }), 0)
    assert.equal(subscribeQos({ ...SPEC, persistent: false, acknowledge: { kind: 'auto' } }, { qos: '2' }), 2)
  })

  test('a topic keeps a session where the subscription is durable, and shares where it is shared', () => {
    const news = { ...SPEC, destination: { kind: 'topic', name: 'news' } } as const
    const sessions = (['durable', 'shared', 'shared-durable'] as const).map((kind) => {
      const spec = { ...news, subscription: { kind, name: 'desk' } } as const
      return `${filterOf(spec)} ${consumerSession(spec).clean ? 'clean' : 'kept'}`
    })
    assert.deepEqual(sessions, ['news kept', '$share/desk/news clean', '$share/desk/news kept'])
    assert.equal(consumerSession({ ...news, subscription: { kind: 'plain' } }).clean, true)
  })

  test('headers and a time to live are MQTT 5 only, the latter in whole seconds, rounded up', () => {
    const properties = { ttlMs: 1001, priority: null, headers: { region: 'eu' } }
    assert.deepEqual(mqttPropertiesOf({ properties }, '5'), { expirySeconds: 2, userProperties: [['region', 'eu']] })
    assert.throws(() => mqttPropertiesOf({ properties }, '3.1.1'), { code: 'unsupported' })
    assert.equal(mqttPropertiesOf({ properties: { ttlMs: null, priority: null, headers: {} } }, '3.1.1'), null)
  })

  test('the keep-alive is 40 seconds unless the target asks for another, or for none', () => {
    const seconds = ['60', '0', '70000', 'x'].map((keepAliveSeconds) => keepAliveSecondsOf({ keepAliveSeconds }))
    assert.deepEqual([keepAliveSecondsOf({}), ...seconds], [40, 60, 0, 65_535, 0])
  })

  test('a persistent consumer leaves a session behind, another does not', () => {
    assert.deepEqual(
      [consumerSession(SPEC).clean, consumerSession({ ...SPEC, persistent: false }).clean],
      [false, true],
    )
    assert.equal(consumerSession({ ...SPEC, persistent: false }).expirySeconds, 0)
  })

  test('receive-maximum is the prefetch within what the protocol allows', () => {
    assert.equal(consumerSession({ ...SPEC, prefetch: 0 }).receiveMaximum, 1)
    assert.equal(consumerSession({ ...SPEC, prefetch: 10 }).receiveMaximum, 10)
    assert.equal(consumerSession({ ...SPEC, prefetch: 100_000 }).receiveMaximum, 65_535)
  })
})
