import type { CellEvidence } from './evidence.ts'
import { none, reason, type Finding } from './finding.ts'

/** What the ledger says of the messages (method.md R6.3, R6.5). */
export function ledgerChecks({ integrity, confirm }: CellEvidence): Finding[] {
  const judgeDelivery = confirm ? 'invalid' : 'valid'
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
      kind: judgeDelivery,
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
      kind: 'valid',
      reasons: none(integrity.duplicated, 'duplicated', 'messages were delivered more than once'),
    },
    {
      check: 'late',
      kind: 'valid',
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
