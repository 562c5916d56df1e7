/** How long the cells of a floor run, and so how long a floor takes. Pure. */
import type { FloorFlow, FloorWish } from './floor-record.ts'

/** Seconds before and inside the measurement of one cell. */
export interface FloorSeconds {
  readonly warmup: number
  readonly measure: number
}

/** The first cell: its warm-up is that of the client, too. */
export const CEILING_SECONDS: FloorSeconds = { warmup: 1, measure: 1.5 }
const OPEN_SECONDS: FloorSeconds = { warmup: 0.2, measure: 2 }
const CLOSED_SECONDS: FloorSeconds = { warmup: 0.2, measure: 0.6 }
/** The broker's start and end; connecting, draining and closing of each cell. */
const SESSION_SECONDS = 0.6
const CELL_SECONDS = 0.4

export function secondsOfFlow({ model }: FloorFlow): FloorSeconds {
  return model === 'open' ? OPEN_SECONDS : CLOSED_SECONDS
}

/** About how long the floors of one pair at one size take. */
export function secondsOfWish({ flows }: FloorWish): number {
  const cells = [CEILING_SECONDS, ...flows.map(secondsOfFlow)]
  return cells.reduce((sum, { warmup, measure }) => sum + warmup + measure + CELL_SECONDS, SESSION_SECONDS)
}
