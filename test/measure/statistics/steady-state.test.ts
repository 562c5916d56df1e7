/** MSER-5 and the trend test on the four synthetic series of method.md section 3. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { laterSteadyState, steadyStateOf } from '../../../src/measure/statistics/steady-state.ts'
import { isTrending } from '../../../src/measure/statistics/trend.ts'

const POINTS = 300
const TRIALS = 1_000
const NOISE = 0.03

interface Trials {
  /** Cuts in ascending order, seconds. */
  readonly cuts: readonly number[]
  readonly reachedHalf: number
  readonly rejected: number
}

/** 300 points around `level`, 3 % noise, a thousand times. */
function trialsOf(level: (second: number) => number): Trials {
  const random = new SeededRandom(31)
  const cuts: number[] = []
  let reachedHalf = 0
  let rejected = 0
  for (let trial = 0; trial < TRIALS; trial++) {
    const series = Array.from({ length: POINTS }, (_, second) => level(second) * (1 + NOISE * random.normal()))
    const state = steadyStateOf(series)
    assert.ok(state.judged)
    cuts.push(state.cutPoints)
    if (state.inSecondHalf) reachedHalf++
    if (state.inSecondHalf || isTrending(series.slice(state.cutPoints)) === true) rejected++
  }
  return { cuts: cuts.sort((a, b) => a - b), reachedHalf, rejected }
}

/** 5 % to 95 % of the cuts lie within; the bound at half the run is hit about as rarely as method.md found. */
function assertCutsWithin({ cuts, reachedHalf, rejected }: Trials, low: number, high: number): void {
  const shown = `${cuts[50]} / ${cuts[500]} / ${cuts[949]}, half ${reachedHalf}, rejected ${rejected}`
  assert.ok((cuts[50] ?? -1) >= low && (cuts[949] ?? Infinity) <= high, shown)
  assert.ok(reachedHalf <= 0.01 * TRIALS, shown)
  assert.ok(rejected <= 0.02 * TRIALS, shown)
}

describe('R3.1: MSER-5', () => {
  test('R3.1 cuts a first minute at 80 % within 60 to 95 s', () => {
    assertCutsWithin(
      trialsOf((second) => (second < 60 ? 0.8 : 1)),
      60,
      95,
    )
  })

  test('R3.1 cuts an exponential ramp from half the rate, tau 20 s, within 50 to 110 s', () => {
    assertCutsWithin(
      trialsOf((second) => 1 - 0.5 * Math.exp(-second / 20)),
      50,
      110,
    )
  })

  test('R3.1 cuts a run without warm-up within 0 to 40 s', () => {
    assertCutsWithin(
      trialsOf(() => 1),
      0,
      40,
    )
  })

  test('R3.1 a run that drifts by 30 % is rejected in at least 99 % of trials, by the half bound or by its trend', () => {
    const { reachedHalf, rejected } = trialsOf((second) => 1 + (0.3 * second) / POINTS)
    assert.ok(rejected >= 0.99 * TRIALS, String(rejected))
    assert.ok(reachedHalf < 0.9 * TRIALS, `MSER-5 alone would not do: ${reachedHalf}`)
  })

  test('cuts nothing off a constant series', () => {
    const state = steadyStateOf(new Array<number>(100).fill(7))
    assert.deepEqual(state, { judged: true, cutPoints: 0, inSecondHalf: false })
  })
})

describe('R3.1: several series of one run', () => {
  const step = (at: number, points: number) => Array.from({ length: points }, (_, second) => (second < at ? 0.5 : 1))

  test('take the later cut', () => {
    const both = laterSteadyState([step(10, 100), step(30, 100)])
    assert.deepEqual(both, { judged: true, cutPoints: 30, inSecondHalf: false })
  })

  test('are in the second half where one of them is', () => {
    const both = laterSteadyState([Array.from({ length: 100 }, (_, second) => second), step(10, 100)])
    assert.ok(both.judged && both.inSecondHalf)
  })

  test('of a cell of 10 s are not judged, rather than called not steady', () => {
    const short = { judged: false, points: 10, needed: 50 }
    assert.deepEqual(steadyStateOf(step(5, 10)), short)
    assert.deepEqual(laterSteadyState([step(5, 100), step(5, 10)]), short)
    assert.equal(laterSteadyState([]).judged, false)
  })
})
