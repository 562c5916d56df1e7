import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxOfKnown } from '../../../src/measure/statistics/max-of-known.ts'

test('the largest of what is known, also of negative figures and of a day of seconds; null of nothing', () => {
  assert.equal(maxOfKnown([null, 3, 7, null, 5]), 7)
  assert.equal(maxOfKnown([-3, null, -7]), -3)
  assert.equal(maxOfKnown(Array.from({ length: 200_000 }, (_, second) => second)), 199_999)
  assert.equal(maxOfKnown([null, null]), null)
  assert.equal(maxOfKnown([]), null)
})
