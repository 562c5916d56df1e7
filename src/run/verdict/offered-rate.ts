import type { CellEvidence } from './evidence.ts'
import { none, type Finding } from './finding.ts'
import { lagLimitsUs } from './generator-lag.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

/** Sent may fall short of offered by so much (R1.6). */
const OFFERED_SHORTFALL_MAX = 0.01
/** Where nobody was held back for longer, no second can have lost more than that to the broker. */
const BLOCKED_MAX_US = 10_000

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

/**
 * In each second as many left as came due by the schedule. Asked of a constant rate, and only where the broker held nobody
 * back: what it does hold back leaves later, and that is not the generator's fault. What the limit of the lag allows to
 * leave late, and a single message, are no shortfall.
 */
export function sendRateSeconds({ latencyUs, constantRatePerSecond: rate }: CellEvidence): readonly SecondLimit[] {
  if (rate === null || (latencyUs.sendLag?.blocked.max ?? 0) > BLOCKED_MAX_US) return []
  return [
    secondLimit({
      code: 'send-rate',
      what: 'fewer messages left than came due',
      limit: Math.max(OFFERED_SHORTFALL_MAX, lagLimitsUs({ latencyUs }).p999 / 1e6),
      figureOf: ({ seconds, skipped, sent }) => {
        const due = rate * seconds - (skipped ?? 0)
        return due - sent <= 1 ? 0 : (due - sent) / due
      },
      text: (share) => `${(share * 100).toFixed(1)} %`,
    }),
  ]
}
