import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { pacerModeFor } from '../../src/pacing/pacer.ts'
import { shareOut } from '../../src/pacing/share.ts'

describe('shares', () => {
  test('hold every producer and consumer exactly once, and a pair on one worker', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.integer({ min: 1, max: 16 }), (producers, consumers, workers) => {
        const shares = shareOut(producers, consumers, workers)
        const all = (of: 'producers' | 'consumers') => shares.flatMap((share) => share[of]).sort((a, b) => a - b)
        assert.deepEqual(
          all('producers'),
          Array.from({ length: producers }, (_, index) => index),
        )
        assert.deepEqual(
          all('consumers'),
          Array.from({ length: consumers }, (_, index) => index),
        )
        assert.ok(shares.every((share) => share.producers.length + share.consumers.length > 0))
        for (const share of shares) {
          for (const producer of share.producers) assert.ok(producer >= consumers || share.consumers.includes(producer))
        }
      }),
    )
  })
})

test('the pacer spins for short periods and sleeps for long ones', () => {
  assert.equal(pacerModeFor(50), 'timer')
  assert.equal(pacerModeFor(51), 'spin')
})
