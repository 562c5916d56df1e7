import { isOneClock, type ClockProof } from '../../measure/clock-offset.ts'
import type { LatencyGroup, Reason } from '../../result/result.ts'
import type { CellEvidence } from './evidence.ts'
import { none, type Finding } from './finding.ts'

/** All threads read one clock, as ping-pong before the campaign found (R2.2), and no latency is below zero (R2.5). */
export function clock({ latencyUs, clockProof }: CellEvidence): Finding {
  const negative = negativeOf(latencyUs.endToEnd) + negativeOf(latencyUs.publish)
  return {
    check: 'clock',
    kind: 'invalid',
    reasons: [
      ...offset(clockProof),
      ...none(negative, 'clock', 'latencies were below zero: the clocks of the two ends disagree'),
    ],
  }
}

function offset(proof: ClockProof | null): Reason[] {
  if (proof === null || isOneClock(proof)) return []
  const { offsetUsMin, offsetUsMax, violations, rounds } = proof
  const text = `a thread's clock is ${offsetUsMin.toFixed(1)} to ${offsetUsMax.toFixed(1)} us off the main thread's, and ${violations} of ${rounds} answers were read before their question or after their return (limit 0): the threads do not read one clock`
  return [{ code: 'clock', text, figure: offsetUsMin > 0 ? offsetUsMin : offsetUsMax, limit: 0 }]
}

/** Messages: of one whose response latency is below zero, the service latency is as well. */
function negativeOf(pair: LatencyGroup['endToEnd']): number {
  return Math.max(pair?.service?.negative ?? 0, pair?.response?.negative ?? 0)
}
