import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageProperties } from '../../../src/driver/driver.ts'
import { expiresByClock, propertiesOf, propertyHeaders } from '../../../src/driver/stomp/message-headers.ts'

const NOW_MS = 1_800_000_000_000
const PROPERTIES: MessageProperties = { ttlMs: 5000, priority: 7, headers: { region: 'eu' } }

describe('message properties over STOMP', () => {
  test('a time to live is a number of milliseconds for RabbitMQ and a time of day for the others', () => {
    assert.deepEqual(propertyHeaders('RabbitMQ', PROPERTIES), { region: 'eu', priority: '7', expiration: '5000' })
    assert.deepEqual(propertyHeaders('ActiveMQ', PROPERTIES), { region: 'eu', priority: '7' })
    assert.deepEqual(
      [expiresByClock('RabbitMQ'), expiresByClock('ActiveMQ'), expiresByClock('Artemis')],
      [false, true, true],
    )
  })

  test('a message without properties has no header for them', () => {
    assert.deepEqual(propertyHeaders('ActiveMQ', undefined), {})
    assert.deepEqual(propertyHeaders('RabbitMQ', { ttlMs: null, priority: null, headers: {} }), {})
  })

  test("a header whose name is STOMP's own is refused, not mistaken for it", () => {
    for (const name of ['receipt', 'transaction', 'expires', 'persistent', 'destination']) {
      assert.throws(() => propertyHeaders('ActiveMQ', { ...PROPERTIES, headers: { [name]: 'x' } }), {
        code: 'unsupported',
        message: new RegExp(name),
      })
    }
  })

  test('a MESSAGE is read back in every dialect, without what the broker put beside it', () => {
    const beside = [
      ['message-id', 'ID:1'],
      ['destination', '/queue/q'],
      ['content-length', '3'],
      ['timestamp', '1'],
      ['redelivered', 'true'],
    ] as const
    const classic = propertiesOf(
      [...beside, ['expires', String(NOW_MS + 5000)], ['priority', '7'], ['region', 'eu']],
      NOW_MS,
    )
    assert.deepEqual(classic, PROPERTIES)
    const rabbit = propertiesOf([...beside, ['expiration', '5000'], ['priority', '7'], ['region', 'eu']], NOW_MS)
    assert.deepEqual(rabbit, PROPERTIES)
  })

  test('a message that lives for ever says expires 0 or nothing', () => {
    assert.equal(propertiesOf([['expires', '0']], NOW_MS).ttlMs, null)
    assert.deepEqual(propertiesOf([], NOW_MS), { ttlMs: null, priority: null, headers: {} })
  })

  test('the first of two headers of one name counts, as STOMP says', () => {
    const repeated = [
      ['region', 'eu'],
      ['region', 'us'],
    ] as const
    assert.deepEqual(propertiesOf(repeated, NOW_MS).headers, { region: 'eu' })
  })
})
