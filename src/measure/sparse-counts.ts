import { COUNTS_LENGTH, highestValueAt, middleValueAt } from './bucket-layout.ts'

/** What of a histogram is not zero: the histogram of one second has a few hundred buckets of `COUNTS_LENGTH`. */
export interface SparseCounts {
  /** In rising order, each once. */
  readonly indices: Uint16Array
  /** By place in `indices`, above 0. */
  readonly counts: Float64Array
}

/** No value at all. */
export const NO_COUNTS: SparseCounts = { indices: new Uint16Array(0), counts: new Float64Array(0) }

/** Adds two histograms up. */
export function addSparse(a: SparseCounts, b: SparseCounts): SparseCounts {
  if (a.indices.length === 0) return b
  if (b.indices.length === 0) return a
  const indices = new Uint16Array(a.indices.length + b.indices.length)
  const counts = new Float64Array(indices.length)
  let length = 0
  for (let atA = 0, atB = 0; atA < a.indices.length || atB < b.indices.length; length++) {
    const nextA = a.indices[atA] ?? COUNTS_LENGTH
    const nextB = b.indices[atB] ?? COUNTS_LENGTH
    indices[length] = Math.min(nextA, nextB)
    counts[length] = (nextA <= nextB ? (a.counts[atA] ?? 0) : 0) + (nextB <= nextA ? (b.counts[atB] ?? 0) : 0)
    if (nextA <= nextB) atA++
    if (nextB <= nextA) atB++
  }
  return { indices: indices.slice(0, length), counts: counts.slice(0, length) }
}

/** Adds a histogram into counts in the bucket layout, `COUNTS_LENGTH` of them. */
export function addInto(counts: Float64Array, sparse: SparseCounts): void {
  sparse.indices.forEach((index, place) => {
    counts[index] = (counts[index] ?? 0) + (sparse.counts[place] ?? 0)
  })
}

/** Values counted. */
export function sparseTotal({ counts }: SparseCounts): number {
  let total = 0
  for (const count of counts) total += count
  return total
}

/** As `valueAtQuantile` of the whole histogram; null without a value. */
export function sparseQuantile(sparse: SparseCounts, quantile: number): number | null {
  const total = sparseTotal(sparse)
  if (total === 0) return null
  const rank = Math.max(1, Math.min(total, Math.ceil(quantile * total * (1 - Number.EPSILON))))
  let seen = 0
  for (let place = 0; place < sparse.indices.length; place++) {
    seen += sparse.counts[place] ?? 0
    if (seen >= rank) return highestValueAt(sparse.indices[place] ?? 0)
  }
  return null
}

/** Mean in microseconds, each value taken for the middle of its bucket; 0 without a value. */
export function sparseMean({ indices, counts }: SparseCounts): number {
  let sum = 0
  let total = 0
  for (let place = 0; place < indices.length; place++) {
    const count = counts[place] ?? 0
    sum += count * middleValueAt(indices[place] ?? 0)
    total += count
  }
  return total === 0 ? 0 : sum / total
}
