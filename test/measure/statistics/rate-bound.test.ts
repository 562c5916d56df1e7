import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exactRateBound, rateBoundText, ruleOfThree } from '../../../src/measure/statistics/rate-bound.ts'

describe('R6.4: the bound of none seen', () => {
  test('R6.4 of a million is 3 per million', () => {
    assert.equal(rateBoundText(0, 1_000_000, 'lost'), '0 of 1,000,000 lost: below 3 per million at 95 %')
  })

  test('R6.4 of ten broker kills is 30 %', () => {
    assert.equal(rateBoundText(0, 10, 'failed'), '0 of 10 failed: below 30 % at 95 %')
  })

  test('is rounded up to two digits and takes the unit that fits', () => {
    assert.equal(rateBoundText(0, 199_998, 'lost'), '0 of 199,998 lost: below 16 per million at 95 %')
    assert.equal(rateBoundText(0, 10_000, 'lost'), '0 of 10,000 lost: below 300 per million at 95 %')
    assert.equal(rateBoundText(0, 7e9, 'lost'), '0 of 7,000,000,000 lost: below 0.43 per billion at 95 %')
  })

  test('is not claimed where something was seen, or where there is next to nothing', () => {
    assert.equal(rateBoundText(12, 1_000_000, 'lost'), '12 of 1,000,000 lost')
    assert.equal(rateBoundText(0, 0, 'lost'), '0 of 0 lost')
    assert.equal(rateBoundText(0, 3, 'lost'), '0 of 3 lost: too few to bound the rate')
  })

  test('the exact bound makes none seen happen in 5 %, and the rule of three is never below it', () => {
    for (const trials of [1, 2, 3, 10, 100, 1e6, 1e12]) {
      const bound = exactRateBound(trials)
      assert.ok(Math.abs(Math.exp(trials * Math.log1p(-bound)) - 0.05) < 1e-9, String(trials))
      assert.ok(ruleOfThree(trials) >= bound)
    }
    assert.equal(exactRateBound(0), 1)
  })
})
