import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionError } from '../../../src/driver/amqp091/session-error.ts'

const cases: readonly (readonly [number | null, string])[] = [
  [404, 'not-permitted'],
  [403, 'not-permitted'],
  [405, 'not-permitted'],
  [501, 'protocol-error'],
  [506, 'resource-limit'],
  [320, 'closed'],
  [null, 'closed'],
]

for (const [replyCode, code] of cases) {
  test(`reply code ${replyCode ?? 'none'} is ${code}`, () => {
    const thrown = Object.assign(new Error('the end'), replyCode === null ? {} : { code: replyCode })
    assert.equal(sessionError(thrown, 'consuming from queue orders').code, code)
  })
}

test('another precondition that failed is told in the words of the broker alone', () => {
  const words = 'PRECONDITION_FAILED - unknown delivery tag 7'
  const error = sessionError(Object.assign(new Error(words), { code: 406 }), 'consuming from queue orders')
  assert.equal(error.code, 'not-permitted')
  assert.equal(error.message, `consuming from queue orders: ${words}`)
})

test('a queue that exists with other arguments is not permitted, and the sentence says so in the words of the broker', () => {
  const words = `PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'orders'`
  const text = `Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "${words}"`
  const error = sessionError(Object.assign(new Error(text), { code: 406 }), 'declaring queue orders')
  assert.equal(error.code, 'not-permitted')
  assert.equal(error.message, `declaring queue orders: it exists already with other settings (${words})`)
})
