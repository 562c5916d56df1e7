/** R8.4: the schedule holds as many messages as rate and time say, whenever it starts and however many workers walk it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { scheduleOf } from '../../src/pacing/schedule-of.ts'
import { OwnSlots } from '../../src/worker/own-slots.ts'
import { phaseTimes, type PhaseTimes } from '../../src/worker/phase-plan.ts'
import { Producer } from '../../src/worker/producer.ts'
import type { Arrivals } from '../../src/workload/workload.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'

/** A cell whose slots are counted. */
interface Walk {
  readonly arrivals?: Arrivals
  readonly ratePerSecond: number
  readonly producers: number
  readonly workers: number
  readonly traceUs?: Float64Array
}

/** Slots that come due before the end of the measurement: of the warm-up and of the measured time, over all workers. */
function slotsOf(phases: PhaseTimes, walk: Walk): { readonly warmup: number; readonly measured: number } {
  const { arrivals = CONSTANT_RATE.arrivals, ratePerSecond, producers, workers, traceUs = null } = walk
  const { startUs, measureFromUs, measureToUs } = phases
  const found = { warmup: 0, measured: 0 }
  for (let worker = 0; worker < workers; worker++) {
    const own = Array.from({ length: producers }, (_, index) => new Producer(index, 1)).filter(
      ({ index }) => index % workers === worker,
    )
    const schedule = scheduleOf(
      { ...CONSTANT_RATE, model: 'open', arrivals, ratePerSecond, inFlight: 1 },
      {
        producers,
        warmupSeconds: (measureFromUs - startUs) / 1e6,
        measureSeconds: (measureToUs - measureFromUs) / 1e6,
        traceUs,
      },
    )
    const slots = new OwnSlots(schedule, startUs, own)
    while (slots.atUs < measureToUs) {
      found[slots.atUs < measureFromUs ? 'warmup' : 'measured']++
      slots.advance()
    }
  }
  return found
}

/** The first cell of a run starts within seconds of the epoch, later ones hours after it. */
const anyStartUs = fc.oneof(
  fc.double({ min: 0, max: 3e6, noNaN: true }),
  fc.double({ min: 0, max: 1e8, noNaN: true }),
  fc.double({ min: 0, max: 1e10, noNaN: true }),
)
const anyCrew = fc
  .record({ producers: fc.integer({ min: 1, max: 7 }), workers: fc.integer({ min: 1, max: 4 }) })
  .map(({ producers, workers }) => ({ producers, workers: Math.min(producers, workers) }))
const anySeconds = fc.integer({ min: 0, max: 6 })

describe('R8.4: the slots of a cell, over all workers', () => {
  test('at a whole rate are rate times seconds, in the warm-up and in the measured time, to the message', () => {
    const anyRate = fc.integer({ min: 1, max: 3_000 })
    fc.assert(
      fc.property(
        anyStartUs,
        anyRate,
        anySeconds,
        anySeconds,
        anyCrew,
        (startUs, ratePerSecond, warmup, measure, crew) => {
          const found = slotsOf(phaseTimes(startUs, warmup, measure), { ratePerSecond, ...crew })
          assert.deepEqual(found, { warmup: ratePerSecond * warmup, measured: ratePerSecond * measure })
        },
      ),
      { numRuns: 400, seed: 1 },
    )
  })

  test('at any rate are within one of rate times seconds', () => {
    const anyRate = fc.double({ min: 0.1, max: 3_000, noNaN: true })
    fc.assert(
      fc.property(
        anyStartUs,
        anyRate,
        anySeconds,
        anySeconds,
        anyCrew,
        (startUs, ratePerSecond, warmup, measure, crew) => {
          const found = slotsOf(phaseTimes(startUs, warmup, measure), { ratePerSecond, ...crew })
          assert.ok(Math.abs(found.warmup - ratePerSecond * warmup) <= 1, `${found.warmup}`)
          assert.ok(Math.abs(found.measured - ratePerSecond * measure) <= 1, `${found.measured}`)
        },
      ),
      { numRuns: 400, seed: 1 },
    )
  })

  test('in 60 s at 3,333.3/s after 5 s of it are 199,998 and one at most, whenever they start', () => {
    for (const startUs of [0.3, 312_345.678, 1_999_999.999, 61_000_000.1, 9_876_543_210.123]) {
      const { measured } = slotsOf(phaseTimes(startUs, 5, 60), { ratePerSecond: 3_333.3, producers: 7, workers: 3 })
      assert.ok(Math.abs(measured - 199_998) <= 1, `${measured} from ${startUs}`)
    }
  })

  test('of a curve begin with the measured time and not a message before it', () => {
    const curves: readonly (readonly [Arrivals, number])[] = [
      [{ kind: 'ramp', toPerSecond: 3_000 }, 10_000],
      [
        {
          kind: 'steps',
          steps: [
            { ratePerSecond: 1_000, seconds: 2 },
            { ratePerSecond: 500, seconds: 1 },
          ],
        },
        3_500,
      ],
      [{ kind: 'trace', path: 'given' }, 3],
    ]
    // 4.1 times a million is a hair below 4,100,000.
    const anyWarmup = fc.constantFrom(0, 1, 2, 0.3, 1.1, 4.1)
    fc.assert(
      fc.property(
        anyStartUs,
        anyWarmup,
        anyCrew,
        fc.constantFrom(...curves),
        (startUs, warmup, crew, [arrivals, due]) => {
          const traceUs = Float64Array.of(0, 1e6, 4_999_999)
          const found = slotsOf(phaseTimes(startUs, warmup, 5), { arrivals, ratePerSecond: 1_000, traceUs, ...crew })
          assert.deepEqual(found, { warmup: Math.round(1_000 * warmup), measured: due })
        },
      ),
      { numRuns: 600, seed: 1 },
    )
  })
})
