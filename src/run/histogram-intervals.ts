import type { HistogramBlock } from '../measure/histogram-blocks.ts'
import { METRICS, type Metric } from '../measure/shared-measurements.ts'
import { addInto } from '../measure/sparse-counts.ts'
import { COUNTS_LENGTH } from '../measure/bucket-layout.ts'
import { writeHistogramLog, type HistogramInterval, type HistogramTag } from '../result/histogram-log.ts'

const TAGS: Readonly<Record<Metric, HistogramTag>> = {
  endToEndResponse: 'endToEnd.response',
  endToEndService: 'endToEnd.service',
  publishResponse: 'publish.response',
  publishService: 'publish.service',
  lagGenerator: 'sendLag.generator',
  lagBlocked: 'sendLag.blocked',
}

/** The course of a cell's measured latencies, for its `.hlog` file. */
export interface CellHistograms {
  /** The common start, which the blocks count from, milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly blocks: readonly HistogramBlock[]
}

/**
 * The `.hlog` text of a cell: one line per distribution and block that has values, in the order of time. A line holds
 * what was recorded in its block, so that all lines of a tag together are the whole measurement. Encoding takes about a
 * millisecond a line: never while anything is measured.
 */
export function histogramLogOf({ startedAtMs, blocks }: CellHistograms): string {
  return writeHistogramLog(startedAtMs, linesOf(blocks))
}

function* linesOf(blocks: readonly HistogramBlock[]): Generator<HistogramInterval> {
  const counts = new Float64Array(COUNTS_LENGTH)
  for (const { fromSeconds, toSeconds, histograms } of blocks) {
    for (const metric of METRICS) {
      if (histograms[metric].indices.length === 0) continue
      counts.fill(0)
      addInto(counts, histograms[metric])
      yield { tag: TAGS[metric], startSeconds: fromSeconds, durationSeconds: toSeconds - fromSeconds, counts }
    }
  }
}
