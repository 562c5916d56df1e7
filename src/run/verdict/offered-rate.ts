import type { CellEvidence } from './evidence.ts'
import { none, type Finding } from './finding.ts'

/** Sent may fall short of offered by so much (R1.6). */
const OFFERED_SHORTFALL_MAX = 0.01

/** What came due has left (R1.6). */
export function slots({ offeredMeasured, missedSlots, missedWhileBlocked }: CellEvidence): Finding {
  const limit = Math.floor(offeredMeasured * OFFERED_SHORTFALL_MAX)
  if (missedSlots <= limit) return { check: 'offered-rate', kind: 'invalid', reasons: [] }
  const text = missedWhileBlocked
    ? `${missedSlots} of ${offeredMeasured} scheduled messages never left because the broker held the producers back: the rate is above what it carries`
    : `${missedSlots} of ${offeredMeasured} scheduled messages never left: the generator was too slow for the rate`
  const code = missedWhileBlocked ? 'unsustainable-rate' : 'missed-slots'
  return {
    check: 'offered-rate',
    kind: missedWhileBlocked ? 'unsustainable' : 'invalid',
    reasons: [{ code, text, figure: missedSlots, limit }],
  }
}

/** Nothing that came due was left out on purpose: what was left out waited in no latency (R1.4). */
export function skippedSlots({ skippedSlots: skipped }: CellEvidence): Finding {
  const text =
    'scheduled messages were left out (load.catchUp: skip) while earlier ones waited, so no latency counts them'
  return { check: 'skipped-slots', kind: 'invalid', reasons: none(skipped, 'skipped-slots', text) }
}
