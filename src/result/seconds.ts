/** The seconds of a cell's measured window. Pure. */
import { headlineRate } from './headline.ts'
import type { CellResult, Interval } from './result.ts'

/** A shorter rest at the end of the window is no second: its rate is of a few messages. */
const SHORTEST_SECONDS = 0.5

/** Whether an interval is long enough for a rate of its own. */
export function isSecond({ seconds }: Pick<Interval, 'seconds'>): boolean {
  return seconds >= SHORTEST_SECONDS
}

/** The intervals inside the measured window, in order. */
function measuredSeconds({ intervals }: Pick<CellResult, 'intervals'>): readonly Interval[] {
  return intervals.filter((interval) => interval.phase === 'measure' && isSecond(interval))
}

/** Messages per second in each of them, counted as the cell's TPS is; empty where the cell has no rate. */
export function ratesOfSeconds(cell: CellResult): readonly number[] {
  const basis = headlineRate(cell)?.basis
  if (basis === undefined) return []
  return measuredSeconds(cell).map((interval) => interval[basis] / interval.seconds)
}
