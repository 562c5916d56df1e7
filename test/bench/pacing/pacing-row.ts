/** One row of the pacing benchmark: repetitions of one rate summed up, and held against what is asked for. Pure. */
import type { PacerMode } from '../../../src/pacing/pacer.ts'
import { countText, figureText } from '../../../src/report/number-text.ts'
import type { CellResult } from '../../../src/result/result.ts'
import { spreadOf, spreadText, type Spread } from '../support/spread.ts'

/** Medians for the lag (method.md R8.4), the worst of all runs for the pause (R8.1). */
export type PacingGoal =
  | { readonly kind: 'lag'; readonly p50Us: number; readonly p99Us: number }
  | { readonly kind: 'gc-pause'; readonly maxMs: number }

type PacedCell = Pick<CellResult, 'latencyUs' | 'generator'>

/** Rate, mode, lag p50, p99, p99.9, longest pause, goal. */
export function pacingRow(
  perSecond: number,
  mode: PacerMode,
  cells: readonly PacedCell[],
  goal: PacingGoal | null,
): readonly string[] {
  const lagOf = (percentile: 'p50' | 'p99' | 'p999'): Spread | null =>
    spreadOf(cells.flatMap(({ latencyUs }) => latencyUs?.sendLag?.generator[percentile] ?? []))
  const pauses = cells.flatMap(({ generator }) => generator?.gcPauseMaxMs ?? [])
  const pauseMs = pauses.length === 0 ? null : Math.max(...pauses)
  return [
    `${countText(perSecond)}/s`,
    mode,
    ...[lagOf('p50'), lagOf('p99'), lagOf('p999')].map((spread) => (spread === null ? 'n/a' : spreadText(spread))),
    pauseMs === null ? 'n/a' : figureText(pauseMs),
    goalText(goal, lagOf('p50'), lagOf('p99'), pauseMs),
  ]
}

function goalText(goal: PacingGoal | null, p50: Spread | null, p99: Spread | null, pauseMs: number | null): string {
  if (goal === null) return ''
  if (goal.kind === 'gc-pause') {
    return `pause at most ${goal.maxMs} ms: ${(pauseMs ?? Infinity) <= goal.maxMs ? 'met' : 'missed'}`
  }
  const isMet = (p50?.median ?? Infinity) <= goal.p50Us && (p99?.median ?? Infinity) <= goal.p99Us
  return `p50 at most ${countText(goal.p50Us)}, p99 at most ${countText(goal.p99Us)} us: ${isMet ? 'met' : 'missed'}`
}
