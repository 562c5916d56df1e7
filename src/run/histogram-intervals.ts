import { METRICS, type Metric } from '../measure/shared-measurements.ts'
import { totalCount } from '../measure/latency-summary.ts'
import { writeHistogramLog, type HistogramTag } from '../result/histogram-log.ts'
import type { MeasuredLatencies } from './cell-result.ts'

const TAGS: Readonly<Record<Metric, HistogramTag>> = {
  endToEndResponse: 'endToEnd.response',
  endToEndService: 'endToEnd.service',
  publishResponse: 'publish.response',
  publishService: 'publish.service',
  lagGenerator: 'sendLag.generator',
  lagBlocked: 'sendLag.blocked',
}

/** The `.hlog` text of a cell: one interval per distribution that has values, over the measured window. */
export function histogramLogOf(
  latencies: MeasuredLatencies,
  startedAtMs: number,
  warmupSeconds: number,
  measureSeconds: number,
): string {
  return writeHistogramLog(
    startedAtMs,
    METRICS.filter((metric) => totalCount(latencies[metric].counts) > 0).map((metric) => ({
      tag: TAGS[metric],
      startSeconds: warmupSeconds,
      durationSeconds: measureSeconds,
      counts: latencies[metric].counts,
    })),
  )
}
