/** Which of a cell's figures stands for it: its rate, and its latency. Pure. */
import type { HistogramTag } from './histogram-log.ts'
import type { CellResult, Latency } from './result.ts'

export type RateBasis = 'delivered' | 'confirmed' | 'sent'

export interface HeadlineRate {
  readonly perSecond: number
  readonly basis: RateBasis
}

/** TPS: first deliveries per second, else confirms, else sends (design.md section 10). Null where nothing was counted. */
export function headlineRate(cell: CellResult): HeadlineRate | null {
  const rates = cell.throughput
  if (rates === null) return null
  if (rates.deliveredPerSecond !== null) return { perSecond: rates.deliveredPerSecond, basis: 'delivered' }
  if (rates.confirmedPerSecond !== null) return { perSecond: rates.confirmedPerSecond, basis: 'confirmed' }
  return rates.sentPerSecond === null ? null : { perSecond: rates.sentPerSecond, basis: 'sent' }
}

/** The distribution that a cell's percentiles are of. */
export interface HeadlineDistribution {
  /** Its name in the histogram file. */
  readonly tag: HistogramTag
  /** Null where it was not measured. */
  readonly latency: Latency | null
}

/** Open model: end-to-end response. Closed model: end-to-end service. Publish latency where nothing consumes. */
export function headlineDistribution(cell: CellResult): HeadlineDistribution {
  const consumes = axisNumber(cell, 'consumers') !== 0
  const from = cell.model.kind === 'open' ? 'response' : 'service'
  const pair = consumes ? cell.latencyUs?.endToEnd : cell.latencyUs?.publish
  return { tag: `${consumes ? 'endToEnd' : 'publish'}.${from}`, latency: pair?.[from] ?? null }
}

/** A numeric axis of a cell; null where it has none of that name. */
export function axisNumber(cell: Pick<CellResult, 'axes'>, axis: string): number | null {
  const value = cell.axes[axis]
  return typeof value === 'number' ? value : null
}
