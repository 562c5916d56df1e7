/** Which difference so many repetitions can show (method.md R3.5), in words. Pure. */
import { medianOf } from '../measure/statistics/median.ts'
import { minimumDetectableEffect, runsNeeded } from '../measure/statistics/variation.ts'
import { countText } from './number-text.ts'

/** The effect that the suggestion is for. */
const WISHED_EFFECT = 0.05

/** What one point varies by, and how often it is measured. */
export interface RepeatedPoint {
  /** Of the throughput, over runs. */
  readonly cvPercent: number
  readonly runs: number
}

/**
 * `With 5 repetitions a difference of 3.5 % in throughput can be seen ...; to see 5 % needs 3 runs per side`; where there
 * are several points, for the median one and the noisiest.
 * @returns null without a point.
 */
export function detectableSentence(points: readonly RepeatedPoint[]): string | null {
  const effects = points.map(({ cvPercent, runs }) => 100 * minimumDetectableEffect(cvPercent / 100, runs))
  const needed = points.map(({ cvPercent }) => runsNeeded(cvPercent / 100, WISHED_EFFECT))
  const median = medianOf(effects)
  if (median === null) return null
  const worst = Math.max(...effects)
  const where =
    points.length === 1
      ? ''
      : ` at the median point, ${worst.toFixed(1)} % at the noisiest of ${countText(points.length)}`
  const repetitions = rangeText(points.map(({ runs }) => runs))
  return `With ${repetitions} repetitions a difference of ${median.toFixed(1)} % in throughput can be seen${where} (80 % power, 5 % false alarms); to see 5 % needs ${rangeText(needed)} runs per side.`
}

/** `5`, `2 to 16`. */
function rangeText(counts: readonly number[]): string {
  return [...new Set([Math.min(...counts), Math.max(...counts)])].map(countText).join(' to ')
}
