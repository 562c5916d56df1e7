import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { KeptSubscription } from '../../src/driver/driver.ts'
import { removeEach } from '../../src/driver/remove-each.ts'

const KEPT: readonly KeptSubscription[] = ['a', 'b', 'c'].map((clientId) => ({
  clientId,
  subscription: { kind: 'durable', name: 's' },
}))

test('what the broker refuses to remove does not keep the others, and is told', async () => {
  const tried: string[] = []
  const areGone = await removeEach(KEPT, ({ clientId }) => {
    tried.push(clientId)
    return clientId === 'b' ? Promise.reject(new DriverError('refused', 'no')) : Promise.resolve()
  })
  assert.deepEqual([areGone, tried], [false, ['a', 'b', 'c']])
  assert.equal(await removeEach(KEPT, () => Promise.resolve()), true)
})

test('a subscription whose client the broker has not yet seen go is removed once it has', async () => {
  const tried: string[] = []
  const areGone = await removeEach(KEPT, ({ clientId }) => {
    tried.push(clientId)
    const isThere = clientId === 'b' && tried.length < 5
    const refusal = new DriverError('not-permitted', `the broker says: Client ${clientId} already connected from there`)
    return isThere ? Promise.reject(refusal) : Promise.resolve()
  })
  assert.deepEqual([areGone, tried], [true, ['a', 'b', 'b', 'b', 'b', 'c']])
})

test('a bug is no refusal', async () => {
  await assert.rejects(
    removeEach(KEPT, () => Promise.reject(new TypeError('bug'))),
    TypeError,
  )
})
