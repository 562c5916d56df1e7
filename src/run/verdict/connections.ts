import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** The connections lived to the end of the cell. */
export function connections({ failure }: CellEvidence): Finding {
  const reasons = failure === null ? [] : [{ code: failure.code, text: failure.text, figure: null, limit: null }]
  return { check: 'connections', kind: 'failed', reasons }
}

/** Anything was measured at all. */
export function traffic(evidence: CellEvidence): Finding {
  const { measuredMessages, failure, interrupted, isOpen, hasProducers, offeredMeasured } = evidence
  const silent = measuredMessages === 0 && failure === null && !interrupted
  const text =
    isOpen && hasProducers && offeredMeasured === 0
      ? 'no message came due inside the measured time: measure longer, or at a higher rate'
      : 'no message was counted inside the measured time'
  return {
    check: 'traffic',
    kind: 'failed',
    reasons: silent ? [{ code: 'no-messages', text, figure: 0, limit: 1 }] : [],
  }
}
