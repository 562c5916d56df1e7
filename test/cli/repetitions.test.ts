/** Repetitions from the command line: Ctrl-C and kill -9 with several processes in the group. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../../src/result/result.ts'
import { allGone, childrenWith } from '../support/child-processes.ts'
import { brokermark, MAIN, scratchFolder } from './brokermark.ts'

const SETTINGS = ['phases.warmupSeconds=0.2', 'phases.repeats=2'].flatMap((setting) => ['--set', setting])
const WORDS = ['run', '-x', '1,2', '-y', '1', ...SETTINGS, '-z', '0.5', '--json']

test('Ctrl-C, which reaches every process of the group, ends a repetition in order, and --resume goes on', async (context) => {
  const results = scratchFolder(context)
  const pids = new Set<number>()
  const first = await brokermark([...WORDS, '--results', results], {
    interruptAt: '[1/4] 1 KB 1x1 embedded:',
    toGroup: true,
    onStderr: (_, pid) => childrenWith('main.js', pid).forEach((child) => pids.add(child)),
  })
  assert.equal(first.exitCode, 130, first.stderr)
  assert.doesNotMatch(first.stderr, /died/)
  assert.equal(pids.size, 2)
  await allGone([...pids])
  const [run = assert.fail('no run')] = fs.readdirSync(results)
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
  const words = [MAIN, 'run', '--no-floor', '-z', '600', ...SETTINGS, '--results', scratchFolder(context)]
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
  const results = scratchFolder(context)
  const killed = await brokermark([...WORDS, '--results', results], {
    interruptAt: '[1/4] 1 KB 1x1 embedded:',
    signal: 'SIGKILL',
  })
  assert.equal(killed.exitCode, null)
  const [run = assert.fail('no run')] = fs.readdirSync(results)
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
