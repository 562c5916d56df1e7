/** R8.8: a client is warmed up on the broker inside before it touches any other. */
import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { launchEmbedded, type EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Result } from '../../src/result/result.ts'
import { inTime } from '../support/in-time.ts'
import { brokermark, scratchFolder, type Ended } from './brokermark.ts'

/** By count: of a time that a machine stands still for, nothing would be measured. */
const SHORT = ['-C', '50', '--set', 'phases.warmupSeconds=0.2', '--set', 'phases.brokerWarmupSeconds=0']

describe('R8.8: the client of a target with an address', () => {
  let broker: EmbeddedHandle
  before(async () => {
    broker = await launchEmbedded()
  })
  after(() => broker.stop())

  function url(scheme: string): string {
    return `${scheme}://${broker.host}:${broker.port}`
  }

  /** A run whose clients were warmed up for so many seconds: longer where a machine stood still for all of them. */
  function warmedUp(words: readonly string[], context: TestContext): Promise<readonly [seconds: number, ended: Ended]> {
    return inTime(async (seconds) => {
      const warmup = ['--set', `phases.clientWarmupSeconds=${seconds}`]
      const ended = await brokermark([...words, ...warmup], { cwd: scratchFolder(context) })
      return ended.stderr.includes('was not warmed up before the broker: no message') ? null : [seconds, ended]
    })
  }

  test('is warmed up before the target is touched, once per process, and the result says so', async (context) => {
    const words = ['run', '-t', url('stomp'), '-x', '1,2', '-y', '1', ...SHORT, '--set', 'phases.repeats=2', '--json']
    const [seconds, { exitCode, stdout, stderr }] = await warmedUp(words, context)
    assert.equal(exitCode, 0, stderr)
    const lines = stderr.split('\n').map((line) => line.replace(/ {2}.*/, ''))
    const block = ['stomp by wire', url('stomp')]
    assert.deepEqual(
      lines.filter((line) => block.includes(line)),
      [...block, ...block],
    )
    assert.match(stderr, /^stomp by wire {2}warming the client up on the broker inside for /m)
    const { cells } = JSON.parse(stdout) as Result
    assert.deepEqual(
      cells.map(({ generator }) => generator?.clientWarmupSeconds),
      [seconds, seconds, seconds, seconds],
    )
  })

  test('is warmed up at both ends where they differ', async (context) => {
    const ends = ['--producer-target', url('stomp'), '--consumer-target', url('amqp10')]
    const [seconds, { stdout, stderr }] = await warmedUp(['run', ...ends, ...SHORT, '--json'], context)
    assert.match(stderr, /^stomp by wire {2}warming .*\namqp10 by wire {2}warming .*\nstomp:/m)
    assert.equal((JSON.parse(stdout) as Result).cells[0]?.generator?.clientWarmupSeconds, seconds)
  })

  test('is not warmed up where that is not wanted, and never on the broker inside', async (context) => {
    const words = ['run', '-t', url('stomp'), '-t', 'embedded:', ...SHORT, '--json']
    const off = ['--set', 'phases.clientWarmupSeconds=0']
    const { stdout, stderr } = await brokermark([...words, ...off], { cwd: scratchFolder(context) })
    assert.doesNotMatch(stderr, /warming the client/)
    assert.deepEqual(
      (JSON.parse(stdout) as Result).cells.map(({ generator }) => generator?.clientWarmupSeconds),
      [null, null],
    )
    const inside = await brokermark(['run', ...SHORT], { cwd: scratchFolder(context) })
    assert.doesNotMatch(inside.stderr, /warming the client/)
  })
})
