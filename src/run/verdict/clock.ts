import type { CellEvidence } from './evidence.ts'
import { none, type Finding } from './finding.ts'

/** No latency is below zero (R2.5). */
export function clock({ latencyUs }: CellEvidence): Finding {
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
