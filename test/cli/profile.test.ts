/** Profiles and runs beside each other, as a user sees them, on the broker inside. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Result } from '../../src/result/result.ts'
import { inTime } from '../support/in-time.ts'
import { brokermark, scratchFolder, type Ended } from './brokermark.ts'

/** By count: of a time that a machine stands still for, nothing would be measured. */
const SHORT = ['--set', 'phases.warmupSeconds=0.2', '-C', '50']

function resultOf({ stdout, stderr }: Ended): Result {
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as Result
}

test('R3.2: a smoke run works with exit code 0, is flagged in every cell, and every report on it says so', async (context) => {
  const folder = scratchFolder(context)
  const ended = await brokermark(['run', '--profile', 'smoke', ...SHORT, '--json'], { cwd: folder })
  assert.equal(ended.exitCode, 0, ended.stderr)
  assert.match(ended.stderr, /^profile smoke: 1 cell, at most about \d+ s: until /m)
  const { profile, workload, cautions, cells, runId } = resultOf(ended)
  assert.deepEqual([profile, (workload as { profile: unknown }).profile], ['smoke', 'smoke'])
  assert.ok(cautions.some((caution) => /^smoke profile: .* not a measurement to quote\.$/.test(caution)))
  assert.deepEqual(
    cells.map(({ verdict }) => [verdict.kind, verdict.reasons.map(({ code }) => code)]),
    [['valid', ['smoke']]],
  )
  const report = await brokermark(['report', runId], { cwd: folder })
  assert.equal(report.exitCode, 0)
  assert.match(report.stdout, /Profile: smoke, shows that things work: not a measurement to quote/)
  assert.match(report.stdout, /- smoke profile: at most 30 s/)
  const page = fs.readFileSync(join(folder, 'results', runId, 'report.html'), 'utf8')
  assert.match(page, /smoke profile: at most 30 s/)
})

test('R3.2: a short soak sets its first quarter beside its last', async (context) => {
  const cwd = scratchFolder(context)
  // A machine that stands still for a second swallows a quarter of it.
  const soak = await inTime(async (seconds) => {
    const words = ['run', '--profile', 'soak', '--set', 'phases.warmupSeconds=0.5', '-z', String(4 + 4 * seconds)]
    const [cell] = resultOf(await brokermark([...words, '--json'], { cwd })).cells
    const soak = cell?.soak ?? null
    const isEmpty = soak === null || soak.first.p50Us === null || soak.last.p50Us === null
    return isEmpty ? null : soak
  })
  const { part, first, last } = soak
  assert.equal(part, 'quarter')
  assert.ok(first.toSeconds < last.fromSeconds && last.fromSeconds < last.toSeconds, JSON.stringify(soak))
  for (const { messagesPerSecond, p50Us, generatorResidentBytesMax } of [first, last]) {
    assert.ok((messagesPerSecond ?? 0) > 0 && (p50Us ?? 0) > 0 && (generatorResidentBytesMax ?? 0) > 0)
  }
})

test('a profile stands in the dry run with the time of all repetitions, and what contradicts it is refused', async (context) => {
  const cwd = scratchFolder(context)
  const { stdout } = await brokermark(['run', '--profile', 'standard', '--dry-run'], { cwd })
  assert.match(stdout, /^profile: standard, p99 is claimed from 270,000 messages per cell on$/m)
  assert.match(stdout, /^5 cells, .* about 5 min 55 s \(broker warm-up included\)\.$/m)
  const slow = await brokermark(['run', '--profile', 'standard', '-r', '100', '--dry-run'], { cwd })
  assert.match(slow.stderr, /^note: profile standard claims a p99 from 270000 messages on/m)
  const short = await brokermark(['run', '--profile', 'standard', '-z', '10', '--dry-run'], { cwd })
  assert.equal(short.exitCode, 64)
  assert.match(short.stderr, /^brokermark: -z: 10 s is less than the 60 s that profile standard measures at least/)
  const unknown = await brokermark(['run', '--profile', 'smok'], { cwd })
  assert.equal(unknown.exitCode, 64)
  assert.match(unknown.stderr, /--profile: got "smok", expected smoke, standard, tail or soak/)
})

test('R1.2: an open and a closed run on the same stalling broker are not comparable', async (context) => {
  const cwd = scratchFolder(context)
  const stalling = ['-t', 'embedded:?stallMs=50&stallEveryMs=500']
  const closed = resultOf(
    await brokermark(['run', ...stalling, ...SHORT, '-c', '1', '--name', 'closed', '--json'], { cwd }),
  )
  const open = resultOf(
    await brokermark(['run', ...stalling, ...SHORT, '-r', '200', '--name', 'open', '--json'], { cwd }),
  )
  for (const [one, other] of [
    [closed.runId, open.runId],
    [open.runId, join('results', closed.runId)],
    [closed.runId, join('results', open.runId, 'result.json')],
  ] as const) {
    const ended = await brokermark(['report', one, '--against', other], { cwd })
    assert.deepEqual([ended.exitCode, ended.stdout], [64, ''])
    assert.match(
      ended.stderr,
      /^brokermark: --against: not comparable: run .* a closed model \(1 in flight per producer\)/,
    )
    assert.match(ended.stderr, /an open model \(constant arrivals, 200\/s\)/)
  }
})

test('two runs of one model are shown side by side, and a smoke run is marked', async (context) => {
  const cwd = scratchFolder(context)
  const plain = resultOf(await brokermark(['run', ...SHORT, '--json'], { cwd }))
  const smoke = resultOf(await brokermark(['run', ...SHORT, '--profile', 'smoke', '--json'], { cwd }))
  const ended = await brokermark(['report', plain.runId, '--against', smoke.runId], { cwd })
  assert.equal(ended.exitCode, 0, ended.stderr)
  assert.match(ended.stdout, new RegExp(`This run beside ${smoke.runId}, on embedded:`))
  assert.match(ended.stdout.replaceAll(/\s+/g, ' '), new RegExp(`not a measurement to quote: ${smoke.runId}`))
  const page = fs.readFileSync(join(cwd, 'results', plain.runId, 'report.html'), 'utf8')
  assert.match(page, new RegExp(`<h2>Beside run ${smoke.runId}</h2>`))
})
