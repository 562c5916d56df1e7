import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../support/properties.ts'
import { BlockedTime } from '../../src/measure/blocked-time.ts'

test('blocked time between two instants is the overlap with the blocked intervals', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), { maxLength: 40 }),
      fc.array(fc.nat(4_000), { minLength: 1, maxLength: 40 }),
      (gaps, questions) => {
        const blocked = new BlockedTime()
        const intervals: [number, number][] = []
        let at = 0
        for (const [pause, length] of gaps) {
          blocked.begin(at + pause)
          blocked.end(at + pause + length)
          intervals.push([at + pause, at + pause + length])
          at += pause + length
        }
        const nowUs = 5_000
        for (const fromUs of questions.sort((a, b) => a - b)) {
          const expected = intervals.reduce((sum, [start, end]) => sum + Math.max(0, end - Math.max(start, fromUs)), 0)
          assert.equal(blocked.between(fromUs, nowUs), expected)
        }
      },
    ),
  )
})

test('an interval that is still open counts up to now', () => {
  const blocked = new BlockedTime()
  blocked.begin(10)
  blocked.begin(15)
  assert.equal(blocked.isBlocked, true)
  assert.equal(blocked.between(0, 30), 20)
  assert.equal(blocked.between(12, 30), 18)
  blocked.end(40)
  assert.equal(blocked.between(20, 50), 20)
  assert.equal(blocked.between(45, 50), 0)
})
