import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { connackError, connackWords, disconnectError, isRefusal } from '../../../src/driver/mqtt/refusal.ts'

describe('MQTT refusals', () => {
  const connacks = [
    [1, 'wrong-protocol'],
    [2, 'not-permitted'],
    [3, 'resource-limit'],
    [4, 'authentication'],
    [5, 'authentication'],
    [132, 'wrong-protocol'],
    [133, 'not-permitted'],
    [134, 'authentication'],
    [135, 'authentication'],
    [151, 'resource-limit'],
    [130, 'protocol-error'],
  ] as const
  for (const [reason, code] of connacks) {
    test(`CONNACK with code ${reason} is ${code}`, () => {
      assert.equal(connackError(reason, 'no', 'MQTT', '3.1.1').code, code)
    })
  }

  test('a broker that does not speak MQTT 5 is met with the version to try', () => {
    assert.match(connackError(1, 'no', 'MQTT 5 to mqtt://h:1', '5').message, /try \?version=3\.1\.1$/)
    assert.doesNotMatch(connackError(4, 'no', 'MQTT 5 to mqtt://h:1', '5').message, /version=/)
  })

  test('codes are put into words, also those that the specification does not name', () => {
    assert.equal(connackWords(5), 'connection refused: not authorised')
    assert.equal(connackWords(77), 'connection refused: no reason that the specification names')
  })

  test('PUBACK refuses from reason code 128 on', () => {
    assert.deepEqual([0, 16, 127, 128, 151].map(isRefusal), [false, false, false, true, true])
  })

  test('DISCONNECT says whether it was us, a limit or the end', () => {
    assert.equal(disconnectError(142, 'MQTT').code, 'not-permitted')
    assert.equal(disconnectError(147, 'MQTT').code, 'protocol-error')
    assert.equal(disconnectError(151, 'MQTT').code, 'resource-limit')
    assert.equal(disconnectError(139, 'MQTT').code, 'closed')
  })
})
