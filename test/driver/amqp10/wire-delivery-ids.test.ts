import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DeliveryIds } from '../../../src/driver/amqp10/wire-delivery-ids.ts'

describe('the delivery-ids of messages not yet acknowledged', () => {
  test('come back by token, also when there are more than was asked for', () => {
    const ids = new DeliveryIds(2)
    for (let token = 0; token < 50; token++) ids.put(token, token + 1000)
    for (let token = 0; token < 30; token++) assert.equal(ids.take(token), token + 1000)
    for (let token = 50; token < 200; token++) ids.put(token, token + 1000)
    for (let token = 30; token < 200; token++) assert.equal(ids.take(token), token + 1000)
  })

  test('are given back once, and none is known for tokens that were not put', () => {
    const ids = new DeliveryIds(4)
    ids.put(0, 7)
    assert.equal(ids.take(1), -1)
    assert.equal(ids.take(0), 7)
    assert.equal(ids.take(0), -1)
  })
})
