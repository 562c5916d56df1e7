/** Repetitions from the command line: what is said before the run, what is in the result, and the sentinel's way through both. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from './brokermark.ts'

const SETTINGS = ['phases.warmupSeconds=0.2', 'phases.repeats=2', 'phases.sentinel=on']
/**
 * By count: of a time that a machine stands still for, nothing would be measured. Few: what lasts 3 s on a busy machine is
 * judged by how much of it went to others, and all cells have to count here.
 */
const WORDS = ['run', '-x', '1', '-y', '1', '-s', '1024,2048', '-C', '50', ...SETTINGS.flatMap((one) => ['--set', one])]

test('R3.5 repetitions are announced with what they can show: not known at first, then from the run before', async (context) => {
  const results = scratchFolder(context)
  const first = await brokermark([...WORDS, '--json', '--results', results])
  assert.equal(first.exitCode, 0, first.stderr)
  assert.match(first.stderr, /^note: embedded:: which difference 2 repetitions can show is not known yet/m)
  const earlier = JSON.parse(first.stdout) as Result
  assert.deepEqual(earlier.priorVariation, [])

  assert.equal(earlier.cells.length, 2 * (2 + 3))
  assert.deepEqual(
    earlier.points.map(({ id, cellIds, counted }) => [id, cellIds, counted]),
    ['t1-1024B-1x1', 't1-2048B-1x1'].map((id) => [id, [id, `${id}-r2`], 2]),
  )
  for (const point of earlier.points) {
    assert.equal(point.throughputPerSecond?.interval?.confidencePercent, 50)
    assert.equal(point.latencyP50Us?.interval?.confidencePercent, 50)
  }
  const [sentinel] = earlier.sentinels
  assert.equal(sentinel?.counted, 6)
  assert.equal(sentinel.cvSource, 'repetitions')

  // The next run is only planned: what it was told of the first one is what it would have kept.
  const second = await brokermark([...WORDS, '--dry-run', '--results', results])
  assert.equal(second.exitCode, 0, second.stderr)
  assert.match(
    second.stderr,
    new RegExp(
      `^note: embedded:: as run ${earlier.runId} varied: With 2 repetitions a difference of [\\d.]+ % .* runs per side\\.$`,
      'm',
    ),
  )

  // The report is made again from the files alone.
  const stored = JSON.parse(fs.readFileSync(join(results, earlier.runId, 'result.json'), 'utf8')) as Result
  assert.deepEqual(stored.points, earlier.points)
  const printed = await brokermark(['report', earlier.runId, '--results', results])
  assert.equal(printed.exitCode, 0, printed.stderr)
  assert.match(printed.stdout, /^Point by point on embedded:/m)
  assert.match(
    printed.stdout.replaceAll(/\n\s+/g, ' '),
    /^interval: lowest to highest of 2 repetitions; it holds the true median in 50 % of campaigns, no better than a coin toss\./m,
  )
  assert.match(printed.stdout, /^Sentinel, TPS of one cell/m)
  assert.match(printed.stdout, /points\.csv$/m)
})
