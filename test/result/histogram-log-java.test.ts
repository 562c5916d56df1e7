/** HdrHistogram's reference implementation, fetched by Maven, reads our files: percentiles equal to the microsecond. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { highestValueAt } from '../../src/measure/bucket-layout.ts'
import {
  HISTOGRAM_TAGS,
  percentileCurve,
  readHistogramLog,
  writeHistogramLog,
  type HistogramInterval,
} from '../../src/result/histogram-log.ts'
import { bucketOf, countsOf, latencies } from './latency-samples.ts'
import { scratchFolder } from './scratch-folder.ts'

const VERSION = '2.2.2'

function referenceJar(): string {
  const path = `org/hdrhistogram/HdrHistogram/${VERSION}/HdrHistogram-${VERSION}.jar`
  const jar = join(homedir(), '.m2', 'repository', path)
  if (!existsSync(jar)) {
    const artifact = `-Dartifact=org.hdrhistogram:HdrHistogram:${VERSION}`
    execFileSync('mvn', ['-q', '-B', 'dependency:get', artifact, '-Dtransitive=false'], { stdio: 'pipe' })
  }
  return jar
}

/** Runs HistogramLogProcessor on one tag: the last interval line, and the percentile distribution as [value, percentile, count]. */
function processLog(jar: string, log: string, tag: string): { total: number[]; distribution: number[][] } {
  const output = join(scratchFolder(), 'out')
  const main = 'org.HdrHistogram.HistogramLogProcessor'
  const flags = ['-i', log, '-o', output, '-tag', tag, '-outputValueUnitRatio', '1']
  execFileSync('java', ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', jar, main, ...flags], { stdio: 'pipe' })
  const numbers = (line: string) => (line.match(/\d+(\.\d+)?/g) ?? []).map(Number)
  const lines = readFileSync(output, 'utf8').split('\n')
  const lastInterval = lines.findLast((line) => line.includes('T:')) ?? ''
  const distribution = readFileSync(`${output}.hgrm`, 'utf8')
    .split('\n')
    .filter((line) => /^\s*\d/.test(line))
    .map(numbers)
  return { total: numbers(lastInterval.slice(lastInterval.indexOf('T:'))), distribution }
}

/** The value at the rank of a percentile in HdrHistogram's definition, at the upper end of its bucket. */
function valueAt(sortedUs: readonly number[], percentile: number): number {
  const rank = Math.ceil((percentile / 100) * sortedUs.length * (1 - Number.EPSILON))
  return highestValueAt(bucketOf(sortedUs[rank - 1] ?? 0))
}

test('the Java reference reads every tag of a .hlog with equal percentiles and counts', () => {
  const jar = referenceJar()
  const seconds = [0, 1, 2]
  // Neither a round number of values nor ranks that are whole.
  const valuesOf = (tag: string, second: number) => latencies(19_997, 1 + second + 3 * tag.length)
  const intervals = HISTOGRAM_TAGS.flatMap((tag) =>
    seconds.map((second): HistogramInterval => {
      return { tag, startSeconds: second, durationSeconds: 1, counts: countsOf(valuesOf(tag, second)) }
    }),
  )
  const text = writeHistogramLog(Date.parse('2026-11-21T10:15:00Z'), intervals)
  const log = join(scratchFolder(), 'cell.hlog')
  writeFileSync(log, text)
  const ours = readHistogramLog(text)
  const curves = percentileCurve(text)
  for (const tag of HISTOGRAM_TAGS) {
    const { total, distribution } = processLog(jar, log, tag)
    const sortedUs = seconds.flatMap((second) => valuesOf(tag, second)).sort((a, b) => a - b)
    const percentiles = [50, 90, 99, 99.9, 99.99, 100]
    assert.deepEqual(total, [59_991, ...percentiles.map((percentile) => valueAt(sortedUs, percentile))], tag)
    assert.deepEqual(
      total.slice(1),
      percentiles.map((percentile) => ours.get(tag)?.getValueAtPercentile(percentile)),
      tag,
    )
    const curve = (curves[tag] ?? []).map(({ valueUs, count }) => [valueUs, count])
    const pairs = distribution.map(([value, , count]) => [value, count])
    assert.deepEqual(pairs, curve, tag)
  }
})
