/**
 * Little's law, L = X W (Little 1961), as a lie detector: what is in flight on average is the rate times the time that
 * each message takes. Where the counters and the latencies disagree, time is spent where nothing is measured, which in a
 * closed loop is the client itself (method.md section 1.3, R5.6).
 */

/** Relative deviation above which the check fails. */
const MAX_DEVIATION = 0.1

/** One second of cumulative counters. */
export interface FlightCounters {
  readonly sent: number
  readonly received: number
}

/**
 * Time integral of sent - received over the window, divided by its length (trapezoids between the readings), messages.
 * @param readings cumulative, at equal distances, both ends of the window included; null below two.
 */
export function meanInFlight(readings: readonly FlightCounters[]): number | null {
  if (readings.length < 2) return null
  let area = 0
  for (let index = 1; index < readings.length; index++) {
    area += (inFlightAt(readings, index - 1) + inFlightAt(readings, index)) / 2
  }
  return area / (readings.length - 1)
}

function inFlightAt(readings: readonly FlightCounters[], index: number): number {
  const reading = readings[index]
  return reading === undefined ? 0 : reading.sent - reading.received
}

/** Little's check of an open run. */
export interface LittleCheck {
  /** Mean in flight by the counters. */
  readonly counted: number
  /** X W: what the rate and the mean latency say. */
  readonly expected: number
  /** |counted - expected| / the larger; 0 where both are 0. */
  readonly deviation: number
  readonly holds: boolean
}

/**
 * @param counted `meanInFlight`.
 * @param ratePerSecond X, received.
 * @param meanLatencyMs W, from the send on (service), not from the intended time.
 */
export function littleCheck(counted: number, ratePerSecond: number, meanLatencyMs: number): LittleCheck {
  const expected = (ratePerSecond * meanLatencyMs) / 1_000
  const larger = Math.max(counted, expected)
  const deviation = larger > 0 ? Math.abs(counted - expected) / larger : 0
  return { counted, expected, deviation, holds: deviation <= MAX_DEVIATION }
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
