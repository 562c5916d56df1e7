/** The declared guarantee is judged by the ledger: what the stub does against what was promised (method.md R6.4). */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { integrityOf } from '../../src/run/cell-result.ts'
import { ledgerChecks } from '../../src/run/verdict/ledger.ts'
import type { CellEvidence } from '../../src/run/verdict/evidence.ts'
import { GUARANTEES } from '../../src/workload/workload.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { runVirtualCell, type VirtualOutcome } from './virtual-cell.ts'

/** What the stub does, and which of the guarantees it breaks; `ordered` is asked for beside each of them. */
const BEHAVIOURS = {
  'does nothing wrong': { faults: {}, breaks: [], order: true },
  'drops confirmed messages': { faults: { dropEvery: '100' }, breaks: ['at-least-once', 'exactly-once'], order: true },
  'duplicates messages': { faults: { duplicateEvery: '100' }, breaks: ['at-most-once', 'exactly-once'], order: true },
  'drops and duplicates messages': {
    faults: { dropEvery: '100', duplicateEvery: '70' },
    breaks: ['at-most-once', 'at-least-once', 'exactly-once'],
    order: true,
  },
  'delivers messages out of order': { faults: { reorderEvery: '100', reorderBy: '5' }, breaks: [], order: false },
  'loses messages that it never confirmed': { faults: { loseUnconfirmed: '100' }, breaks: [], order: true },
  'is late with everything': { faults: { serviceMicros: '400' }, breaks: [], order: true },
  stalls: { faults: { stallMs: '200', stallEveryMs: '1000' }, breaks: [], order: true },
} as const

describe('R6.4: a broker that', () => {
  for (const [behaviour, { faults, breaks, order }] of Object.entries(BEHAVIOURS)) {
    describe(behaviour, () => {
      let outcome: VirtualOutcome
      before(async () => {
        outcome = await runVirtualCell({
          load: { ...CONSTANT_RATE, ratePerSecond: 2_000, inFlight: 1_000_000 },
          faults,
        })
      })

      const verdictOn = (promise: CellEvidence['promise']) => {
        const integrity = integrityOf(outcome.totals, outcome.reconciliation, true, {}, promise, true)
        const evidence = { integrity, promise, confirm: true } as CellEvidence
        const isInvalid = ledgerChecks(evidence).some(({ kind, reasons }) => kind === 'invalid' && reasons.length > 0)
        return { isInvalid, judgement: integrity.guarantee ?? assert.fail('nothing was judged') }
      }

      for (const guarantee of GUARANTEES) {
        const isBroken = (breaks as readonly string[]).includes(guarantee)
        test(`${isBroken ? 'breaks' : 'keeps'} ${guarantee}`, () => {
          const { isInvalid, judgement } = verdictOn({ guarantee, ordered: false })
          assert.equal(judgement.kept, !isBroken)
          assert.equal(isInvalid, isBroken)
          assert.equal(judgement.brokenPerMillionMax === null, isBroken)
        })
      }

      test(`${order ? 'keeps' : 'breaks'} the order`, () => {
        const { isInvalid, judgement } = verdictOn({ guarantee: 'none', ordered: true })
        assert.equal(judgement.kept, order)
        assert.equal(isInvalid, !order)
      })
    })
  }

  test('is clean for 10,000 messages is proved only below 300 in a million, at 95 %: the 3/N bound', async () => {
    const { totals, reconciliation } = await runVirtualCell({
      load: { ...CONSTANT_RATE, ratePerSecond: 2_000, inFlight: 1_000_000 },
    })
    const promise = { guarantee: 'exactly-once', ordered: true } as const
    const { guarantee } = integrityOf(totals, reconciliation, true, {}, promise, true)
    assert.equal(guarantee?.messages, 10_000)
    assert.ok(Math.abs((guarantee.brokenPerMillionMax ?? 0) - 299.5) < 0.2, String(guarantee.brokenPerMillionMax))
  })
})
