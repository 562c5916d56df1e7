import type { LatencyGroup } from '../../result/result.ts'

/** The p99 that heads the cell, microseconds: end-to-end else publish, response else service; null where there is none. */
export function reportedP99Us({ endToEnd, publish }: LatencyGroup): number | null {
  const pair = endToEnd ?? publish
  return (pair?.response ?? pair?.service)?.p99 ?? null
}

/** What a pause of the generator may be so that it does not show in the p99: a tenth of it, and never under 5 ms (R1.6). */
export function pauseLimitMs(latencyUs: LatencyGroup): number {
  return Math.max(PAUSE_FLOOR_MS, PAUSE_SHARE * ((reportedP99Us(latencyUs) ?? 0) / 1_000))
}

const PAUSE_FLOOR_MS = 5
const PAUSE_SHARE = 0.1
