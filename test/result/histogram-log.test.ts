import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, encodeIntoCompressedBase64, Float64Histogram, HistogramLogReader } from 'hdr-histogram-js'
import { COUNTS_LENGTH, indexOfValue, lowestValueAt } from '../../src/measure/bucket-layout.ts'
import {
  percentileCurve,
  readHistogramLog,
  writeHistogramLog,
  type HistogramInterval,
} from '../../src/result/histogram-log.ts'
import { StoreError } from '../../src/result/store-error.ts'
import { bucketOf, countsOf, latencies } from './latency-samples.ts'

const STARTED_AT_MS = Date.parse('2026-11-21T10:15:00.250Z')

const interval = (changes: Partial<HistogramInterval>): HistogramInterval => ({
  tag: 'endToEnd.service',
  startSeconds: 0,
  durationSeconds: 1,
  counts: [],
  ...changes,
})

test('the recorder counts in the bucket layout that HdrHistogram has, for every bucket there is', () => {
  const histogram = new Float64Histogram(1, 3_600_000_000, 3)
  assert.equal(histogram.countsArrayLength, COUNTS_LENGTH)
  for (let index = 0; index < COUNTS_LENGTH; index++) {
    const lowest = histogram.valueFromIndex(index)
    assert.equal(lowestValueAt(index), lowest)
    assert.equal(indexOfValue(lowest), index)
    assert.equal(bucketOf(lowest), index)
    assert.equal(bucketOf(histogram.highestEquivalentValue(lowest)), index)
  }
})

test('what is written is read again count by count, also beyond 32 bits', () => {
  const counts = new Float64Array(COUNTS_LENGTH)
  counts[0] = 3
  counts[1] = 70_000
  counts[2_047] = 5_000_000_000
  counts[2_048] = 1
  counts[bucketOf(3_600_000_000)] = 2
  counts[COUNTS_LENGTH - 1] = 1
  const read = readHistogramLog(writeHistogramLog(STARTED_AT_MS, [interval({ counts })])).get('endToEnd.service')
  assert.ok(read)
  const readCounts = counts.map((_, index) => read.getCountAtIndex(index))
  assert.deepEqual(readCounts, counts)
  assert.equal(read.totalCount, 5_000_070_007)
})

test('intervals of a tag are merged, tags are kept apart, and a tag may have no value', () => {
  const text = writeHistogramLog(STARTED_AT_MS, [
    interval({ counts: countsOf([10, 20]) }),
    interval({ tag: 'publish.service', counts: Uint32Array.of(0, 4) }),
    interval({ tag: 'sendLag.blocked' }),
    interval({ startSeconds: 1, counts: countsOf([20, 5_000_000]) }),
  ])
  const read = readHistogramLog(text)
  assert.deepEqual([...read.keys()], ['endToEnd.service', 'publish.service', 'sendLag.blocked'])
  assert.equal(read.get('endToEnd.service')?.totalCount, 4)
  assert.equal(read.get('publish.service')?.getValueAtPercentile(100), 1)
  assert.equal(read.get('sendLag.blocked')?.totalCount, 0)
  assert.deepEqual(Object.keys(percentileCurve(text)), ['endToEnd.service', 'publish.service'])
})

test("the library's own log reader finds times, tags and percentiles", () => {
  const values = latencies(50_000)
  const text = writeHistogramLog(STARTED_AT_MS, [
    interval({ startSeconds: 2.5, durationSeconds: 1.25, counts: countsOf(values) }),
  ])
  const oracle = build({ bitBucketSize: 64, highestTrackableValue: 3_600_000_000 })
  for (const value of values) oracle.recordValue(value)
  const read = new HistogramLogReader(text, 64).nextIntervalHistogram()
  assert.ok(read)
  assert.equal(read.tag, 'endToEnd.service')
  assert.equal(read.startTimeStampMsec, STARTED_AT_MS + 2_500)
  assert.equal(read.endTimeStampMsec, STARTED_AT_MS + 3_750)
  for (const percentile of [50, 90, 99, 99.9, 99.99, 99.999, 100]) {
    assert.equal(read.getValueAtPercentile(percentile), oracle.getValueAtPercentile(percentile))
  }
})

test('the curve rises to 100 % at the largest value and counts all values', () => {
  const values = latencies(10_000)
  const curve = percentileCurve(writeHistogramLog(STARTED_AT_MS, [interval({ counts: countsOf(values) })]))
  const points = curve['endToEnd.service'] ?? []
  assert.ok(points.length > 20)
  points.slice(1).forEach((point, index) => {
    const before = points[index]
    assert.ok(before && point.percentile > before.percentile && point.valueUs >= before.valueUs)
  })
  assert.deepEqual([points.at(-1)?.percentile, points.at(-1)?.count], [100, 10_000])
  assert.equal(bucketOf(points.at(-1)?.valueUs ?? 0), bucketOf(Math.max(...values)))
})

test('equal measurements give byte-equal files', () => {
  const write = () => writeHistogramLog(STARTED_AT_MS, [interval({ counts: countsOf(latencies(1_000)) })])
  assert.equal(write(), write())
  assert.match(write(), /^#\[StartTime: 1795256100\.250 \(seconds since epoch\), 2026-11-21T10:15:00\.250Z\]$/m)
})

test('counts that are none are refused', () => {
  const write = (counts: ArrayLike<number>) => () => writeHistogramLog(0, [interval({ counts })])
  assert.throws(write([0, -1]), RangeError)
  assert.throws(write([0.5]), RangeError)
  assert.throws(write(new Uint32Array(COUNTS_LENGTH + 1)), RangeError)
})

test('a text that is no log of ours is refused', () => {
  assert.throws(() => readHistogramLog('1,2,3,no histogram'), StoreError)
  const line =
    writeHistogramLog(0, [interval({ counts: countsOf([7, 9]) })])
      .split('\n')
      .at(-2) ?? ''
  assert.equal(readHistogramLog(line).size, 1)
  assert.throws(() => readHistogramLog(line.slice(0, -20)), StoreError)
  const foreign = build({ bitBucketSize: 64, highestTrackableValue: 1_000_000, numberOfSignificantValueDigits: 2 })
  foreign.recordValue(7)
  const encoded = line.split(',').at(-1) ?? ''
  const foreignLine = line.replace(encoded, encodeIntoCompressedBase64(foreign))
  assert.throws(() => readHistogramLog(foreignLine), /another range or precision/)
})
