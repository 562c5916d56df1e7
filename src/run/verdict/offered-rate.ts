import type { CellEvidence } from './evidence.ts'
import { none, reason, type Finding } from './finding.ts'
import { lagLimitsUs } from './generator-lag.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'
import { blameText } from './unsustainable.ts'

/** In a second, sent may fall short of offered by so much (R1.6). */
const OFFERED_SHORTFALL_MAX = 0.01
/** Where nobody was held back for longer, no second can have lost more than that to the broker. */
const BLOCKED_MAX_US = 10_000

/**
 * What came due has left (R1.6): a message that never did has no latency, so not one may be missing. Not asked of a cell that
 * came to an early end, where what was due stays behind.
 *
 * @param shortfalls as `generatorShortfalls` has them.
 */
export function slots(evidence: CellEvidence, shortfalls: readonly string[] = []): Finding {
  const { offered, missedSlots, missedWhileBlocked, interrupted, failure } = evidence
  if (missedSlots === 0 || interrupted || failure !== null) {
    return { check: 'offered-rate', kind: 'invalid', reasons: [] }
  }
  const text = missedWhileBlocked
    ? `${missedSlots} of ${offered} scheduled messages never left because the broker held the producers back: ${blameText(shortfalls, 'the rate is above what it carries')}`
    : `${missedSlots} of ${offered} scheduled messages never left: the generator was too slow for the rate`
  const code = missedWhileBlocked ? 'unsustainable-rate' : 'missed-slots'
  return {
    check: 'offered-rate',
    kind: missedWhileBlocked ? 'unsustainable' : 'invalid',
    reasons: [reason(code, text, missedSlots)],
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
export function sendRateSeconds(evidence: CellEvidence): readonly SecondLimit[] {
  const { latencyUs, constantRatePerSecond: rate, missedWhileBlocked } = evidence
  if (rate === null || missedWhileBlocked || (latencyUs.sendLag?.blocked.max ?? 0) > BLOCKED_MAX_US) return []
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
