/** When the phases of a cell begin and end, microseconds since the run's epoch, the same on all threads. */
export interface PhaseTimes {
  readonly startUs: number
  readonly measureFromUs: number
  /** Publishing of measured messages ends here at the latest. */
  readonly measureToUs: number
}

/**
 * The phases of a cell that may start at `earliestUs`. All of them at whole microseconds, at once after it: sums and
 * differences of such instants are exact, so that every thread finds the same ends in them, and a second, or a slot of the
 * schedule, that meets the end of a phase meets it whatever the time of the start.
 */
export function phaseTimes(earliestUs: number, warmupSeconds: number, measureSeconds: number): PhaseTimes {
  const startUs = Math.ceil(earliestUs)
  const measureFromUs = startUs + Math.round(warmupSeconds * 1e6)
  return { startUs, measureFromUs, measureToUs: measureFromUs + Math.round(measureSeconds * 1e6) }
}

/** How far intervals lie apart, except at the ends of phases. */
const INTERVAL_US = 1_000_000

/**
 * Where every thread cuts its intervals: at whole seconds since the common start, and at the ends of phases, so that all
 * cut at the same instants, none drifts, and no interval belongs to two phases.
 * @returns the first such instant after `afterUs` (and after the start); Infinity beyond the end of the measurement.
 */
export function nextCutUs({ startUs, measureFromUs, measureToUs }: PhaseTimes, afterUs: number): number {
  const fromUs = Math.max(startUs, afterUs)
  let whole = Math.floor((fromUs - startUs) / INTERVAL_US)
  // Counted up, as a start with a fraction makes the quotient come out a hair under, or over, a whole second that was cut at.
  while (startUs + whole * INTERVAL_US <= fromUs) whole++
  const wholeUs = startUs + whole * INTERVAL_US
  const cuts = [wholeUs, measureFromUs, measureToUs].filter((cutUs) => cutUs > fromUs && cutUs <= measureToUs)
  return Math.min(Infinity, ...cuts)
}
