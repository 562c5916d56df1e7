import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FlightArea } from '../../../src/measure/flight-integral.ts'
import {
  closedLoopSplit,
  isResolved,
  lawHolds,
  littleCheck,
  type FlownLatencies,
  type LittleCheck,
} from '../../../src/measure/statistics/littles-law.ts'

const LOAD_US = 10e6
/** 50 in flight for 10 s, exactly. */
const area: FlightArea = { readings: 1_000, areaUs: 50 * LOAD_US, errorUs: 0 }

/** 1,000/s for 10 s that take so long each. */
function flown(latencyMs: number): FlownLatencies {
  return { count: 10_000, sumUs: 10_000 * latencyMs * 1_000 }
}

function checkOf(of: FlightArea, latencies: FlownLatencies, earlyUs = 0): LittleCheck {
  return littleCheck(of, latencies, LOAD_US, earlyUs) ?? assert.fail('no check')
}

describe("R5.6: Little's law of a closed loop", () => {
  test('R5.6 the prototype with 32 in flight spent 40 % of each cycle in the client and was generator-bound', () => {
    const split = closedLoopSplit(32, 65_700, 0.29)
    assert.ok(split !== null)
    assert.equal(split.cycleMs.toFixed(2), '0.49')
    assert.equal(split.clientMs.toFixed(2), '0.20')
    assert.equal(Math.round(split.clientShare * 100), 40)
    assert.equal(split.generatorBound, true)
  })

  test('a closed loop whose time is the broker is not generator-bound', () => {
    assert.equal(closedLoopSplit(32, 65_700, 0.47)?.generatorBound, false)
    assert.equal(closedLoopSplit(32, 65_700, 0.6)?.clientMs, 0)
    assert.equal(closedLoopSplit(32, 0, 0.29), null)
  })
})

describe("R5.6: Little's law of an open model", () => {
  test('R5.6 holds within 10 % and fails beyond, on either side', () => {
    const exact = checkOf(area, flown(50))
    assert.equal(exact.inFlightMean, 50)
    assert.equal(exact.expectedInFlight, 50)
    assert.deepEqual([exact.deviation, exact.uncertainty, exact.limit], [0, 0, 0.1])
    assert.equal(lawHolds(checkOf(area, flown(46))), true)
    assert.equal(lawHolds(checkOf(area, flown(44))), false)
    assert.equal(lawHolds(checkOf(area, flown(57))), false)
  })

  test('allows 1 ms where that is more than 10 % of the latency', () => {
    const quick = checkOf({ ...area, areaUs: 5 * LOAD_US }, flown(4.1))
    assert.equal(quick.limit.toFixed(3), (1 / 4.1).toFixed(3))
    assert.equal(lawHolds(quick), true)
  })

  test('says nothing of a cell in which nothing flew', () => {
    assert.equal(littleCheck(area, flown(0), LOAD_US, 0), null)
    assert.equal(littleCheck(area, flown(50), 0, 0), null)
  })

  test('asks no more than the readings can tell', () => {
    const wide = checkOf({ ...area, errorUs: 0.06 * area.areaUs }, flown(44))
    assert.equal(wide.uncertainty.toFixed(4), '0.0600')
    assert.deepEqual([isResolved(wide), lawHolds(wide)], [true, true])
    assert.equal(isResolved(checkOf({ ...area, errorUs: 0.11 * area.areaUs }, flown(50))), false)
  })

  test('takes how long the first messages had been flying for unknown', () => {
    const early = checkOf({ ...area, areaUs: 45 * LOAD_US }, flown(50), 0.2 * 50 * LOAD_US)
    assert.equal(early.deviation, 0)
    assert.equal(early.uncertainty.toFixed(3), '0.111')
  })
})
