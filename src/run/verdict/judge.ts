/**
 * The verdict on a cell: pure, from what was measured. Checks are named whether they pass or not, so that a reader sees
 * what was looked at; a check that is not named was not made.
 */
import type { Verdict, VerdictKind } from '../../result/result.ts'
import { clock } from './clock.ts'
import { connections, traffic } from './connections.ts'
import { coordinated } from './coordinated.ts'
import { eventLoop } from './event-loop.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { belowFloor, nearCeiling } from './floor.ts'
import { garbageCollection } from './garbage-collection.ts'
import { generatorBound } from './generator-bound.ts'
import { generatorLag } from './generator-lag.ts'
import { ledgerChecks, refusals } from './ledger.ts'
import { littlesLaw } from './littles-law.ts'
import { loadHost } from './load-host.ts'
import { skippedSlots, slots } from './offered-rate.ts'
import { profile } from './profile.ts'
import { seconds } from './seconds.ts'
import { steadyState } from './steady-state.ts'
import { generatorShortfalls, unsustainable } from './unsustainable.ts'

/** Which verdict outranks which, worst first. */
export const VERDICT_RANK: readonly VerdictKind[] = [
  'failed',
  'interrupted',
  'invalid',
  'unsustainable',
  'indeterminate',
  'not-steady',
  'valid',
]

export function judge(evidence: CellEvidence): Verdict {
  const first = findingsOf(evidence, [])
  const shortfalls = generatorShortfalls(first)
  const findings = shortfalls.length === 0 ? first : findingsOf(evidence, shortfalls)
  const broken = findings.filter((finding) => finding.reasons.length > 0).map((finding) => finding.kind)
  const kinds: VerdictKind[] = evidence.interrupted ? ['interrupted', ...broken] : broken
  return {
    kind: VERDICT_RANK.find((kind) => kinds.includes(kind)) ?? 'valid',
    reasons: findings.flatMap((finding) => finding.reasons),
    checks: findings.map((finding) => finding.check),
  }
}

/** @param shortfalls codes that say that the generator fell short, found before. */
function findingsOf(evidence: CellEvidence, shortfalls: readonly string[]): readonly Finding[] {
  return [
    connections(evidence),
    traffic(evidence),
    ...(evidence.hasProducers && evidence.hasConsumers ? ledgerChecks(evidence) : []),
    ...(evidence.hasProducers ? [refusals(evidence)] : []),
    ...(evidence.isOpen
      ? [
          slots(evidence, shortfalls),
          skippedSlots(evidence),
          generatorLag(evidence),
          ...unsustainable(evidence, shortfalls),
          ...coordinated(evidence),
          ...littlesLaw(evidence),
        ]
      : generatorBound(evidence)),
    ...eventLoop(evidence),
    ...garbageCollection(evidence),
    ...loadHost(evidence),
    ...seconds(evidence),
    ...steadyState(evidence),
    ...profile(evidence),
    ...(evidence.hasProducers ? [clock(evidence)] : []),
    ...(evidence.floor === null ? [] : [belowFloor(evidence), nearCeiling(evidence)]),
  ]
}
