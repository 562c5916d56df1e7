import { HistogramBlocks, type HistogramBlock, type HistogramsByMetric } from '../measure/histogram-blocks.ts'
import { LatencyFollower } from '../measure/latency-follower.ts'
import { latencySlots, METRICS, type MeasuredPhase, type Metric } from '../measure/shared-measurements.ts'
import { addSparse, NO_COUNTS, sparseMean, sparseTotal, type SparseCounts } from '../measure/sparse-counts.ts'
import type { SecondMean } from '../measure/statistics/effective-samples.ts'
import type { PhaseName } from '../result/result.ts'
import type { MeasuredLatencies } from './cell-result.ts'

/** Distributions that an interval shows of the warm-up as well: its headline, and how late the generator was. */
type Shown = 'headline' | 'generatorLag'

/**
 * Follows every distribution of a cell interval by interval, on the main thread (method.md R3.1): what the intervals
 * show, what the histogram log is written from, and how alike neighbouring seconds are. In bounded memory: histograms in
 * at most `BLOCKS_MAX` blocks, and two numbers per second and distribution. Nothing is encoded while it is measured.
 */
export class LatencyCourse {
  readonly #measured: Readonly<Record<Metric, LatencyFollower>>
  readonly #warmup: Readonly<Record<Shown, LatencyFollower>>
  readonly #headline: Metric
  readonly #blocks = new HistogramBlocks()
  readonly #means = byMetric((): SecondMean[] => [])
  #early: HistogramsByMetric = byMetric(() => NO_COUNTS)

  /** @param headline the latency that intervals show. */
  constructor(memories: readonly SharedArrayBuffer[], headline: Metric) {
    const follow = (phase: MeasuredPhase, metric: Metric) => new LatencyFollower(latencySlots(memories, phase, metric))
    this.#headline = headline
    this.#measured = byMetric((metric) => follow('measure', metric))
    this.#warmup = { headline: follow('warm-up', headline), generatorLag: follow('warm-up', 'lagGenerator') }
  }

  /**
   * Takes what was recorded since the last call.
   * @param fromSeconds and `toSeconds` since the common start.
   * @param phase what comes in the drain belongs to the measurement, and counts as part of its last second; what comes in
   * the milliseconds between the end of the warm-up and its cut, as part of the first.
   */
  take(fromSeconds: number, toSeconds: number, phase: PhaseName): Readonly<Record<Shown, SparseCounts>> {
    const histograms: HistogramsByMetric = byMetric((metric) => this.#measured[metric].take())
    if (phase === 'warm-up') this.#early = byMetric((metric) => addSparse(this.#early[metric], histograms[metric]))
    else this.#add(fromSeconds, toSeconds, histograms, phase === 'drain')
    return {
      headline: addSparse(this.#warmup.headline.take(), histograms[this.#headline]),
      generatorLag: addSparse(this.#warmup.generatorLag.take(), histograms.lagGenerator),
    }
  }

  #add(fromSeconds: number, toSeconds: number, taken: HistogramsByMetric, isDraining: boolean): void {
    const histograms = byMetric((metric) => addSparse(this.#early[metric], taken[metric]))
    this.#early = byMetric(() => NO_COUNTS)
    if (isDraining && METRICS.every((metric) => histograms[metric].indices.length === 0)) return
    this.#blocks.add({ fromSeconds, toSeconds, histograms })
    for (const metric of METRICS) addMean(this.#means[metric], histograms[metric], isDraining)
  }

  /** All measured latencies that were taken so far: to the last count the sum of `blocks`. */
  get latencies(): MeasuredLatencies {
    return byMetric((metric) => this.#measured[metric].total)
  }

  /** The measured latencies in the order of time. */
  get blocks(): readonly HistogramBlock[] {
    return this.#blocks.blocks
  }

  /** Count and mean of each measured second, microseconds. */
  get means(): Readonly<Record<Metric, readonly SecondMean[]>> {
    return this.#means
  }
}

function addMean(means: SecondMean[], sparse: SparseCounts, isDraining: boolean): void {
  const second = { count: sparseTotal(sparse), mean: sparseMean(sparse) }
  const last = means.at(-1)
  if (!isDraining || last === undefined) {
    means.push(second)
    return
  }
  const count = last.count + second.count
  const mean = count === 0 ? 0 : (last.count * last.mean + second.count * second.mean) / count
  means[means.length - 1] = { count, mean }
}

function byMetric<T>(make: (metric: Metric) => T): Readonly<Record<Metric, T>> {
  return Object.fromEntries(METRICS.map((metric) => [metric, make(metric)])) as unknown as Readonly<Record<Metric, T>>
}
