/** What the profile of the run says of each of its cells: flags, which condemn nothing (method.md R3.2). */
import { claimOf } from '../../workload/profile.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** A smoke cell is no measurement, and a percentile is claimed from enough messages only. Made where there is a profile. */
export function profile(
  evidence: Pick<CellEvidence, 'profile' | 'measuredMessages' | 'measureSeconds'>,
): readonly Finding[] {
  if (evidence.profile === 'smoke') return [smoke(evidence.measureSeconds)]
  const claim = claimOf(evidence.profile)
  if (claim === null) return []
  const { measuredMessages, measureSeconds } = evidence
  if (measuredMessages >= claim.messages) return [finding('messages', [])]
  const seconds = measuredMessages > 0 ? Math.ceil((claim.messages * measureSeconds) / measuredMessages) : null
  const taking =
    seconds === null
      ? ''
      : `; at this rate it takes ${seconds} s of measurement (phases.measureSeconds, -z) to have as many`
  const text = `${measuredMessages} messages were measured, and profile ${String(evidence.profile)} claims a ${claim.percentile} from ${claim.messages} on${taking}`
  return [finding('messages', [{ code: 'too-few-messages', text, figure: measuredMessages, limit: claim.messages }])]
}

function smoke(measureSeconds: number): Finding {
  const text = `measured for ${Number(measureSeconds.toFixed(1))} s to see that it works: not a figure to quote, and no verdict on the broker`
  return finding('smoke', [{ code: 'smoke', text, figure: null, limit: null }])
}

function finding(check: string, reasons: Finding['reasons']): Finding {
  return { check, kind: 'valid', reasons }
}
