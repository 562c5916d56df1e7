import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FlightMoments } from '../../src/run/flight-moments.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'

const STRETCH_US = 10_000

function momentsOf(seed: number): FlightMoments {
  return new FlightMoments(5_000, STRETCH_US, new SeededRandom(seed))
}

/** The stretch of each of so many moments, each asked for at the one before. */
function inTurn(moments: FlightMoments, count: number): number[] {
  let atUs = 5_000
  return Array.from({ length: count }, () => (atUs = moments.nextUs(atUs)))
}

describe('the moments of looking', () => {
  test('are one in each stretch, and the same for the same seed', () => {
    const first = inTurn(momentsOf(7), 1_000)
    const stretches = first.map((atUs) => Math.floor((atUs - 5_000) / STRETCH_US))
    assert.deepEqual(
      stretches,
      Array.from({ length: 1_000 }, (_, stretch) => stretch),
    )
    assert.deepEqual(inTurn(momentsOf(7), 1_000), first)
    assert.notDeepEqual(inTurn(momentsOf(8), 1_000), first)
  })

  test('lie evenly within their stretches', () => {
    const within = inTurn(momentsOf(7), 10_000).map((atUs) => (atUs - 5_000) % STRETCH_US)
    for (let tenth = 0; tenth < 10; tenth++) {
      const here = within.filter((offsetUs) => Math.floor(offsetUs / 1_000) === tenth).length
      assert.ok(here > 850 && here < 1_150, `${here} in tenth ${tenth}`)
    }
  })

  test('that were slept over are left out, and none lies in the past', () => {
    const moments = momentsOf(7)
    for (const nowUs of [5_000, 44_999, 45_000, 1_000_000, 1_000_001]) {
      const atUs = moments.nextUs(nowUs)
      assert.ok(atUs > nowUs && atUs < nowUs + 3 * STRETCH_US, `${atUs} at ${nowUs}`)
    }
  })
})
