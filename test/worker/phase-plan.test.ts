import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { nextCutUs, phaseTimes, type PhaseTimes } from '../../src/worker/phase-plan.ts'

function cutsOf(phases: PhaseTimes): number[] {
  const cuts: number[] = []
  for (let next = nextCutUs(phases, -Infinity); next !== Infinity; next = nextCutUs(phases, next)) cuts.push(next)
  return cuts
}

describe('where intervals are cut', () => {
  test('at whole seconds since the common start and at the ends of phases, each once', () => {
    const startUs = 7_000_123.5
    const phases = { startUs, measureFromUs: startUs + 1_500_000, measureToUs: startUs + 4_000_000 }
    assert.deepEqual(
      cutsOf(phases).map((cutUs) => (cutUs - startUs) / 1e6),
      [1, 1.5, 2, 3, 4],
    )
  })

  test('never before the start, and never beyond the end of the measurement', () => {
    const phases = { startUs: 10e6, measureFromUs: 10e6, measureToUs: 10.4e6 }
    assert.deepEqual(cutsOf(phases), [10.4e6])
    assert.equal(nextCutUs(phases, 10.4e6), Infinity)
    assert.equal(nextCutUs({ startUs: 0, measureFromUs: 0, measureToUs: 0 }, -5), Infinity)
  })

  test('whatever fraction of a microsecond the start has', () => {
    const anyUs = (max: number) => fc.double({ min: 0, max, noNaN: true })
    fc.assert(
      fc.property(
        anyUs(1e10),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 30 }),
        (startUs, warmup, end) => {
          const phases = { startUs, measureFromUs: startUs + warmup * 1e6, measureToUs: startUs + (warmup + end) * 1e6 }
          assert.deepEqual(
            cutsOf(phases),
            Array.from({ length: warmup + end }, (_, second) => startUs + (second + 1) * 1e6),
          )
        },
      ),
      { numRuns: 4_000, seed: 1 },
    )
  })

  test('once at the end of the measurement, and one second long each, whenever the cell could start', () => {
    const anyStartUs = fc.oneof(
      fc.double({ min: 0, max: 2e7, noNaN: true }),
      fc.double({ min: 0, max: 1e10, noNaN: true }),
    )
    const seconds = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(anyStartUs, seconds, seconds, (earliestUs, warmup, measured) => {
        const phases = phaseTimes(earliestUs, warmup, measured)
        assert.ok(phases.startUs >= earliestUs && phases.startUs <= earliestUs + 1)
        assert.deepEqual(
          cutsOf(phases).map((cutUs) => cutUs - phases.startUs),
          Array.from({ length: warmup + measured }, (_, second) => (second + 1) * 1e6),
        )
        assert.equal((phases.measureToUs - phases.measureFromUs) / 1e6, measured)
      }),
      { numRuns: 4_000, seed: 1 },
    )
  })

  test('at whole microseconds, however seconds are rounded: 4.1 times a million is a hair below 4,100,000', () => {
    assert.deepEqual(phaseTimes(0.5, 4.1, 2.05), { startUs: 1, measureFromUs: 4_100_001, measureToUs: 6_150_001 })
  })

  test('after hours as exactly as at the beginning', () => {
    const phases = { startUs: 5_000_000.25, measureFromUs: 15_000_000.25, measureToUs: 36_005_000_000.25 }
    const cuts = cutsOf(phases)
    assert.equal(cuts.length, 36_000)
    assert.equal(cuts[17_999], 5_000_000.25 + 18_000e6)
  })
})
