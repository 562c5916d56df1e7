/** The flow of a cell as its floor has to repeat it, thread by thread (method.md R1.7). Pure. */
import { pacerModeFor } from '../../pacing/pacer.ts'
import { peakRateOf } from '../../pacing/schedule-of.ts'
import type { Cell } from '../../workload/cell.ts'
import type { FloorFlow } from './floor-record.ts'

/** A floor's rate over the highest planned one (R1.7). */
const RATE_FACTOR = 1.5
/** Enough in two seconds for p99.9 (3,688 samples, method.md R3.2), and a small part of any ceiling. */
const RATE_MIN_PER_SECOND = 2_000
/** Rates are rounded up to these within a decade, so that a floor serves the next plan too. */
const RATE_STEPS = [1, 2, 5, 10]

/** One thread with more pairs than this costs each of them no more. */
const PAIRS_MAX = 200
/** Of messages in flight: the broker inside has to hold them. */
export const BYTES_IN_FLIGHT_MAX = 64 * 1024 * 1024

/** @param threads over which the cell is spread; its busiest one counts. */
export function flowOf({ load, crew, messageBytes }: Cell, threads: number): FloorFlow {
  const shareOf = (count: number): number => Math.max(1, Math.ceil(count / threads))
  if (load.model === 'open') {
    const peakPerSecond = peakRateOf(load)
    const ofThread = (peakPerSecond * shareOf(crew.producers)) / Math.max(1, crew.producers)
    return openFlow(peakPerSecond, ofThread)
  }
  const pairs = Math.min(PAIRS_MAX, shareOf(Math.max(crew.producers, crew.consumers)))
  const messages = Math.max(1, Math.floor(BYTES_IN_FLIGHT_MAX / messageBytes))
  const inFlight = Math.min(load.inFlight, messages)
  return { model: 'closed', pairs: Math.min(pairs, Math.max(1, Math.floor(messages / inFlight))), inFlight }
}

/**
 * At 1.5 times the planned rate or more, and 2,000 messages per second at least.
 * @param ofThread what the busiest thread of the plan sends of it: decides how its pacer waits.
 */
export function openFlow(plannedPerSecond: number, ofThread: number): FloorFlow {
  const wantedPerSecond = roundedUp(Math.max(RATE_MIN_PER_SECOND, RATE_FACTOR * plannedPerSecond))
  return { model: 'open', wantedPerSecond, pacer: pacerModeFor(ofThread) }
}

/** How much of a thread the flow asks for: orders flows of one model. */
export function demandOf(flow: FloorFlow): number {
  return flow.model === 'open' ? flow.wantedPerSecond : flow.pairs * flow.inFlight
}

function roundedUp(perSecond: number): number {
  const decade = 10 ** Math.floor(Math.log10(perSecond))
  const step = RATE_STEPS.find((one) => one * decade >= perSecond) ?? 10
  return step * decade
}
