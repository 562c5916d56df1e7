import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from '../support/properties.ts'
import { after, constantRate, ramp, steps, trace } from '../../src/pacing/rate-curves.ts'
import { inTurn, type OffsetUs } from '../../src/pacing/schedule.ts'

/** Messages of a curve that are due before `seconds`. */
function dueBefore(curve: OffsetUs, seconds: number): number {
  let message = 0
  while (curve(message) < seconds * 1e6) message++
  return message
}

describe('a constant rate', () => {
  test('is a list of offsets that does not drift', () => {
    const curve = constantRate(4)
    assert.deepEqual([0, 1, 2, 3, 4_000_000].map(curve), [0, 250_000, 500_000, 750_000, 1e12])
  })

  test('R8.4: 60 s at 3,333.3/s are 199,998 messages', () => {
    assert.equal(dueBefore(constantRate(3_333.3), 60), 199_998)
  })
})

describe('a ramp', () => {
  test('sends the mean of both rates on the way, and the last one from then on', () => {
    for (const [from, to] of [
      [100, 300],
      [300, 100],
      [0.5, 1000],
    ] as const) {
      const curve = ramp(from, to, 10)
      assert.equal(dueBefore(curve, 10), Math.ceil(((from + to) / 2) * 10))
      assert.equal(dueBefore(curve, 12) - dueBefore(curve, 10), 2 * to)
    }
  })

  test('is at its middle rate in the middle', () => {
    const curve = ramp(1_000, 3_000, 10)
    assert.equal(dueBefore(curve, 5.5) - dueBefore(curve, 4.5), 2_000)
  })

  test('ends when its time is over, to the microsecond: what comes due then is no message of it', () => {
    for (const [from, to] of [
      [700, 150],
      [2_750, 550],
      [200, 1_450],
    ] as const) {
      assert.equal(ramp(from, to, 60)(((from + to) / 2) * 60), 60e6)
    }
  })

  test('between equal rates is the constant rate', () => {
    assert.equal(ramp(100, 100, 5)(250), 2.5e6)
  })
})

describe('steps', () => {
  test('are one rate after the other, the last one without an end', () => {
    const curve = steps([
      { ratePerSecond: 10, seconds: 2 },
      { ratePerSecond: 100, seconds: 1.5 },
      { ratePerSecond: 1, seconds: 1 },
    ])
    assert.deepEqual(
      [2, 3.5, 4.5, 10.5].map((seconds) => dueBefore(curve, seconds)),
      [20, 170, 171, 177],
    )
  })
})

test('a ramp that ends near zero has a time for its last message, however its square is rounded', () => {
  for (const [from, over, last] of [
    [447_876.999, 60, 13_436_310],
    [932_457.999, 3, 1_398_687],
    [932_457.999, 7, 3_263_603],
  ] as const) {
    const offsetUs = ramp(from, 0.001, over)
    const [before, at, after] = [last - 1, last, last + 1].map(offsetUs)
    assert.ok(before !== undefined && at !== undefined && after !== undefined)
    assert.ok(before <= at && at <= over * 1e6 + 1 && at < after, `${before}, ${at}, ${after}`)
  }
})

describe('a trace', () => {
  test('is sent as it was read, and ends', () => {
    const curve = trace(Float64Array.of(0, 5, 5, 9))
    assert.deepEqual([0, 1, 2, 3, 4].map(curve), [0, 5, 5, 9, Infinity])
  })
})

test('a warm-up at a constant rate comes before a curve, which then begins at its beginning', () => {
  const curve = after(2, 10, trace(Float64Array.of(7, 8)))
  assert.deepEqual([0, 19, 20, 21, 22].map(curve), [0, 1.9e6, 2e6 + 7, 2e6 + 8, Infinity])
})

test('no curve goes back in time', () => {
  const rate = fc.double({ min: 0.01, max: 1e6, noNaN: true })
  const seconds = fc.double({ min: 0.01, max: 1e4, noNaN: true })
  const stretch = fc.record({ ratePerSecond: rate, seconds })
  const curve = fc.oneof(
    rate.map(constantRate),
    fc.tuple(rate, rate, seconds).map(([from, to, over]) => ramp(from, to, over)),
    fc.array(stretch, { minLength: 1, maxLength: 5 }).map(steps),
  )
  fc.assert(
    fc.property(curve, fc.integer({ min: 0, max: 1e9 }), (offsetUs, message) => {
      const [before, later] = [offsetUs(message), offsetUs(message + 1)]
      assert.ok(before >= 0 && later >= before - before * 1e-12, `${before} then ${later}`)
    }),
    { numRuns: 20_000, seed: 1 },
  )
})

test('producers take turns, and every pass over the schedule gives the same slots', () => {
  const schedule = inTurn(constantRate(1e6), 3)
  for (const cursor of [schedule.cursor(), schedule.cursor()]) {
    const seen: [number, number][] = []
    for (let slot = 0; slot < 5; slot++) {
      seen.push([cursor.producer, cursor.atUs])
      cursor.advance()
    }
    assert.deepEqual(seen, [
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 3],
      [1, 4],
    ])
  }
})
