import { varianceOf } from '../measure/latency-summary.ts'
import type { Metric } from '../measure/shared-measurements.ts'
import { effectiveSamples, type SecondMean } from '../measure/statistics/effective-samples.ts'
import type { MeasuredLatencies } from './cell-result.ts'

/**
 * How many independent samples each distribution of a cell is worth (R3.2); null for a cell that is too short to tell,
 * and for latencies that are all the same. Not for lags: they are judged, not reported.
 * @param means count and mean of each measured second.
 */
export function effectiveCounts(
  latencies: MeasuredLatencies,
  means: Readonly<Record<Metric, readonly SecondMean[]>>,
): (metric: Metric) => number | null {
  return (metric) => {
    if (metric === 'lagGenerator' || metric === 'lagBlocked') return null
    const { effective, autocorrelationTime } = effectiveSamples(means[metric], varianceOf(latencies[metric].counts))
    return autocorrelationTime === null ? null : effective
  }
}
