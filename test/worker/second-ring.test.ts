import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SecondRing, threadSecondsOf, type ThreadSecond } from '../../src/worker/second-ring.ts'

function second(fromSeconds: number, changes: Partial<ThreadSecond> = {}): ThreadSecond {
  return {
    fromSeconds,
    toSeconds: fromSeconds + 1,
    eventLoopDelayP99Ms: 0.5,
    eventLoopDelayMaxMs: 2,
    eventLoopBusyPercent: 40,
    threadCpuPercent: 35,
    gcPauseMaxMs: 0,
    gcPauseTotalMs: 0,
    ...changes,
  }
}

describe('the seconds that a worker keeps', () => {
  test('come back as they were, unknown figures too', () => {
    const ring = new SecondRing()
    const seconds = [second(0), second(1, { eventLoopDelayP99Ms: null, threadCpuPercent: null })]
    for (const one of seconds) ring.push(one)
    assert.deepEqual(threadSecondsOf(ring.toRows()), seconds)
  })

  test('none make no row', () => {
    assert.deepEqual(threadSecondsOf(new SecondRing().toRows()), [])
  })

  test('are the latest ones where there are more than fit, in order', () => {
    const ring = new SecondRing(600)
    for (let at = 0; at < 1_450; at++) ring.push(second(at))
    const kept = threadSecondsOf(ring.toRows()).map(({ fromSeconds }) => fromSeconds)
    assert.deepEqual(
      kept,
      Array.from({ length: 600 }, (_, place) => 850 + place),
    )
  })

  test('are all there where they just fit', () => {
    for (const kept of [1, 512, 600]) {
      const ring = new SecondRing(kept)
      for (let at = 0; at < kept; at++) ring.push(second(at))
      assert.equal(threadSecondsOf(ring.toRows()).length, kept)
    }
  })
})
