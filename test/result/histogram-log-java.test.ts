/** HdrHistogram's reference implementation, fetched by Maven, reads our files: percentiles equal to the microsecond. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  HISTOGRAM_TAGS,
  percentileCurve,
  readHistogramLog,
  writeHistogramLog,
  type HistogramInterval,
} from '../../src/result/histogram-log.ts'
import { countsOf, latencies } from './latency-samples.ts'
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

test('the Java reference reads every tag of a .hlog with equal percentiles and counts', () => {
  const jar = referenceJar()
  const intervals = HISTOGRAM_TAGS.flatMap((tag, index) =>
    [0, 1, 2].map((second): HistogramInterval => {
      const counts = countsOf(latencies(20_000, 1 + index * 3 + second))
      return { tag, startSeconds: second, durationSeconds: 1, counts }
    }),
  )
  const text = writeHistogramLog(Date.parse('2026-11-21T10:15:00Z'), intervals)
  const log = join(scratchFolder(), 'cell.hlog')
  writeFileSync(log, text)
  const ours = readHistogramLog(text)
  const curves = percentileCurve(text)
  for (const tag of HISTOGRAM_TAGS) {
    const { total, distribution } = processLog(jar, log, tag)
    const histogram = ours.get(tag)
    assert.ok(histogram)
    const percentiles = [50, 90, 99, 99.9, 99.99, 100].map((percentile) => histogram.getValueAtPercentile(percentile))
    assert.deepEqual(total, [60_000, ...percentiles], tag)
    const curve = (curves[tag] ?? []).map(({ valueUs, count }) => [valueUs, count])
    assert.deepEqual(
      distribution.map(([value, , count]) => [value, count]),
      curve,
      tag,
    )
  }
})
