/** How far a cell is from what the harness itself costs and carries: flags, which condemn nothing (method.md R1.7, R8.7). */
import type { Reason } from '../../result/result.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** A latency below so many times the floor is not to be interpreted (R1.7). */
const FLOOR_FACTOR = 2
/** Of what the threads carry: beyond it the generator may be what limits (R8.7). */
export const CEILING_SHARE_MAX = 0.6

/** The latencies are the broker's, and not mostly the harness's. Made where there is a floor. */
export function belowFloor({ floor, latencyUs }: Pick<CellEvidence, 'floor' | 'latencyUs'>): Finding {
  const floorUs = floor?.p50Us ?? null
  const p50Us = (floor === null ? null : latencyUs[floor.metric]?.service?.p50) ?? null
  if (floorUs === null || p50Us === null) return finding('floor', [])
  const limit = FLOOR_FACTOR * floorUs
  if (p50Us >= limit) return finding('floor', [])
  const text =
    p50Us < floorUs / FLOOR_FACTOR
      ? wrongFloorText(p50Us, floorUs)
      : `the median service latency of ${Math.round(p50Us)} us is below twice the floor of ${Math.round(floorUs)} us that this harness has without a broker's work: more of it may be the harness than the broker`
  return finding('floor', [{ code: 'below-floor', text, figure: p50Us, limit }])
}

/** With a broker's work in it a latency cannot be far below one without: then it is the floor that is wrong. */
function wrongFloorText(p50Us: number, floorUs: number): string {
  return `the median service latency of ${Math.round(p50Us)} us is far below the floor of ${Math.round(floorUs)} us, which cannot be: the floor was measured while something else held this host up; measure it again on a quiet one (brokermark calibrate --force, with the sizes and rates of the plan)`
}

/** The rate leaves the generator room. Made where there is a floor. */
export function nearCeiling({
  floor,
  handledPerSecond,
  isOpen,
}: Pick<CellEvidence, 'floor' | 'handledPerSecond' | 'isOpen'>): Finding {
  if (floor === null || handledPerSecond === null) return finding('ceiling', [])
  const limit = CEILING_SHARE_MAX * floor.ceilingPerSecond
  if (handledPerSecond <= limit) return finding('ceiling', [])
  const percent = Math.round((handledPerSecond / floor.ceilingPerSecond) * 100)
  const consequence = isOpen
    ? 'its lag is likely to be in the latencies'
    : 'it may be the generator that limits this cell and not the broker'
  const text = `the rate is ${percent} % of the ${Math.round(floor.ceilingPerSecond)} messages per second that the generator's threads carry without a broker's work: ${consequence}; use more threads or a host of its own`
  return finding('ceiling', [{ code: 'near-ceiling', text, figure: handledPerSecond, limit }])
}

function finding(check: string, reasons: readonly Reason[]): Finding {
  return { check, kind: 'valid', reasons }
}
