import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Reason } from '../../result/result.ts'

const STEAL_PERCENT_MAX = 2
const IDLE_PERCENT_MIN = 20
/** The kernel counts CPU in ticks of 10 ms: in a shorter window a few of them would be over the limit. */
const JUDGED_FROM_SECONDS = 3

/**
 * The host gave the generator the time that it wanted (R1.6): the hypervisor took at most 2 %, and at least 20 % was
 * left. The second is asked only where the generator has the host to itself: beside a broker the cores are busy because
 * the broker is, and there generator lag and event-loop delay are judged instead (design.md section 10). Cores of threads
 * that spin to keep time are busy by intent and left out. Not judged in under three seconds.
 */
export function loadHost(evidence: CellEvidence): readonly Finding[] {
  const { stealPercent, hostIdlePercent, coLocated, measureSeconds } = evidence
  if (stealPercent === null || measureSeconds < JUDGED_FROM_SECONDS) return []
  const reasons: Reason[] = []
  if (stealPercent > STEAL_PERCENT_MAX) {
    const text = `the hypervisor took ${stealPercent.toFixed(1)} % of this host's CPU for others, the limit is ${STEAL_PERCENT_MAX} %`
    reasons.push({ code: 'steal', text, figure: stealPercent, limit: STEAL_PERCENT_MAX })
  }
  if (!coLocated && hostIdlePercent !== null && hostIdlePercent < IDLE_PERCENT_MIN) {
    const text = `the generator's host was idle for only ${hostIdlePercent.toFixed(0)} % of the time, the limit is ${IDLE_PERCENT_MIN} %: it, not the broker, may have set the figures; use a larger host or several`
    reasons.push({ code: 'load-host', text, figure: hostIdlePercent, limit: IDLE_PERCENT_MIN })
  }
  return [{ check: 'load-host', kind: 'invalid', reasons }]
}

/**
 * Idle share of the cores on which no pacer spins, percent.
 * @param idlePercent of all cores. @returns null where no core is left, or nothing is known.
 */
export function idleBesideSpinners(idlePercent: number | null, cores: number, spinning: number): number | null {
  if (idlePercent === null || spinning >= cores) return null
  return Math.min(100, (idlePercent * cores) / (cores - spinning))
}
