/** The histograms of a `.hlog` one by one, as the bootstrap draws them. */
import { Float64Histogram, HistogramLogReader } from 'hdr-histogram-js'
import type { SecondHistogram } from '../measure/statistics/quantile-bootstrap.ts'
import { hasOurLayout, type HistogramTag } from './histogram-log.ts'
import { StoreError } from './store-error.ts'

/**
 * One per line of that tag, in the order of the file: a block of whole seconds each, or the whole window in older files.
 * @returns null where the tag has no line.
 * @throws StoreError when the text is no such log, or its histograms have another layout.
 */
export function readHistogramBlocks(text: string, tag: HistogramTag): SecondHistogram[] | null {
  // Other tags are left out before they are decoded, which takes most of the time.
  const own = text.split('\n').filter((line) => !line.startsWith('Tag=') || line.startsWith(`Tag=${tag},`))
  const blocks: SecondHistogram[] = []
  try {
    const reader = new HistogramLogReader(own.join('\n'), 64)
    for (let interval = reader.nextIntervalHistogram(); interval !== null; interval = reader.nextIntervalHistogram())
      blocks.push(sparse(interval))
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    throw new StoreError(`not a histogram log: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  return blocks.length === 0 ? null : blocks
}

function sparse(histogram: object): SecondHistogram {
  if (!(histogram instanceof Float64Histogram) || !hasOurLayout(histogram)) {
    throw new StoreError('the histogram log has another range or precision than 1 us to 1 h at 3 digits')
  }
  const buckets: number[] = []
  const counts: number[] = []
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    const count = histogram.getCountAtIndex(index)
    if (count === 0) continue
    buckets.push(index)
    counts.push(count)
  }
  return { buckets, counts }
}
