import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spreadOf, spreadText } from './spread.ts'

test('the median of an even number of figures lies between the middle two', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4, count: 4 })
})

test('figures are sorted as numbers, and no figure has no spread', () => {
  const spread = spreadOf([10, 9, 100])
  assert.equal(spread === null ? '' : spreadText(spread), '10.0 (9.00-100)')
  assert.equal(spreadOf([]), null)
})
