/** One figure of a point of the matrix over its repetitions. Pure. */
import { isCounted } from '../result/points.ts'
import type { CellResult } from '../result/result.ts'
import type { Point } from './grid.ts'

/** The middle of the repetitions that count, with their range; `struck` when only invalid ones have the figure. */
export interface PointFigure {
  readonly median: number
  readonly low: number
  readonly high: number
  /** How many repetitions are in it. */
  readonly repetitions: number
  readonly struck: boolean
}

/**
 * The median over the repetitions that count; without any, over one that was interrupted, or over the invalid ones, struck;
 * null where none has the figure. Failed repetitions never count.
 */
export function pointFigure(point: Point, figureOf: (cell: CellResult) => number | null): PointFigure | null {
  const ranked = [
    { cells: point.repetitions.filter((cell) => isCounted(cell) || cell.verdict.kind === 'published'), struck: false },
    { cells: point.repetitions.filter((cell) => cell.verdict.kind === 'interrupted'), struck: false },
    { cells: point.repetitions.filter((cell) => cell.verdict.kind === 'invalid'), struck: true },
  ]
  for (const { cells, struck } of ranked) {
    const counted = figures(cells, figureOf)
    const [low] = counted
    const high = counted.at(-1)
    if (low === undefined || high === undefined) continue
    return { median: median(counted), low, high, repetitions: counted.length, struck }
  }
  return null
}

function figures(cells: readonly CellResult[], figureOf: (cell: CellResult) => number | null): number[] {
  return cells.flatMap((cell) => figureOf(cell) ?? []).sort((a, b) => a - b)
}

/** @param sorted ascending, not empty. */
function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
