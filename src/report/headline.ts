/** Which of a cell's figures stands in the table, and why one that should be there is not. Pure. */
import {
  axisNumber,
  headlineDistribution,
  headlineRate,
  type HeadlineRate,
  type RateBasis,
} from '../result/headline.ts'
import { carriesPercentile, tooFewSamplesText } from '../measure/statistics/effective-samples.ts'
import type { CellResult, Latency } from '../result/result.ts'

export { axisNumber, headlineRate, type HeadlineRate, type RateBasis }

/** What TPS counts, as the head of a table says it. */
export function rateBasisText(basis: RateBasis): string {
  switch (basis) {
    case 'delivered':
      return 'first deliveries per second'
    case 'confirmed':
      return 'confirmed messages per second (there is no consumer)'
    case 'sent':
      return 'sent messages per second (there is no consumer and there are no confirms)'
  }
}

export interface HeadlineLatency {
  readonly latency: Latency | null
  /** Its name in the histogram file: `endToEnd.response`, `publish.service` ... */
  readonly distribution: string
  /** `response latency (end to end, from the intended time)`: what the percentiles are of. */
  readonly label: string
  /** Why there is none; null where there is one. */
  readonly missing: string | null
}

/** Open model: end-to-end response. Closed model: end-to-end service. Publish latency where nothing consumes. */
export function headlineLatency(cell: CellResult): HeadlineLatency {
  const consumes = axisNumber(cell, 'consumers') !== 0
  const open = cell.model.kind === 'open'
  const path = consumes ? 'end to end' : 'publish to confirm'
  const label = open
    ? `response latency (${path}, from the intended time)`
    : `service latency (${path}, from the actual send), not an SLO latency`
  const { latency, tag: distribution } = headlineDistribution(cell)
  return { latency, distribution, label, missing: latency === null ? latencyMissing(cell, consumes) : null }
}

function latencyMissing(cell: CellResult, consumes: boolean): string {
  if (cell.verdict.kind === 'published') return 'The source publishes no latency.'
  if (cell.verdict.kind === 'failed') return 'No latency: the cell failed.'
  if (!consumes) return 'No publish latency: confirms were not asked for.'
  const bytes = axisNumber(cell, 'messageBytes')
  if (bytes !== null && bytes < 32) {
    const why = cell.model.kind === 'closed' ? 'in a closed model' : 'where slots are skipped'
    return `No end-to-end latency: messages under 32 bytes carry no time, and ${why} it cannot be recomputed.`
  }
  return 'End-to-end latency was not measured.'
}

export type PercentileName = 'p50' | 'p90' | 'p99' | 'p999' | 'p9999'

/**
 * Why a percentile of a measured distribution is null: `p99.9: n/a (needs 3,688 independent, has <= 1,200).`
 *
 * @param alike others in the same table, which get the same sentence: `has <= 811 to 1,200 in 9 cells`.
 */
export function percentileMissing(name: PercentileName, latency: Latency, alike: readonly Latency[] = []): string {
  const shown = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', p9999: 'p99.99' }[name]
  const independent = independentOf(latency)
  if (latency.count === 0) return 'No sample.'
  if (name === 'p50' || name === 'p90' || carriesPercentile(name, independent)) return `${shown} is withheld.`
  const thin = alike.filter((one) => one.count > 0 && !carriesPercentile(name, independentOf(one))).map(independentOf)
  if (thin.length < 2) return `${shown}: ${tooFewSamplesText(name, independent)}.`
  return `${shown}: ${tooFewSamplesText(name, Math.min(...thin), Math.max(...thin))} in ${thin.length} cells.`
}

function independentOf(latency: Latency): number {
  return Math.min(latency.count, latency.effectiveCount ?? latency.count)
}

/**
 * Time that one message takes its producer in a closed model, milliseconds: producers x in flight / TPS. Null in an open
 * model, where the schedule and not the broker sets the rate, and without a rate or a producer.
 */
export function impliedSendMs(cell: CellResult): number | null {
  const rate = headlineRate(cell)
  const producers = axisNumber(cell, 'producers')
  if (cell.model.kind !== 'closed' || rate === null || rate.perSecond <= 0 || producers === null) return null
  return producers === 0 ? null : (producers * cell.model.inFlight * 1000) / rate.perSecond
}
