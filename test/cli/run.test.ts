/** `run` from end to end on the broker inside, as a user sees it. What is measured is tested elsewhere. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Result } from '../../src/result/result.ts'
import { inTime } from '../support/in-time.ts'
import { brokermark, scratchFolder, type Ended } from './brokermark.ts'

/** By count: of a time that a machine stands still for, nothing would be measured. */
const COUNTED = ['-C', '50']
const SHORT = ['--set', 'phases.warmupSeconds=0.2', ...COUNTED]

function onlyRun(results: string): string {
  const [run, ...others] = fs.readdirSync(results)
  assert.ok(run !== undefined && others.length === 0)
  return run
}

/** A run of several cells, ended by `signal` in its second cell. */
function endedInSecondCell(
  context: TestContext,
  signal: 'SIGINT' | 'SIGKILL',
  producers: string,
): Promise<{ readonly ended: Ended; readonly results: string; readonly run: string }> {
  return inTime(async (seconds) => {
    const results = scratchFolder(context)
    const phases = ['--set', `phases.warmupSeconds=${seconds}`, ...COUNTED]
    const words = ['run', '-x', producers, '-y', '1', ...phases, '--results', results]
    const ended = await brokermark(words, { interruptAt: /^\[1\/\d\] 1 KB 1x1 embedded: .* valid( \(|$)/m, signal })
    const run = onlyRun(results)
    const cells = fs.readdirSync(join(results, run, 'cells')).filter((name) => name.endsWith('.json'))
    const isLate =
      ended.exitCode === 0 ||
      /^\[2\/.* valid( \(|$)/m.test(ended.stderr) ||
      // Of an interrupted cell there is a file, of one that was killed there is none.
      (signal === 'SIGKILL' && cells.length > 1)
    return isLate ? null : { ended, results, run }
  })
}

test('a run prints progress on stderr, the table and the paths on stdout, and leaves its result', async (context) => {
  const folder = scratchFolder(context)
  const { exitCode, stdout, stderr } = await brokermark(['run', '-x', '1,2', '-y', '2', ...SHORT], { cwd: folder })
  assert.equal(exitCode, 0, stderr)
  const run = onlyRun(join(folder, 'results'))
  assert.match(run, /^\d{8}T\d{6}Z-quick-form-[0-9a-f]{4}$/)
  assert.match(stderr, /^\[1\/2\] 1 KB 1x2 embedded: .* msg\/s .*valid/m)
  assert.match(stderr, /^\[2\/2\] 1 KB 2x2 embedded: .* msg\/s .*valid/m)
  assert.match(stdout, /TPS/)
  assert.match(stdout, new RegExp(`^results/${run}/report\\.html$`, 'm'))
  const result = JSON.parse(fs.readFileSync(join(folder, 'results', run, 'result.json'), 'utf8')) as Result
  assert.equal(result.status, 'complete')
  assert.deepEqual(
    result.cells.map((cell) => [cell.id, cell.verdict.kind]),
    [
      ['t1-1024B-1x2', 'valid'],
      ['t1-1024B-2x2', 'valid'],
    ],
  )
})

test('--json prints result.json on stdout and nothing else there', async (context) => {
  const folder = scratchFolder(context)
  const { exitCode, stdout } = await brokermark(['run', ...SHORT, '--json', '--name', 'mine'], { cwd: folder })
  assert.equal(exitCode, 0)
  const stored = fs.readFileSync(join(folder, 'results', onlyRun(join(folder, 'results')), 'result.json'), 'utf8')
  assert.deepEqual(JSON.parse(stdout), JSON.parse(stored))
  assert.equal((JSON.parse(stdout) as Result).title, 'mine')
})

test("R2.2: a run says within which bounds its threads' clocks are one, and judges its cells by it", async (context) => {
  const words = ['run', '-x', '2', '-y', '2', '--threads', '2', ...SHORT, '--json']
  const { stdout } = await brokermark(words, { cwd: scratchFolder(context) })
  const { environment, cells } = JSON.parse(stdout) as Result
  assert.ok(Number(environment['clockRounds']) >= 1_000)
  assert.equal(environment['clockViolations'], 0)
  assert.ok(Number(environment['clockOffsetUsMin']) <= 0 && Number(environment['clockOffsetUsMax']) >= 0)
  assert.ok(Number(environment['clockRoundTripUsMin']) > 0)
  assert.deepEqual(
    cells.map(({ verdict }) => [verdict.kind, verdict.checks.includes('clock')]),
    [['valid', true]],
  )
})

test('--quiet prints nothing when all is well', async (context) => {
  const ended = await brokermark(['run', ...SHORT, '--quiet'], { cwd: scratchFolder(context) })
  assert.deepEqual(ended, { exitCode: 0, stdout: '', stderr: '' })
})

test('a target that is down is exit 69 and one sentence, and the next target is measured all the same', async (context) => {
  const folder = scratchFolder(context)
  // Nobody listens there.
  const url = 'stomp://me:hunter2@127.0.0.1:1'
  const words = ['run', '-t', url, '-t', 'embedded:', ...SHORT, '--json', '--set', 'phases.brokerWarmupSeconds=0']
  const { exitCode, stdout, stderr } = await brokermark(words, { cwd: folder })
  assert.equal(exitCode, 69)
  const result = JSON.parse(stdout) as Result
  assert.deepEqual(
    result.cells.map((cell) => cell.verdict.kind),
    ['failed', 'valid'],
  )
  assert.match(stderr, /^brokermark: .*stomp:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED.*$/m)
  for (const file of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    assert.doesNotMatch(fs.readFileSync(join(file.parentPath, file.name), 'latin1'), /hunter2/)
  }
  assert.doesNotMatch(stdout + stderr, /hunter2/)
})

test('Ctrl-C ends in order with exit 130, and --resume measures only what is missing', async (context) => {
  const { ended: first, results, run } = await endedInSecondCell(context, 'SIGINT', '1,2,3')
  assert.equal(first.exitCode, 130, first.stderr)
  assert.match(
    first.stderr,
    new RegExp(`^interrupted; go on with: brokermark run --resume ${run} --results ${results}$`, 'm'),
  )
  const cell = join(results, run, 'cells', 't1-1024B-1x1.json')
  const measured = fs.readFileSync(cell)

  const changed = await brokermark(['run', '--resume', run, '--results', results, '-x', '7', '-t', 'loopback:'])
  assert.equal(changed.exitCode, 64)
  assert.deepEqual(changed.stderr.split('\n'), [
    'brokermark: -x: a resumed run keeps its workload: leave this out, or start a new run',
    'brokermark: --target: name the targets of the run, in this order: embedded:',
    '',
  ])

  const second = await brokermark(['run', '--resume', run, '--results', results])
  assert.equal(second.exitCode, 0, second.stderr)
  assert.match(second.stderr, /^note: run .*: 1 of 3 cells are measured already$/m)
  assert.doesNotMatch(second.stderr, /^\[1\/3\]/m)
  assert.match(second.stderr, /^\[2\/3\] .*valid$/m)
  assert.match(second.stderr, /^\[3\/3\] .*valid$/m)
  assert.deepEqual(fs.readFileSync(cell), measured)

  const third = await brokermark(['run', '--resume', run, '--results', results])
  assert.deepEqual(
    [third.exitCode, third.stderr],
    [64, `brokermark: run ${run} is complete already: there is nothing to resume\n`],
  )
  const listed = await brokermark(['list', 'runs', '--results', results])
  assert.match(listed.stdout, new RegExp(`^ {2}${run} {2}complete +3 of 3 cells`, 'm'))
})

test('after kill -9, --resume measures only what is missing', async (context) => {
  const { ended: killed, results, run } = await endedInSecondCell(context, 'SIGKILL', '1,2')
  assert.equal(killed.exitCode, null)
  const cell = join(results, run, 'cells', 't1-1024B-1x1.json')
  const measured = fs.readFileSync(cell)
  const resumed = await brokermark(['run', '--resume', run, '--results', results, '--json'])
  assert.equal(resumed.exitCode, 0, resumed.stderr)
  const result = JSON.parse(resumed.stdout) as Result
  assert.deepEqual([result.status, result.cells.map((one) => one.order)], ['complete', [1, 2]])
  assert.deepEqual(fs.readFileSync(cell), measured)
})

test('a run that an earlier version planned is not resumed, with one sentence', async (context) => {
  const { results, run } = await endedInSecondCell(context, 'SIGKILL', '1,2')
  const header = join(results, run, 'run.json')
  fs.writeFileSync(header, fs.readFileSync(header, 'utf8').replaceAll('"guarantee"', '"of another version"'))
  const resumed = await brokermark(['run', '--resume', run, '--results', results])
  assert.deepEqual([resumed.exitCode, resumed.stdout], [64, ''])
  assert.match(
    resumed.stderr,
    /^brokermark: --resume: run \S+ was planned by brokermark .*, and its plan lacks delivery\.guarantee, which this version counts on: .*\n$/,
  )
})

test('report makes the same files again from the result', async (context) => {
  const folder = scratchFolder(context)
  await brokermark(['run', ...SHORT, '--quiet'], { cwd: folder })
  const run = onlyRun(join(folder, 'results'))
  const report = join(folder, 'results', run, 'report.html')
  const made = fs.readFileSync(report)
  fs.rmSync(report)
  const { exitCode, stdout } = await brokermark(['report', run.slice(0, 20)], { cwd: folder })
  assert.equal(exitCode, 0)
  assert.match(stdout, /report\.html/)
  assert.deepEqual(fs.readFileSync(report), made)
})

test('report prints a published reference as it was published, and knows its name', async (context) => {
  const folder = scratchFolder(context)
  const { exitCode, stdout } = await brokermark(['report', 'mq.m5.2xlarge'], { cwd: folder })
  assert.equal(exitCode, 0)
  assert.match(stdout, /16,334/)
  assert.deepEqual(fs.readdirSync(folder), [])
  const misspelled = await brokermark(['report', 'mq.m5.2xlarge', '--against', 'mq.m5.2xlrge'], { cwd: folder })
  assert.deepEqual(
    [misspelled.exitCode, misspelled.stderr],
    [64, 'brokermark: --against: there is no reference mq.m5.2xlrge, did you mean mq.m5.2xlarge?\n'],
  )
})
