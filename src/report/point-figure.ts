/** One figure of a point of the matrix over its repetitions. Pure. */
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
 * The median over the repetitions that are not invalid; over the invalid ones, struck, where there are no others; null
 * where none has the figure. Failed repetitions never count.
 */
export function pointFigure(point: Point, figureOf: (cell: CellResult) => number | null): PointFigure | null {
  const measured = point.repetitions.filter((cell) => cell.verdict.kind !== 'failed')
  const sound = figures(
    measured.filter((cell) => cell.verdict.kind !== 'invalid'),
    figureOf,
  )
  const counted = sound.length > 0 ? sound : figures(measured, figureOf)
  const [low] = counted
  const high = counted.at(-1)
  if (low === undefined || high === undefined) return null
  return { median: median(counted), low, high, repetitions: counted.length, struck: sound.length === 0 }
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
