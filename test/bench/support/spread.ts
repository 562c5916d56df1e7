/** Repetitions of one figure, summed up. Pure. */
import { figureText } from '../../../src/report/number-text.ts'

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  /** Repetitions behind it, 1 or more. */
  readonly count: number
}

/** @returns null where there is no figure. */
export function spreadOf(figures: readonly number[]): Spread | null {
  const sorted = figures.toSorted((a, b) => a - b)
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  const upper = sorted[Math.floor(sorted.length / 2)]
  const [min] = sorted
  const max = sorted.at(-1)
  if (lower === undefined || upper === undefined || min === undefined || max === undefined) return null
  return { median: (lower + upper) / 2, min, max, count: sorted.length }
}

/** `4.12 (4.02-4.33)`. */
export function spreadText({ median, min, max }: Spread): string {
  return `${figureText(median)} (${figureText(min)}-${figureText(max)})`
}
