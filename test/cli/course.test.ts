/** What a whole run leaves behind of its seconds: intervals with monitors, and the histogram log. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readHistogramLog } from '../../src/result/histogram-log.ts'
import type { Latency, Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from './brokermark.ts'

const WORDS = ['run', '-x', '2', '-y', '2', '-r', '500', '-c', '1000', '--threads', '2', '-z', '2.5', '--json']

test('R8.5 a run says of each second how its generator fared, and its histogram log is the measurement', async (context) => {
  const results = scratchFolder(context)
  const words = [...WORDS, '--set', 'phases.warmupSeconds=1.5', '--results', results]
  const { stdout, stderr } = await brokermark(words)
  const { cells, runId } = JSON.parse(stdout) as Result
  const [cell, ...others] = cells
  assert.ok(cell !== undefined && others.length === 0, stderr)
  const intervals = cell.intervals.filter(({ phase }) => phase !== 'drain')
  for (const interval of intervals) {
    assert.ok(interval.offered !== null && interval.skipped === 0)
    assert.ok(interval.residentBytes !== null && interval.residentBytes > 1e6)
    assert.ok(interval.gcPauseMaxMs !== null && interval.gcPauseTotalMs !== null)
    assert.ok(interval.eventLoopBusyPercentMax !== null && interval.eventLoopDelayMaxMs !== null)
  }
  // Slots that a stalled thread came to after the end stand in the drain.
  const offered = cell.intervals.reduce((sum, interval) => sum + (interval.offered ?? 0), 0)
  assert.ok(Math.abs(offered - 2_000) <= 2, `${offered} slots in 4 s of 500/s`)
  // Cut where the plan has it, and never before; a busy machine may come to it late, or to several at once.
  const planned = [1, 1.5, 2, 3, 4]
  intervals.forEach(({ atSeconds }, place) => assert.ok(atSeconds >= (planned[place] ?? Infinity), String(atSeconds)))
  assert.ok(cell.intervals.some(({ atSeconds }) => atSeconds >= 4))
  cell.intervals.forEach(({ atSeconds, seconds }, place) => {
    const fromSeconds = cell.intervals[place - 1]?.atSeconds ?? 0
    assert.ok(Math.abs(atSeconds - seconds - fromSeconds) < 0.01, `a gap after ${fromSeconds} s`)
  })
  const log = readHistogramLog(fs.readFileSync(join(results, runId, cell.histogramFile ?? ''), 'utf8'))
  const latencies: readonly (readonly [string, Latency | null | undefined])[] = [
    ['endToEnd.response', cell.latencyUs?.endToEnd?.response],
    ['publish.service', cell.latencyUs?.publish?.service],
    ['sendLag.generator', cell.latencyUs?.sendLag?.generator],
  ]
  for (const [tag, latency] of latencies) {
    const merged = log.get(tag) ?? assert.fail(tag)
    assert.equal(merged.totalCount, latency?.count)
    assert.equal(merged.getValueAtPercentile(50), latency?.p50)
    assert.equal(merged.getValueAtPercentile(100), latency?.max)
  }
})
