/**
 * Whether one of two samples tends to be larger: the Mann-Whitney U test (Mann and Whitney, "On a test of whether one of
 * two random variables is stochastically larger than the other", Annals of Mathematical Statistics 18, 1947). It assumes
 * no distribution, which throughputs do not have. Few values are judged by the exact distribution, ties included (the
 * shift algorithm of Streitberg and Roehmel, "Exact distributions for permutation and rank tests", Statistical Software
 * Newsletter 12, 1986); many by the normal one, its variance corrected for ties.
 */
import { twoSidedP } from './normal-distribution.ts'

/** Values of both samples together up to which the distribution is counted out. */
const MAX_EXACT = 50

/** The outcome of the test. */
export interface MannWhitney {
  /** Pairs in which the value of `a` is the larger, a tie counting half: 0 to |a| x |b|. */
  readonly u: number
  /** Two-sided: how likely samples of one distribution differ by as much. 1 where either sample is empty. */
  readonly p: number
  readonly method: 'exact' | 'normal'
}

/** @param a and @param b the values of each side, in any order. */
export function mannWhitney(a: readonly number[], b: readonly number[]): MannWhitney {
  const ranks = doubledRanks([...a, ...b])
  const rankSum = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0)
  const u = rankSum / 2 - (a.length * (a.length + 1)) / 2
  if (a.length === 0 || b.length === 0) return { u: 0, p: 1, method: 'exact' }
  return ranks.length <= MAX_EXACT
    ? { u, p: exactP(ranks, a.length, rankSum), method: 'exact' }
    : { u, p: normalP(ranks, a.length, u), method: 'normal' }
}

/** Twice the rank of each value, so that the mean rank of ties is whole. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = values.toSorted((x, y) => x - y)
  const firstAt = new Map<number, number>()
  const lastAt = new Map<number, number>()
  for (const [place, value] of sorted.entries()) {
    if (!firstAt.has(value)) firstAt.set(value, place + 1)
    lastAt.set(value, place + 1)
  }
  return values.map((value) => (firstAt.get(value) ?? 0) + (lastAt.get(value) ?? 0))
}

/** Share of all choices of `size` ranks whose sum lies as far from the middle as this one, or further. */
function exactP(ranks: readonly number[], size: number, rankSum: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  // waysToSum[k][s]: choices of k of the ranks seen so far that add up to s.
  const waysToSum = Array.from({ length: size + 1 }, () => new Float64Array(total + 1))
  const none = waysToSum[0]
  if (none !== undefined) none[0] = 1
  for (const rank of ranks) {
    for (let chosen = size; chosen >= 1; chosen--) {
      const [from, to] = [waysToSum[chosen - 1], waysToSum[chosen]]
      if (from === undefined || to === undefined) continue
      for (let sum = total; sum >= rank; sum--) to[sum] = (to[sum] ?? 0) + (from[sum - rank] ?? 0)
    }
  }
  const middle = (total * size) / ranks.length
  const distance = Math.abs(rankSum - middle)
  let all = 0
  let asFar = 0
  for (const [sum, ways] of (waysToSum[size] ?? new Float64Array()).entries()) {
    all += ways
    if (Math.abs(sum - middle) >= distance - 1e-9) asFar += ways
  }
  return Math.min(1, asFar / all)
}

function normalP(ranks: readonly number[], size: number, u: number): number {
  const n = ranks.length
  const pairs = size * (n - size)
  const tied = new Map<number, number>()
  for (const rank of ranks) tied.set(rank, (tied.get(rank) ?? 0) + 1)
  const ties = [...tied.values()].reduce((sum, count) => sum + count ** 3 - count, 0)
  const variance = (pairs / 12) * (n + 1 - ties / (n * (n - 1)))
  const distance = Math.max(0, Math.abs(u - pairs / 2) - 0.5)
  return variance > 0 ? twoSidedP(distance / Math.sqrt(variance)) : 1
}
