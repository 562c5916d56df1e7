/** A target that cannot be used is found out before floors are measured and clients warmed up. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { launchEmbedded, type EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from './brokermark.ts'

const SHORT = ['--set', 'phases.warmupSeconds=0.1', '--set', 'phases.brokerWarmupSeconds=0', '-C', '20']

describe('a target with a wrong password', () => {
  let guarded: EmbeddedHandle
  let open: EmbeddedHandle
  before(async () => {
    guarded = await launchEmbedded({ username: 'me', password: 'right-h0rse' })
    open = await launchEmbedded()
  })
  after(() => Promise.all([guarded.stop(), open.stop()]))

  test('is one sentence and exit code 69 before anything that takes time', async (context) => {
    const folder = scratchFolder(context)
    const target = `stomp://me:wrong-h0rse@${guarded.host}:${guarded.port}`
    const words = ['run', '-t', target, ...SHORT, '--set', 'phases.repeats=2', '--json']
    const environment = { XDG_CACHE_HOME: join(folder, 'cache') }
    const { exitCode, stdout, stderr } = await brokermark(words, { cwd: folder, environment, floor: true })
    assert.equal(exitCode, 69)
    const lines = stderr.split('\n').filter((line) => !line.startsWith('note: '))
    assert.match(lines[0] ?? '', /^brokermark: .*stomp:\/\/127\.0\.0\.1:\d+/)
    assert.deepEqual(lines.slice(1), [''])
    const { status, cells, targets } = JSON.parse(stdout) as Result
    assert.equal(status, 'complete')
    assert.deepEqual(
      cells.map(({ order, verdict }) => [order, verdict.kind, verdict.reasons.map(({ code }) => code)]),
      [
        [1, 'failed', ['broker-authentication']],
        [2, 'failed', ['broker-authentication']],
      ],
    )
    assert.equal(targets[0]?.cpuSource, 'the target could not be used')
    assert.ok(!fs.existsSync(join(folder, 'cache')))
  })

  test('is told at once where others are measured, and neither its floor nor its client is prepared', async (context) => {
    const folder = scratchFolder(context)
    const dead = `amqp10://me:wrong-h0rse@${guarded.host}:${guarded.port}`
    const words = ['run', '-t', `mqtt://${open.host}:${open.port}`, '-t', dead, ...SHORT, '--json']
    const settings = ['--set', 'phases.clientWarmupSeconds=0.1']
    const environment = { XDG_CACHE_HOME: join(folder, 'cache') }
    const { exitCode, stdout, stderr } = await brokermark([...words, ...settings], {
      cwd: folder,
      environment,
      floor: true,
    })
    assert.equal(exitCode, 69, stderr)
    assert.match(stderr, /^warning: the cells of amqp10:\/\/127\.0\.0\.1:\d+ fail: .*\ncalibrating mqtt by wire /m)
    assert.match(stderr, /^mqtt by wire {2}warming the client up /m)
    assert.doesNotMatch(stderr, /calibrating amqp10|amqp10 by wire|wrong-h0rse/)
    assert.match(stderr, /^1 cell, /m)
    assert.match(stderr, /^brokermark: .*amqp10:\/\//m)
    const { cells } = JSON.parse(stdout) as Result
    assert.deepEqual(
      cells.map(({ protocol, order, verdict }) => [protocol, order, verdict.kind === 'failed']),
      [
        ['mqtt', 2, false],
        ['amqp10', 1, true],
      ],
    )
  })
})
