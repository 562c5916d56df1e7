/** R1.5: lag of our own is told from lag that the broker caused, and condemns the cell. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CellEvidence } from '../../src/run/verdict/evidence.ts'
import { generatorLag } from '../../src/run/verdict/generator-lag.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell, type VirtualOutcome } from './virtual-cell.ts'

const LOAD = { ...CONSTANT_RATE, ratePerSecond: 2_000, inFlight: 1_000_000 } as const

function codesOf({ latencyUs }: VirtualOutcome): string[] {
  return generatorLag({ latencyUs } as CellEvidence).reasons.map(({ code }) => code)
}

describe('R1.5: a worker', () => {
  test('that computes for 50 ms of every 500 has a generator lag of 45 ms at p99 and an invalid cell', async () => {
    const outcome = await runVirtualCell({ load: LOAD, busy: { forMs: 50, everyMs: 500 } })
    const lag = outcome.latencyUs.sendLag ?? assert.fail('an open model has a send lag')
    assert.ok(Math.abs((lag.generator.p99 ?? NaN) - 45_000) < 0.01 * 45_000, `${String(lag.generator.p99)} us`)
    assert.equal(lag.blocked.max, 0)
    assert.deepEqual(codesOf(outcome), ['generator-lag', 'generator-lag'])
    assert.equal(generatorLag({ latencyUs: outcome.latencyUs } as CellEvidence).kind, 'invalid')
  })

  test('that the broker holds back for 500 ms of every 5 s has none, and nothing is said against the cell', async () => {
    const outcome = await runVirtualCell({
      load: { ...LOAD, inFlight: 1 },
      faults: { stallMs: '500', stallEveryMs: '5000' },
    })
    const lag = outcome.latencyUs.sendLag ?? assert.fail('an open model has a send lag')
    assert.ok((lag.blocked.p99 ?? 0) > 400_000)
    assert.ok((lag.generator.p99 ?? NaN) < 2_000)
    assert.deepEqual(codesOf(outcome), [])
  })
})
