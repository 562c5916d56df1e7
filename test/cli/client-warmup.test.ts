/** R8.8: a client is warmed up on the broker inside before it touches any other. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launchEmbedded, type EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from './brokermark.ts'

const SHORT = ['phases.warmupSeconds=0.2', 'phases.brokerWarmupSeconds=0'].flatMap((setting) => ['--set', setting])

describe('R8.8: the client of a target with an address', () => {
  let broker: EmbeddedHandle
  before(async () => {
    broker = await launchEmbedded()
  })
  after(() => broker.stop())

  function url(scheme: string): string {
    return `${scheme}://${broker.host}:${broker.port}`
  }

  test('is warmed up before the target is touched, once per process, and the result says so', async (context) => {
    const words = ['run', '-t', url('stomp'), '-x', '1,2', '-y', '1', ...SHORT, '-z', '0.5', '--json']
    const settings = ['--set', 'phases.clientWarmupSeconds=0.3', '--set', 'phases.repeats=2']
    const { exitCode, stdout, stderr } = await brokermark([...words, ...settings], { cwd: scratchFolder(context) })
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
      [0.3, 0.3, 0.3, 0.3],
    )
  })

  test('is warmed up at both ends where they differ', async (context) => {
    const ends = ['--producer-target', url('stomp'), '--consumer-target', url('amqp10')]
    const words = ['run', ...ends, ...SHORT, '-z', '0.5', '--json', '--set', 'phases.clientWarmupSeconds=0.2']
    const { stdout, stderr } = await brokermark(words, { cwd: scratchFolder(context) })
    assert.match(stderr, /^stomp by wire {2}warming .*\namqp10 by wire {2}warming .*\nstomp:/m)
    assert.equal((JSON.parse(stdout) as Result).cells[0]?.generator?.clientWarmupSeconds, 0.2)
  })

  test('is not warmed up where that is not wanted, and never on the broker inside', async (context) => {
    const words = ['run', '-t', url('stomp'), '-t', 'embedded:', ...SHORT, '-z', '0.5', '--json']
    const off = ['--set', 'phases.clientWarmupSeconds=0']
    const { stdout, stderr } = await brokermark([...words, ...off], { cwd: scratchFolder(context) })
    assert.doesNotMatch(stderr, /warming the client/)
    assert.deepEqual(
      (JSON.parse(stdout) as Result).cells.map(({ generator }) => generator?.clientWarmupSeconds),
      [null, null],
    )
    const inside = await brokermark(['run', ...SHORT, '-z', '0.5'], { cwd: scratchFolder(context) })
    assert.doesNotMatch(inside.stderr, /warming the client/)
  })
})
