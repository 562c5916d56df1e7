import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Latency } from '../../../src/result/result.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import { belowFloor, nearCeiling } from '../../../src/run/verdict/floor.ts'
import { latency } from '../../report/result-builder.ts'
import { floor } from './good-evidence.ts'

type Evidence = Pick<CellEvidence, 'floor' | 'latencyUs' | 'handledPerSecond' | 'isOpen'>

function evidence(endToEnd: Latency | null, changes: Partial<Evidence> = {}): Evidence {
  return {
    isOpen: false,
    latencyUs: {
      endToEnd: endToEnd === null ? null : { response: null, service: endToEnd },
      publish: { response: null, service: latency(150) },
      sendLag: null,
    },
    floor,
    handledPerSecond: 6_000,
    ...changes,
  }
}

describe('a median below twice the floor', () => {
  test('is flagged with both figures, and condemns nothing', () => {
    const { check, kind, reasons } = belowFloor(evidence(latency(399)))
    assert.deepEqual([check, kind], ['floor', 'valid'])
    assert.deepEqual(
      reasons.map(({ code, figure, limit }) => [code, figure, limit]),
      [['below-floor', 399, 400]],
    )
    assert.match(reasons[0]?.text ?? '', /399 us is below twice the floor of 200 us/)
  })

  test('far below the floor itself says that the floor is wrong, not that the harness was measured', () => {
    assert.match(belowFloor(evidence(latency(101))).reasons[0]?.text ?? '', /may be the harness/)
    const [reason] = belowFloor(evidence(latency(99))).reasons
    assert.equal(reason?.code, 'below-floor')
    assert.match(reason.text, /99 us is far below the floor of 200 us, which cannot be: .* calibrate --force/)
  })

  test('is not flagged at twice the floor, nor without a latency or a floor of it', () => {
    assert.deepEqual(belowFloor(evidence(latency(400))).reasons, [])
    assert.deepEqual(belowFloor(evidence(null)).reasons, [])
    assert.deepEqual(belowFloor(evidence(latency(1), { floor: { ...floor, p50Us: null } })).reasons, [])
  })

  test('is of publishing where the floor is', () => {
    const { reasons } = belowFloor(evidence(null, { floor: { ...floor, metric: 'publish', p50Us: 100 } }))
    assert.deepEqual([reasons[0]?.figure, reasons[0]?.limit], [150, 200])
  })
})

describe('a rate over 60 % of the ceiling', () => {
  test('is flagged: a closed cell may be bound by the generator, an open one by its lag', () => {
    const closed = nearCeiling(evidence(null, { handledPerSecond: 6_001 }))
    assert.deepEqual([closed.check, closed.kind, closed.reasons[0]?.code], ['ceiling', 'valid', 'near-ceiling'])
    assert.match(closed.reasons[0]?.text ?? '', /60 % of the 10000 .* the generator that limits this cell and not the/)
    const open = nearCeiling(evidence(null, { handledPerSecond: 9_000, isOpen: true }))
    assert.match(open.reasons[0]?.text ?? '', /90 % of the 10000 .* its lag is likely/)
  })

  test('is not flagged at 60 %', () => {
    assert.deepEqual(nearCeiling(evidence(null)).reasons, [])
    assert.deepEqual(nearCeiling(evidence(null, { handledPerSecond: null })).reasons, [])
  })
})
