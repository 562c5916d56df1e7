import { METRICS, type Metric } from './shared-measurements.ts'
import { addSparse, type SparseCounts } from './sparse-counts.ts'

/** What was recorded in one stretch of time, by distribution. */
export type HistogramsByMetric = Readonly<Record<Metric, SparseCounts>>

/** The histograms of one stretch of whole seconds (the first and the last may be shorter). */
export interface HistogramBlock {
  /** Since the common start. */
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly histograms: HistogramsByMetric
}

/** Blocks that a cell has at most: one per second up to two minutes, of two seconds up to four, and so on. */
export const BLOCKS_MAX = 120

/**
 * The course of all distributions of a cell in bounded memory, however long it lasts: when the blocks are too many, each
 * is merged with its neighbour, and those that follow are as long as the merged ones.
 */
export class HistogramBlocks {
  #blocks: HistogramBlock[] = []
  /** Stretches in a block, a power of two. */
  #perBlock = 1
  /** Stretches in the last block. */
  #inLast = 0

  get blocks(): readonly HistogramBlock[] {
    return this.#blocks
  }

  /** Adds the stretch that follows the last one, about a second. */
  add(next: HistogramBlock): void {
    const last = this.#blocks.at(-1)
    if (last !== undefined && this.#inLast < this.#perBlock) {
      this.#blocks[this.#blocks.length - 1] = together(last, next)
      this.#inLast++
      return
    }
    if (this.#blocks.length === BLOCKS_MAX) this.#mergeNeighbours()
    this.#blocks.push(next)
    this.#inLast = 1
  }

  #mergeNeighbours(): void {
    const merged: HistogramBlock[] = []
    for (let place = 0; place < this.#blocks.length; place += 2) {
      const [first, second] = this.#blocks.slice(place, place + 2)
      if (first !== undefined) merged.push(second === undefined ? first : together(first, second))
    }
    this.#blocks = merged
    this.#perBlock *= 2
  }
}

function together(first: HistogramBlock, second: HistogramBlock): HistogramBlock {
  const histograms = Object.fromEntries(
    METRICS.map((metric) => [metric, addSparse(first.histograms[metric], second.histograms[metric])]),
  ) as unknown as HistogramsByMetric
  return { fromSeconds: first.fromSeconds, toSeconds: second.toSeconds, histograms }
}
