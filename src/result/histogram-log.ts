/**
 * Histograms as `.hlog` files (HdrHistogram interval log 1.3, histograms in V2 encoding), which every HdrHistogram tool
 * reads. In: counts in HdrHistogram's own bucket layout (measure/bucket-layout.ts), so that the conversion copies counts
 * and loses nothing.
 */
import { Float64Histogram, HistogramLogReader, HistogramLogWriter } from 'hdr-histogram-js'
import { COUNTS_LENGTH, HIGHEST_VALUE_US, SIGNIFICANT_DIGITS } from '../measure/bucket-layout.ts'
import { StoreError } from './store-error.ts'

/** The tags in use, one per distribution of a cell. */
export const HISTOGRAM_TAGS = [
  'endToEnd.response',
  'endToEnd.service',
  'publish.response',
  'publish.service',
  'sendLag.generator',
  'sendLag.blocked',
] as const
export type HistogramTag = (typeof HISTOGRAM_TAGS)[number]

const LOWEST_DISCERNIBLE_US = 1

/** Counts of one distribution over one stretch of time. */
export interface HistogramInterval {
  readonly tag: HistogramTag
  /** Since the start that the log names, seconds. */
  readonly startSeconds: number
  readonly durationSeconds: number
  /** Whole numbers by bucket, at most `COUNTS_LENGTH` of them; those left out at the end are 0. */
  readonly counts: ArrayLike<number>
}

/** One point of the latency-by-percentile curve. */
export interface CurvePoint {
  /** 0 to 100. */
  readonly percentile: number
  /** Upper end of the bucket, microseconds: at most 0.1 % above the true value. */
  readonly valueUs: number
  /** Values up to this one, itself included. */
  readonly count: number
}

/**
 * The text of a `.hlog` file, byte-equal for equal input.
 * @param startedAtMs the start that the intervals count from, milliseconds since the epoch.
 * @throws RangeError for counts that are too many, negative or not whole.
 */
export function writeHistogramLog(startedAtMs: number, intervals: Iterable<HistogramInterval>): string {
  const parts: string[] = []
  const writer = new HistogramLogWriter((text) => parts.push(text))
  const startedAtSeconds = (startedAtMs / 1000).toFixed(3)
  writer.outputComment('[Latencies in microseconds, written by brokermark]')
  writer.outputLogFormatVersion()
  // Not outputStartTime(): that prints the local time zone, so that equal runs would give different files.
  writer.outputComment(`[StartTime: ${startedAtSeconds} (seconds since epoch), ${new Date(startedAtMs).toISOString()}]`)
  writer.outputComment(`[BaseTime: ${startedAtSeconds} (seconds since epoch)]`)
  writer.outputLegend()
  const histogram = emptyHistogram()
  for (const interval of intervals) {
    fillFromCounts(histogram, interval.counts)
    histogram.tag = interval.tag
    writer.outputIntervalHistogram(
      histogram,
      interval.startSeconds,
      interval.startSeconds + interval.durationSeconds,
      1, // Interval_Max in microseconds as well
    )
  }
  return parts.join('')
}

/**
 * The distributions of a `.hlog` text, all intervals of a tag merged, by tag.
 * @param tags those that are wanted; all of them when left out. Reading a line takes about a millisecond.
 * @throws StoreError when the text is no such log, or its histograms have another layout.
 */
export function readHistogramLog(text: string, tags?: readonly string[]): ReadonlyMap<string, Float64Histogram> {
  const merged = new Map<string, Float64Histogram>()
  try {
    const reader = new HistogramLogReader(tags === undefined ? text : linesOf(text, tags), 64)
    for (let interval = reader.nextIntervalHistogram(); interval !== null; interval = reader.nextIntervalHistogram()) {
      const sum = merged.get(interval.tag) ?? emptyHistogram()
      merged.set(interval.tag, sum)
      addCounts(sum, interval)
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError(`not a histogram log: ${reason}`, { cause })
  }
  // Total, smallest and largest value follow from the counts.
  for (const sum of merged.values()) sum.establishInternalTackingValues()
  return merged
}

function linesOf(text: string, tags: readonly string[]): string {
  const isWanted = (line: string) => !line.startsWith('Tag=') || tags.includes(line.slice(4, line.indexOf(',')))
  return text.split('\n').filter(isWanted).join('\n')
}

/**
 * The curves of a `.hlog` text, by tag; tags without a value have none.
 * @param ticksPerHalfDistance points between 0 and 50 %, between 50 and 75 %, between 75 and 87.5 %, and so on.
 * @param tags as `readHistogramLog`.
 * @throws StoreError as `readHistogramLog`.
 */
export function percentileCurve(
  text: string,
  ticksPerHalfDistance = 5,
  tags?: readonly string[],
): Readonly<Record<string, readonly CurvePoint[]>> {
  const curves: Record<string, readonly CurvePoint[]> = {}
  for (const [tag, histogram] of readHistogramLog(text, tags)) {
    if (histogram.totalCount > 0) curves[tag] = curveOf(histogram, ticksPerHalfDistance)
  }
  return curves
}

function curveOf(histogram: Float64Histogram, ticksPerHalfDistance: number): CurvePoint[] {
  const points: CurvePoint[] = []
  const iterator = histogram.percentileIterator
  iterator.reset(ticksPerHalfDistance)
  while (iterator.hasNext()) {
    // The iterator gives the same object again and again.
    const { percentileLevelIteratedTo, valueIteratedTo, totalCountToThisValue } = iterator.next()
    points.push({
      percentile: percentileLevelIteratedTo,
      valueUs: histogram.highestEquivalentValue(valueIteratedTo),
      count: totalCountToThisValue,
    })
  }
  return points
}

/** 64-bit counts: those of 8 and 16 bits wrap in silence. */
function emptyHistogram(): Float64Histogram {
  return new Float64Histogram(LOWEST_DISCERNIBLE_US, HIGHEST_VALUE_US, SIGNIFICANT_DIGITS)
}

function fillFromCounts(histogram: Float64Histogram, counts: ArrayLike<number>): void {
  if (counts.length > COUNTS_LENGTH) {
    throw new RangeError(`${counts.length} buckets do not fit a histogram of ${COUNTS_LENGTH}`)
  }
  histogram.reset()
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] ?? 0
    if (count === 0) continue
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a count (bucket ${index})`)
    histogram.setCountAtIndex(index, count)
  }
  // Total, smallest and largest value follow from the counts.
  histogram.establishInternalTackingValues()
}

function addCounts(sum: Float64Histogram, interval: object): void {
  if (!(interval instanceof Float64Histogram) || !hasOurLayout(interval)) {
    throw new StoreError('the histogram log has another range or precision than 1 us to 1 h at 3 digits')
  }
  for (let index = 0; index < interval.countsArrayLength; index++) {
    const count = interval.getCountAtIndex(index)
    if (count !== 0) sum.addToCountAtIndex(index, count)
  }
}

/** Whether the buckets are those of `bucket-layout.ts`. */
function hasOurLayout(histogram: Float64Histogram): boolean {
  return (
    histogram.lowestDiscernibleValue === LOWEST_DISCERNIBLE_US &&
    histogram.highestTrackableValue === HIGHEST_VALUE_US &&
    histogram.numberOfSignificantValueDigits === SIGNIFICANT_DIGITS
  )
}
