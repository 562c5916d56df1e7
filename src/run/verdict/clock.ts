import type { LatencyGroup } from '../../result/result.ts'
import type { CellEvidence } from './evidence.ts'
import { none, type Finding } from './finding.ts'

/** No latency is below zero (R2.5). */
export function clock({ latencyUs }: CellEvidence): Finding {
  const negative = negativeOf(latencyUs.endToEnd) + negativeOf(latencyUs.publish)
  return {
    check: 'clock',
    kind: 'invalid',
    reasons: none(negative, 'clock', 'latencies were below zero: the clocks of the two ends disagree'),
  }
}

/** Messages: of one whose response latency is below zero, the service latency is as well. */
function negativeOf(pair: LatencyGroup['endToEnd']): number {
  return Math.max(pair?.service?.negative ?? 0, pair?.response?.negative ?? 0)
}
