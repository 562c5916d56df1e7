import type { CellEvidence } from './evidence.ts'
import type { VerdictKind } from '../../result/result.ts'
import { forbids, type BrokenPromise } from '../guarantee.ts'
import { none, reason, type Finding } from './finding.ts'

/** What the ledger says of the messages (method.md R6.3, R6.5). */
export function ledgerChecks({ integrity, confirm, promise }: CellEvidence): Finding[] {
  const kindOf = (what: BrokenPromise): VerdictKind => (forbids(promise, what) ? 'invalid' : 'valid')
  return [
    {
      check: 'drained',
      kind: 'indeterminate',
      reasons: integrity.drained
        ? []
        : [
            reason(
              'not-drained',
              `${integrity.indeterminate} messages were still missing when the drain's time was up`,
              integrity.indeterminate,
            ),
          ],
    },
    {
      check: 'lossy',
      kind: kindOf('lossy'),
      reasons: none(
        integrity.lost,
        'lossy',
        confirm
          ? 'messages were confirmed and never delivered'
          : 'messages were sent without confirms and never delivered',
      ),
    },
    {
      check: 'duplicated',
      kind: kindOf('duplicated'),
      reasons: none(integrity.duplicated, 'duplicated', 'messages were delivered more than once'),
    },
    {
      check: 'aborted',
      kind: kindOf('aborted'),
      reasons: none(integrity.aborted, 'aborted', 'messages were refused by the broker and delivered all the same'),
    },
    {
      check: 'late',
      kind: kindOf('late'),
      reasons: none(integrity.late, 'late', 'messages were delivered after a younger one of their producer'),
    },
    {
      check: 'unexpected',
      kind: 'invalid',
      reasons: none(
        integrity.unexpected,
        'unexpected',
        'messages were not of this cell: old data in the destination, or somebody else publishes to it',
      ),
    },
    {
      check: 'corrupt',
      kind: 'invalid',
      reasons: none(integrity.corrupt, 'corrupt', 'messages came with other bytes than were sent'),
    },
  ]
}

/** The broker took what it was given. */
export function refusals({ integrity }: CellEvidence): Finding {
  const codes = Object.entries(integrity.refusals).map(([code, count]) => `${code} (${count})`)
  const text = `messages were refused by the broker: ${codes.join(', ')}`
  return { check: 'refused', kind: 'invalid', reasons: none(integrity.refused, 'refused', text) }
}
