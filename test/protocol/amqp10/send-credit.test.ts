import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Flow } from '../../../src/protocol/amqp10/flow.ts'
import { ABSENT } from '../../../src/protocol/amqp10/reader.ts'
import { SendCredit } from '../../../src/protocol/amqp10/send-credit.ts'

function flowOf(linkCredit: number, deliveryCount: number): Flow {
  return Object.assign(new Flow(), { linkCredit, deliveryCount })
}

test('what was sent and not yet counted by the receiver uses up its credit', () => {
  const credit = new SendCredit()
  credit.flowed(flowOf(5, ABSENT))
  credit.used()
  credit.used()
  assert.deepEqual([credit.left, credit.deliveryCount], [3, 2])
  credit.flowed(flowOf(5, 1))
  assert.equal(credit.left, 4)
  credit.flowed(flowOf(1, 0))
  assert.equal(credit.left, 0, 'the receiver takes back what was used already')
})

test('a flow of the session alone changes nothing', () => {
  const credit = new SendCredit()
  credit.flowed(flowOf(5, 0))
  credit.flowed(new Flow())
  assert.equal(credit.left, 5)
})

test('credit that is given back counts as sent, also when the count begins anew', () => {
  const credit = new SendCredit()
  credit.deliveryCount = 0xfffffffe
  credit.flowed(flowOf(4, 0xfffffffe))
  credit.used()
  credit.giveBack()
  assert.deepEqual([credit.left, credit.deliveryCount], [0, 2])
  credit.flowed(flowOf(3, 0xffffffff))
  assert.equal(credit.left, 0)
  credit.flowed(flowOf(3, 2))
  assert.equal(credit.left, 3)
})
