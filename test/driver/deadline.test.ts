import assert from 'node:assert/strict'
import { test } from 'node:test'
import { before } from '../../src/driver/deadline.ts'
import { DriverError } from '../../src/driver/driver-error.ts'

test('work that is done in time gives its result', async () => {
  assert.equal(await before(new AbortController().signal, Promise.resolve(7), 'counting'), 7)
})

test('work that fails in time gives its own error', async () => {
  const failure = new Error('cannot count')
  await assert.rejects(before(new AbortController().signal, Promise.reject(failure), 'counting'), failure)
})

test('the deadline is a timeout that says what was attempted, also when it has passed already', async () => {
  const timeout = (error: unknown): boolean =>
    error instanceof DriverError && error.code === 'timeout' && error.message.startsWith('counting: ')
  const never = new Promise<number>(() => undefined)
  const deadline = new AbortController()
  const waiting = before(deadline.signal, never, 'counting')
  deadline.abort()
  await assert.rejects(waiting, timeout)
  await assert.rejects(before(deadline.signal, never, 'counting'), timeout)
})
