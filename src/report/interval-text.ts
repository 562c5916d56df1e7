/** What the interval of a median over repetitions is, and how sure: the sentence under a table. Pure. */
import { rankOfMedianInterval } from '../measure/statistics/interval-of-median.ts'

/** Runs from which on the interval is one of 95 %. */
const RUNS_FOR_95_PERCENT = 6

/**
 * `interval: lowest to highest of 5 repetitions; it holds the true median in 93.8 % of campaigns. 6 repetitions or more
 * give 95 % (docs/method/repetitions.md).` A table whose points have different numbers of repetitions has a clause for each.
 * @param runs repetitions in each figure, repeated or not.
 * @returns null where no figure has two.
 */
export function intervalSentence(runs: readonly number[]): string | null {
  const numbers = [...new Set(runs)].filter((number) => number > 1).sort((a, b) => b - a)
  const clauses = numbers.map((number, place) =>
    place === 0
      ? `${spanText(number)} of ${number} repetitions; it holds the true median in ${sureness(number)}`
      : `of ${number}: ${spanText(number)}, in ${sureness(number)}`,
  )
  const fewest = numbers.at(-1)
  if (fewest === undefined) return null
  const more = fewest < RUNS_FOR_95_PERCENT ? `. ${RUNS_FOR_95_PERCENT} repetitions or more give 95 %` : ''
  return `interval: ${clauses.join('; ')}${more} (docs/method/repetitions.md).`
}

/** `93.8 %`: how often the interval of so many repetitions holds the true median; null below 2. */
export function intervalConfidence(runs: number): string | null {
  const found = rankOfMedianInterval(runs)
  return found === null ? null : `${String(Number((found.confidence * 100).toFixed(1)))} %`
}

function sureness(runs: number): string {
  return `${intervalConfidence(runs) ?? ''} of campaigns${runs === 2 ? ', no better than a coin toss' : ''}`
}

function spanText(runs: number): string {
  const rank = rankOfMedianInterval(runs)?.rank ?? 1
  return rank === 1 ? 'lowest to highest' : `rank ${rank} to rank ${runs + 1 - rank}`
}
