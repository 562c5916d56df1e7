/** R2.5: a latency below zero is never dropped, clamped or made positive: it is counted, and condemns the cell. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exitCodeOfCampaign } from '../../src/cli/exit-code-of.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import type { Result, Verdict } from '../../src/result/result.ts'
import { integrityOf } from '../../src/run/cell-result.ts'
import { judge } from '../../src/run/verdict/judge.ts'
import { PLAIN_DELIVERY } from '../support/delivery-plan.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell, type VirtualOutcome } from './virtual-cell.ts'

const LOADS = {
  open: { ...CONSTANT_RATE, ratePerSecond: 2_000, inFlight: 1_000 },
  closed: { model: 'closed', inFlight: 5 },
} as const
const SERVICE = { serviceMicros: '300' }

function verdictOf(outcome: VirtualOutcome, isOpen: boolean): Verdict {
  const { totals, reconciliation, latencyUs } = outcome
  return judge({
    failure: null,
    interrupted: false,
    isOpen,
    hasConsumers: true,
    hasProducers: true,
    confirm: true,
    promise: PLAIN_DELIVERY,
    integrity: integrityOf(totals, reconciliation, true, {}, PLAIN_DELIVERY, true),
    latencyUs,
    measuredMessages: totals.deliveredMeasured,
    offeredMeasured: totals.offeredMeasured,
    offered: totals.offered,
    missedSlots: 0,
    constantRatePerSecond: null,
    skippedSlots: 0,
    intervals: [],
    measureSeconds: 5,
    profile: null,
    isEmbedded: false,
    closedLoop: null,
    littlesLaw: null,
    threadBusyPercentMax: null,
    missedWhileBlocked: false,
    floor: null,
    handledPerSecond: null,
    clockProof: null,
    eventLoopDelayP99Ms: null,
    gcPauseMaxMs: null,
    stealPercent: null,
    hostIdlePercent: null,
    hostCores: 2,
    spinningThreads: 0,
    coLocated: true,
  })
}

function exitCodeOf(verdict: Verdict): number {
  const result = { cells: [{ verdict }] } as unknown as Result
  return exitCodeOfCampaign({ result, folder: '/x', interrupted: false, unusableTargets: [] })
}

describe('a consumer whose clock is 2 ms behind', () => {
  for (const model of ['open', 'closed'] as const) {
    test(`makes every latency of the ${model} model a negative one, the cell invalid by clock, and the exit code 3`, async () => {
      const outcome = await runVirtualCell({ load: LOADS[model], faults: SERVICE, consumerClockAheadUs: -2_000 })
      const { reconciliation, latencyUs } = outcome
      assert.ok(reconciliation.received > 1_000)
      assert.equal(latencyUs.endToEnd?.service?.negative, reconciliation.received)
      assert.equal(latencyUs.endToEnd.service.count, 0)
      assert.equal(latencyUs.endToEnd.response?.negative ?? null, model === 'open' ? reconciliation.received : null)
      assert.equal(latencyUs.publish?.service?.negative, 0)
      const verdict = verdictOf(outcome, model === 'open')
      assert.equal(verdict.kind, 'invalid')
      assert.deepEqual(
        verdict.reasons.map(({ code, figure }) => [code, figure]),
        [['clock', reconciliation.received]],
      )
      assert.equal(exitCodeOf(verdict), EXIT.invalidMeasurement)
    })
  }

  test('is told from one that is right', async () => {
    const outcome = await runVirtualCell({ load: LOADS.open, faults: SERVICE })
    assert.equal(outcome.latencyUs.endToEnd?.service?.negative, 0)
    assert.equal(exitCodeOf(verdictOf(outcome, true)), EXIT.fine)
  })
})
