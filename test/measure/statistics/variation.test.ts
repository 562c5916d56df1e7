import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  coefficientOfVariation,
  minimumDetectableEffect,
  runsNeeded,
  variationOf,
} from '../../../src/measure/statistics/variation.ts'

describe('R3.6: variation', () => {
  test('is the standard deviation over the mean', () => {
    assert.equal(coefficientOfVariation([9, 10, 11]), 0.1)
    assert.equal(coefficientOfVariation([5]), null)
    assert.equal(coefficientOfVariation([0, 0]), null)
  })

  test('R3.6 over runs above 5 % is noisy, whatever it is over seconds', () => {
    const steady = variationOf([
      [80, 120, 100],
      [81, 121, 101],
    ])
    assert.equal(steady.noisy, false)
    assert.ok((steady.overSeconds ?? 0) > 0.19 && (steady.overRuns ?? 1) < 0.01, JSON.stringify(steady))
    const noisy = variationOf([
      [100, 100],
      [110, 110],
    ])
    assert.equal(noisy.noisy, true)
    assert.equal(noisy.overSeconds, 0)
    assert.deepEqual(variationOf([[100, 100]]), { overSeconds: 0, overRuns: null, noisy: false })
  })
})

describe('R3.5: the minimum detectable effect', () => {
  test('R3.5 is that of the table: CV 2 % gives 3.5, 2.5 and 1.8 %, CV 5 % gives 8.9, 6.3 and 4.4 %', () => {
    const row = (cv: number) => [5, 10, 20].map((runs) => (100 * minimumDetectableEffect(cv, runs)).toFixed(1))
    assert.deepEqual(row(0.02), ['3.5', '2.5', '1.8'])
    assert.deepEqual(row(0.05), ['8.9', '6.3', '4.4'])
  })

  test('R3.5 CV 5 % and a wish of 5 % need 16 runs per side', () => {
    assert.equal(runsNeeded(0.05, 0.05), 16)
    assert.equal(runsNeeded(0.001, 0.05), 2)
  })
})
