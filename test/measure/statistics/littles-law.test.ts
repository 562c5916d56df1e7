import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { closedLoopSplit, littleCheck, meanInFlight } from '../../../src/measure/statistics/littles-law.ts'

describe("R5.6: Little's law", () => {
  test('R5.6 the prototype with 32 in flight spent 40 % of each cycle in the client and was generator-bound', () => {
    const split = closedLoopSplit(32, 65_700, 0.29)
    assert.ok(split !== null)
    assert.equal(split.cycleMs.toFixed(2), '0.49')
    assert.equal(split.clientMs.toFixed(2), '0.20')
    assert.equal(Math.round(split.clientShare * 100), 40)
    assert.equal(split.generatorBound, true)
    assert.equal(Math.round(littleCheck(32, 65_700, 0.29).expected), 19)
  })

  test('a closed loop whose time is the broker is not generator-bound', () => {
    assert.equal(closedLoopSplit(32, 65_700, 0.47)?.generatorBound, false)
    assert.equal(closedLoopSplit(32, 65_700, 0.6)?.clientMs, 0)
    assert.equal(closedLoopSplit(32, 0, 0.29), null)
  })

  test('R5.6 the mean in flight is the time integral of sent less received', () => {
    const steady = Array.from({ length: 11 }, (_, second) => ({ sent: 1_000 * second + 50, received: 1_000 * second }))
    assert.equal(meanInFlight(steady), 50)
    const growing = Array.from({ length: 11 }, (_, second) => ({ sent: 100 * second, received: 90 * second }))
    assert.equal(meanInFlight(growing), 50)
    assert.equal(meanInFlight(steady.slice(0, 1)), null)
  })

  test('R5.6 the check holds within 10 % and fails beyond, on either side', () => {
    assert.equal(littleCheck(50, 1_000, 46).holds, true)
    assert.equal(littleCheck(50, 1_000, 44).holds, false)
    assert.equal(littleCheck(50, 1_000, 57).holds, false)
    assert.equal(littleCheck(0, 0, 0).holds, true)
  })
})
