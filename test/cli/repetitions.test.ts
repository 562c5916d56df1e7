/** Repetitions from the command line: Ctrl-C and kill -9 with several processes in the group. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../../src/result/result.ts'
import { allGone, childrenWith } from '../support/child-processes.ts'
import { inTime } from '../support/in-time.ts'
import { brokermark, MAIN, scratchFolder, type Ended, type RunOptions } from './brokermark.ts'

interface Scene {
  readonly ended: Ended
  readonly results: string
  readonly run: string
  readonly stored: readonly string[]
}

/** Two cells in two repetitions, ended in the second cell of the first one. By count: a pause of the machine is no cell. */
function endedInSecondCell(context: TestContext, options: () => RunOptions): Promise<Scene> {
  // Of an interrupted cell there is a file, of one that was killed there is none.
  const isSecondMeasured = ({ exitCode, stderr }: Ended, cells: readonly string[]): boolean =>
    exitCode === 0 || /^\[2\/4\] .* valid( \(|$)/m.test(stderr) || (exitCode === null && cells.length > 1)
  return inTime(async (seconds) => {
    const results = scratchFolder(context)
    const settings = [`phases.warmupSeconds=${seconds}`, 'phases.repeats=2'].flatMap((setting) => ['--set', setting])
    const words = ['run', '-x', '1,2', '-y', '1', ...settings, '-C', '50', '--json', '--results', results]
    const ended = await brokermark(words, {
      interruptAt: /^\[1\/4\] 1 KB 1x1 embedded: .* valid( \(|$)/m,
      ...options(),
    })
    const [run = assert.fail('no run')] = fs.readdirSync(results)
    const stored = fs.readdirSync(join(results, run, 'cells')).filter((name) => name.endsWith('.json'))
    return isSecondMeasured(ended, stored) ? null : { ended, results, run, stored }
  })
}

test('Ctrl-C, which reaches every process of the group, ends a repetition in order, and --resume goes on', async (context) => {
  let pids = new Set<number>()
  const scene = await endedInSecondCell(context, () => {
    const seen = (pids = new Set())
    const onStderr = (_: string, pid: number) => childrenWith('main.js', pid).forEach((child) => seen.add(child))
    return { toGroup: true, onStderr }
  })
  const { ended: first, results, run } = scene
  assert.equal(first.exitCode, 130, first.stderr)
  assert.doesNotMatch(first.stderr, /died/)
  assert.equal(pids.size, 2)
  await allGone([...pids])
  const stored = (JSON.parse(fs.readFileSync(join(results, run, 'result.json'), 'utf8')) as Result).cells
  assert.deepEqual(
    stored.map(({ id, verdict }) => [id, verdict.kind]),
    [
      ['t1-1024B-1x1', 'valid'],
      ['t1-1024B-2x1', 'interrupted'],
    ].slice(0, stored.length),
  )
  const resumed = await brokermark(['run', '--resume', run, '--results', results, '--json'])
  assert.equal(resumed.exitCode, 0, resumed.stderr)
  assert.equal((JSON.parse(resumed.stdout) as Result).cells.length, 4)
})

test('kill -9 in the middle of a long cell leaves no process behind', async (context) => {
  const words = [
    MAIN,
    'run',
    '--no-floor',
    '-z',
    '600',
    '--set',
    'phases.repeats=2',
    '--results',
    scratchFolder(context),
  ]
  const parent = spawn(process.execPath, words, { stdio: 'ignore' })
  const pid = parent.pid ?? assert.fail('it did not start')
  const exited = once(parent, 'exit')
  let pids: number[] = []
  while (pids.length < 2 && parent.exitCode === null) {
    await sleep(20)
    pids = childrenWith('main.js', pid)
  }
  process.kill(pid, 'SIGKILL')
  await exited
  assert.equal(pids.length, 2)
  await allGone(pids)
})

test('after kill -9, --resume measures only what is missing of all repetitions', async (context) => {
  const { ended: killed, results, run, stored } = await endedInSecondCell(context, () => ({ signal: 'SIGKILL' }))
  assert.equal(killed.exitCode, null)
  assert.deepEqual(stored, ['t1-1024B-1x1.json'])
  const cell = join(results, run, 'cells', 't1-1024B-1x1.json')
  const measured = fs.readFileSync(cell)
  const resumed = await brokermark(['run', '--resume', run, '--results', results, '--json'])
  assert.equal(resumed.exitCode, 0, resumed.stderr)
  const { cells } = JSON.parse(resumed.stdout) as Result
  assert.deepEqual(
    cells.map(({ order, verdict }) => [order, verdict.kind]),
    [1, 2, 3, 4].map((order) => [order, 'valid']),
  )
  assert.deepEqual(fs.readFileSync(cell), measured)
})
