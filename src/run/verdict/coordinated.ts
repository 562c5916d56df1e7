import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** Response p99 over service p99 from which the two tell different stories *(our choice)*. */
const RATIO_MIN = 2
/** Latencies are recorded in whole microseconds: a smaller one is taken for one. */
const SMALLEST_US = 1

/**
 * Whether a stamp at the actual send would have hidden what waiting messages met (R1.1). A remark: the response latency
 * that heads the cell contains the wait. Where messages left late by the generator's own fault, that is another reason.
 */
export function coordinated({ latencyUs }: Pick<CellEvidence, 'latencyUs'>): readonly Finding[] {
  // Messages without a time have no end-to-end service latency; what the producer saw of them has both.
  const pair = latencyUs.endToEnd?.service ? latencyUs.endToEnd : latencyUs.publish
  const { response, service } = pair ?? { response: null, service: null }
  const responseUs = response?.p99 ?? null
  const serviceUs = service?.p99 ?? null
  if (responseUs === null || serviceUs === null) return []
  const ratio = responseUs / Math.max(SMALLEST_US, serviceUs)
  const { generator, blocked } = latencyUs.sendLag ?? { generator: null, blocked: null }
  const isHeldBack = (blocked?.p99 ?? 0) > (generator?.p99 ?? 0)
  if (ratio < RATIO_MIN || !isHeldBack) return [{ check: 'coordinated', kind: 'valid', reasons: [] }]
  const text = `coordinated: response/service p99 ratio ${ratioText(ratio)}x: the window in flight held messages back while the broker was slow, so that p99 is ${milliseconds(responseUs)} ms from the instant at which messages were due; a tool that stamps at the send would have said ${milliseconds(serviceUs)} ms`
  return [
    { check: 'coordinated', kind: 'valid', reasons: [{ code: 'coordinated', text, figure: ratio, limit: RATIO_MIN }] },
  ]
}

function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(1) : String(Math.round(ratio))
}

function milliseconds(us: number): string {
  return (us / 1_000).toFixed(us < 100_000 ? 2 : 1)
}
