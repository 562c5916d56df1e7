/** R2.7, with clocks that are made up. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WallClockWatch } from '../../src/run/wall-clock-watch.ts'

/** Looks once a second while the wall clock is set by `stepsMs`, one each second, and drifts by 500 parts in a million. */
function stepSeen(stepsMs: readonly number[], pausesUs: readonly number[] = []): number | null {
  let nowUs = 0
  let setByMs = 0
  let read = 0
  const wallMs = (): number => {
    const atUs = nowUs
    nowUs += pausesUs[read++] ?? 0
    return Math.floor((atUs * 1.0005) / 1_000 + 1_763_000_000_000 + setByMs)
  }
  const watch = new WallClockWatch(() => (nowUs += 0.1), wallMs)
  for (const stepMs of stepsMs) {
    nowUs += 1_000_000
    setByMs += stepMs
    watch.look()
  }
  return watch.stepMs
}

function assertNear(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) <= 2, String(actual))
}

describe('R2.7: the wall clock', () => {
  test('is left alone while NTP slews it', () => {
    assert.equal(stepSeen(new Array<number>(60).fill(0)), null)
  })

  test('is seen to be set forward, and back', () => {
    assertNear(stepSeen([0, 1_000, 0]), 1_000)
    assertNear(stepSeen([0, -40, 0]), -40)
    assertNear(stepSeen([8]), 8)
  })

  test('may be set by less than 5 ms unseen', () => {
    assert.equal(stepSeen([3, 0, -3]), null)
  })

  test('has its largest step told, also when another one takes it back', () => {
    assertNear(stepSeen([20, -300, 280]), -300)
  })

  test('is not set by a pause of the reader between the two clocks', () => {
    assert.equal(stepSeen([0, 0], [0, 0, 0, 0, 0, 50_000, 0, 0, 0, 50_000]), null)
  })
})
