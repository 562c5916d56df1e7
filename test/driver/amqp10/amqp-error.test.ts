import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amqpError } from '../../../src/driver/amqp10/amqp-error.ts'

const cases: readonly (readonly [string, 'connecting' | 'connected', string])[] = [
  ['amqp:unauthorized-access', 'connecting', 'authentication'],
  ['amqp:unauthorized-access', 'connected', 'not-permitted'],
  ['amqp:not-found', 'connected', 'not-permitted'],
  ['amqp:precondition-failed', 'connected', 'not-permitted'],
  ['amqp:resource-limit-exceeded', 'connected', 'resource-limit'],
  ['amqp:connection:forced', 'connected', 'closed'],
  ['amqp:not-implemented', 'connected', 'unsupported'],
  ['amqp:decode-error', 'connected', 'protocol-error'],
  ['com.example:odd', 'connected', 'protocol-error'],
]

for (const [condition, stage, code] of cases) {
  test(`${condition} while ${stage} is ${code}`, () => {
    const error = amqpError({ condition, description: 'why' }, 'consuming from queue orders', stage)
    assert.equal(error.code, code)
    assert.ok(error.message.startsWith('consuming from queue orders: '), error.message)
  })
}

test('a broker without a login that fits says which it has', () => {
  const description = 'No suitable mechanism; server supports PLAIN'
  const error = amqpError({ condition: 'amqp:unauthorized-access', description }, 'connecting', 'connecting')
  assert.equal(error.code, 'authentication')
  assert.equal(error.message, 'connecting: No suitable mechanism; server supports PLAIN')
})

test('the name of the user is in no sentence, whatever the broker writes', () => {
  const description = "ACCESS_REFUSED - access to queue 'orders' refused for user 'bench'"
  const error = amqpError({ condition: 'amqp:unauthorized-access', description }, 'publishing', 'connected', 'bench')
  assert.ok(error.message.endsWith("refused for user '…')"), error.message)
})

test('an end without a reason is closed', () => {
  assert.equal(amqpError(null, 'publishing', 'connected').code, 'closed')
})

test('of a stack trace in the description one line of 200 characters is kept', () => {
  const description = `${'x'.repeat(500)}\n at somewhere`
  const { message } = amqpError({ condition: 'amqp:internal-error', description }, 'publishing', 'connected')
  assert.ok(message.length < 260, message)
  assert.ok(!message.includes('somewhere'))
})
