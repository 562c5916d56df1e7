/**
 * The verdict on a cell: pure, from what was measured. Checks are named whether they pass or not, so that a reader sees
 * what was looked at; a check that is not named was not made.
 */
import type { Integrity, LatencyGroup, Reason, Verdict, VerdictKind } from '../result/result.ts'

/** Generator lag up to this is not worth a reason, however small the latencies are (R1.6, our choice). */
const GENERATOR_LAG_P99_FLOOR_US = 1_000
const GENERATOR_LAG_P999_FLOOR_US = 5_000
const GENERATOR_LAG_P99_SHARE = 0.05
const GENERATOR_LAG_P999_SHARE = 0.1
/** Sent may fall short of offered by so much (R1.6). */
const OFFERED_SHORTFALL_MAX = 0.01

/** What a verdict is made from. */
export interface CellEvidence {
  /** Why the cell came to an early end, or null: `broker-closed`, `connect-failed`, `worker-died` ... */
  readonly failure: { readonly code: string; readonly text: string } | null
  readonly interrupted: boolean
  readonly isOpen: boolean
  readonly hasConsumers: boolean
  readonly hasProducers: boolean
  readonly confirm: boolean
  readonly integrity: Integrity
  readonly latencyUs: LatencyGroup
  /** Messages that count as TPS inside `measure`. */
  readonly measuredMessages: number
  readonly offeredMeasured: number
  /** Of those offered in `measure`, how many never left, the drain included. */
  readonly missedSlots: number
  /** Whether the broker was holding producers back when slots were missed: then it is the broker that cannot. */
  readonly missedWhileBlocked: boolean
}

/** One check: the reasons it found, and the verdict that it forces if it found any. */
interface Finding {
  readonly check: string
  readonly kind: VerdictKind
  readonly reasons: readonly Reason[]
}

/** Which verdict outranks which, worst first. */
const RANK: readonly VerdictKind[] = [
  'failed',
  'interrupted',
  'invalid',
  'unsustainable',
  'indeterminate',
  'not-steady',
  'valid',
]

export function judge(evidence: CellEvidence): Verdict {
  const findings = [
    connections(evidence),
    traffic(evidence),
    ...(evidence.hasProducers && evidence.hasConsumers ? ledgerChecks(evidence) : []),
    ...(evidence.hasProducers ? [refusals(evidence)] : []),
    ...(evidence.isOpen ? [slots(evidence), generatorLag(evidence)] : []),
    ...(evidence.hasProducers ? [clock(evidence)] : []),
  ]
  const broken = findings.filter((finding) => finding.reasons.length > 0).map((finding) => finding.kind)
  const kinds: VerdictKind[] = evidence.interrupted ? ['interrupted', ...broken] : broken
  return {
    kind: RANK.find((kind) => kinds.includes(kind)) ?? 'valid',
    reasons: findings.flatMap((finding) => finding.reasons),
    checks: findings.map((finding) => finding.check),
  }
}

function connections({ failure }: CellEvidence): Finding {
  const reasons = failure === null ? [] : [{ code: failure.code, text: failure.text, figure: null, limit: null }]
  return { check: 'connections', kind: 'failed', reasons }
}

function traffic({ measuredMessages, failure, interrupted }: CellEvidence): Finding {
  const silent = measuredMessages === 0 && failure === null && !interrupted
  const text = 'no message was counted inside the measured time'
  return {
    check: 'traffic',
    kind: 'failed',
    reasons: silent ? [{ code: 'no-messages', text, figure: 0, limit: 1 }] : [],
  }
}

function ledgerChecks({ integrity, confirm }: CellEvidence): Finding[] {
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

function refusals({ integrity }: CellEvidence): Finding {
  const codes = Object.entries(integrity.refusals).map(([code, count]) => `${code} (${count})`)
  const text = `messages were refused by the broker: ${codes.join(', ')}`
  return { check: 'refused', kind: 'invalid', reasons: none(integrity.refused, 'refused', text) }
}

function slots({ offeredMeasured, missedSlots, missedWhileBlocked }: CellEvidence): Finding {
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

function generatorLag({ latencyUs }: CellEvidence): Finding {
  const lag = latencyUs.sendLag?.generator
  const response = latencyUs.endToEnd?.response ?? latencyUs.publish?.response
  const limits = [
    {
      name: 'p99',
      lagUs: lag?.p99,
      limitUs: Math.max(GENERATOR_LAG_P99_FLOOR_US, GENERATOR_LAG_P99_SHARE * (response?.p99 ?? 0)),
    },
    {
      name: 'p99.9',
      lagUs: lag?.p999,
      limitUs: Math.max(GENERATOR_LAG_P999_FLOOR_US, GENERATOR_LAG_P999_SHARE * (response?.p999 ?? 0)),
    },
  ]
  const reasons = limits.flatMap(({ name, lagUs, limitUs }) =>
    lagUs === null || lagUs === undefined || lagUs <= limitUs
      ? []
      : [
          {
            code: 'generator-lag',
            text: `the generator itself sent late: its lag at ${name} was ${Math.round(lagUs)} us, the limit is ${Math.round(limitUs)} us; use more threads, a lower rate or a host of its own`,
            figure: lagUs,
            limit: limitUs,
          },
        ],
  )
  return { check: 'generator-lag', kind: 'invalid', reasons }
}

function clock({ latencyUs }: CellEvidence): Finding {
  const distributions = [
    latencyUs.endToEnd?.service,
    latencyUs.endToEnd?.response,
    latencyUs.publish?.service,
    latencyUs.publish?.response,
  ]
  const negative = distributions.reduce((sum, latency) => sum + (latency?.negative ?? 0), 0)
  return {
    check: 'clock',
    kind: 'invalid',
    reasons: none(negative, 'clock', 'latencies were below zero: the clocks of the two ends disagree'),
  }
}

/** A reason when `count` is not zero. */
function none(count: number, code: string, what: string): Reason[] {
  return count === 0 ? [] : [reason(code, `${count} ${what}`, count)]
}

function reason(code: string, text: string, figure: number): Reason {
  return { code, text, figure, limit: 0 }
}
