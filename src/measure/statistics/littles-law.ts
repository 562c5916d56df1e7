/**
 * Little's law, L = X W (Little 1961), as a lie detector: what is in flight on average is the rate times the time that
 * each message takes. Where the counters and the latencies disagree, time is spent where nothing is measured, which in a
 * closed loop is the client itself (method.md section 1.3, R5.6).
 */
import type { FlightArea } from '../flight-integral.ts'

/** Relative deviation above which the check fails. */
const MAX_DEVIATION = 0.1
/**
 * Of the mean latency, what the check never asks about: the send time is read before the driver is called and the counter
 * goes up after it, and a reading comes when the host gives it a core *(our choice, as for the generator's lag in R1.6)*.
 */
const ALLOWED_US = 1_000
/** The latencies of the messages that arrived while the readings were taken. */
export interface FlownLatencies {
  readonly count: number
  /** All together, microseconds. */
  readonly sumUs: number
}

/** Little's check of an open model. */
export interface LittleCheck {
  /** L: mean in flight, by the counters alone. */
  readonly inFlightMean: number
  /** X W: what the rate and the mean latency say. */
  readonly expectedInFlight: number
  /** W, by the latencies. */
  readonly latencyMeanUs: number
  /** (L - X W) / the larger; 0 where both are 0. Positive: time passed that no latency has. */
  readonly deviation: number
  /** How far `deviation` may be off, 99.9 %: by the readings, and by how long the first messages had been flying. */
  readonly uncertainty: number
  /** What `deviation` is held against: 10 %, or 1 ms of W where that is more. */
  readonly limit: number
  readonly readings: number
}

/**
 * @param area of all that was in flight, until nothing was.
 * @param flown of the messages that arrived meanwhile.
 * @param loadUs how long messages were sent: what the means are over. What flew on after it is in them.
 * @param earlyUs at most so much of the latencies of all messages together lies before the first reading.
 * @returns null where nothing flew.
 */
export function littleCheck(
  area: FlightArea,
  flown: FlownLatencies,
  loadUs: number,
  earlyUs: number,
): LittleCheck | null {
  const { count, sumUs } = flown
  if (!(loadUs > 0 && sumUs > 0)) return null
  const expectedUs = sumUs - earlyUs / 2
  const larger = Math.max(area.areaUs, expectedUs)
  const latencyMeanUs = sumUs / count
  return {
    inFlightMean: area.areaUs / loadUs,
    expectedInFlight: expectedUs / loadUs,
    latencyMeanUs,
    deviation: (area.areaUs - expectedUs) / larger,
    uncertainty: (area.errorUs + earlyUs / 2) / larger,
    limit: Math.max(MAX_DEVIATION, ALLOWED_US / latencyMeanUs),
    readings: area.readings,
  }
}

/** The check can tell: what it cannot know is less than what it asks about. */
export function isResolved({ uncertainty, limit }: Pick<LittleCheck, 'uncertainty' | 'limit'>): boolean {
  return uncertainty <= limit
}

/** The law holds, as far as can be told. */
export function lawHolds(check: Pick<LittleCheck, 'deviation' | 'uncertainty' | 'limit'>): boolean {
  return Math.abs(check.deviation) <= check.limit + check.uncertainty
}

/** Where the time of a closed loop goes: K = X (W + Z). */
export interface ClosedLoopSplit {
  /** K / X: time of one cycle of one slot, ms. */
  readonly cycleMs: number
  /** Z = K / X - W: the part that nothing measured, which is the client's, ms; not below 0. */
  readonly clientMs: number
  /** Z / (K / X), 0..1; the same as the deviation of X W from K. */
  readonly clientShare: number
  /** The client's share is above 10 %: the generator limits the rate, not the broker. */
  readonly generatorBound: boolean
}

/**
 * @param inFlight K, messages kept in flight.
 * @param ratePerSecond X.
 * @param meanLatencyMs W, mean service latency of the same loop (send to the event that frees the slot).
 * @returns null where nothing was sent.
 */
export function closedLoopSplit(
  inFlight: number,
  ratePerSecond: number,
  meanLatencyMs: number,
): ClosedLoopSplit | null {
  if (!(inFlight > 0 && ratePerSecond > 0)) return null
  const cycleMs = (inFlight / ratePerSecond) * 1_000
  const clientMs = Math.max(0, cycleMs - meanLatencyMs)
  const clientShare = clientMs / cycleMs
  return { cycleMs, clientMs, clientShare, generatorBound: clientShare > MAX_DEVIATION }
}
