/** Producers by one protocol and consumers by another, from the command line on the broker inside. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { launchEmbedded, type EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Result } from '../../src/result/result.ts'
import { inTime } from '../support/in-time.ts'
import { brokermark, scratchFolder } from './brokermark.ts'

const UNWARMED = ['--set', 'phases.clientWarmupSeconds=0', '--set', 'phases.brokerWarmupSeconds=0']
/** By count: of a time that a machine stands still for, nothing would be measured. */
const COUNTED = [...UNWARMED, '-C', '50']
const SHORT = [...COUNTED, '--set', 'phases.warmupSeconds=0.2']
const HOST = ['--producer-target', 'openwire://h', '--consumer-target', 'stomp://h']

describe('different ends of the broker inside', () => {
  let broker: EmbeddedHandle
  before(async () => {
    broker = await launchEmbedded()
  })
  after(() => broker.stop())

  const urlOf = (scheme: string, user = ''): string => `${scheme}://${user}${broker.host}:${broker.port}`
  const label = (): string => `${urlOf('stomp')} -> ${urlOf('openwire')}`

  test('are measured like any target; the result names both, and no password', async (context) => {
    const folder = scratchFolder(context)
    const ends = [
      '--producer-target',
      urlOf('stomp', 'me:hunter2@'),
      '--consumer-target',
      urlOf('openwire', 'me:hunter3@'),
    ]
    const words = ['run', ...ends, '-x', '2', '-y', '2', '-c', '10', ...SHORT]
    const { exitCode, stdout, stderr } = await brokermark(words, { cwd: folder })
    assert.equal(exitCode, 0, stderr)
    assert.match(stdout, /STOMP -> OpenWire/)
    const [run = ''] = fs.readdirSync(join(folder, 'results'))
    const result = JSON.parse(fs.readFileSync(join(folder, 'results', run, 'result.json'), 'utf8')) as Result
    const [cell] = result.cells
    assert.deepEqual([cell?.id, cell?.target, cell?.protocol, cell?.client], ['t1-1024B-2x2', label(), 'stomp', 'wire'])
    assert.deepEqual(cell?.consumer, {
      target: urlOf('openwire'),
      protocol: 'openwire',
      client: 'wire',
      clientVersion: 'brokermark wire',
    })
    assert.deepEqual([cell.verdict.kind, cell.integrity?.lost, cell.integrity?.corrupt], ['valid', 0, 0])
    assert.equal(cell.integrity?.received, cell.integrity?.confirmed)
    for (const file of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue
      assert.doesNotMatch(fs.readFileSync(join(file.parentPath, file.name), 'latin1'), /hunter/)
    }
    assert.doesNotMatch(stdout + stderr, /hunter/)
  })

  test('go on after an interruption, by their labels or named again with credentials', async (context) => {
    const ends = ['--producer-target', urlOf('stomp'), '--consumer-target', urlOf('openwire'), '-t', urlOf('stomp')]
    const { first, results, run } = await inTime(async (seconds) => {
      const results = scratchFolder(context)
      const phases = [...COUNTED, '--set', `phases.warmupSeconds=${seconds}`]
      const first = await brokermark(['run', ...ends, ...phases, '--results', results], {
        interruptAt: /^\[1\/2\] .* valid( \(|$)/m,
      })
      const [run = ''] = fs.readdirSync(results)
      return first.exitCode === 0 || /^\[2\/2\] .* valid( \(|$)/m.test(first.stderr) ? null : { first, results, run }
    })
    assert.equal(first.exitCode, 130, first.stderr)
    const resume = ['run', '--resume', run, '--results', results]
    const other = await brokermark([
      ...resume,
      '--producer-target',
      urlOf('openwire'),
      '--consumer-target',
      urlOf('stomp'),
    ])
    assert.equal(other.exitCode, 64)
    assert.equal(
      other.stderr,
      `brokermark: --target: name the targets of the run, in this order: ${urlOf('stomp')}, ${label()}\n`,
    )
    const second = await brokermark([...resume, '--json'])
    assert.equal(second.exitCode, 0, second.stderr)
    const result = JSON.parse(second.stdout) as Result
    assert.deepEqual(
      result.cells.map((cell) => [cell.target, cell.consumer?.protocol, cell.verdict.kind]),
      [
        [urlOf('stomp'), undefined, 'valid'],
        [label(), 'openwire', 'valid'],
      ],
    )
  })

  test('stand in a workload file as an entry of targets', async (context) => {
    const folder = scratchFolder(context)
    const targets = `targets: [{ producer: "${urlOf('openwire')}", consumer: "${urlOf('stomp')}" }, "${urlOf('stomp')}"]`
    const phases =
      'phases: { order: listed, clientWarmupSeconds: 0, brokerWarmupSeconds: 0, warmupSeconds: 0.2, messagesPerProducer: 50 }'
    fs.writeFileSync(join(folder, 'ends.yaml'), `${targets}\n${phases}\n`)
    const { exitCode, stdout, stderr } = await brokermark(['run', 'ends.yaml', '--json'], { cwd: folder })
    assert.equal(exitCode, 0, stderr)
    assert.deepEqual(
      (JSON.parse(stdout) as Result).cells.map((cell) => [cell.protocol, cell.consumer?.protocol]),
      [
        ['openwire', 'stomp'],
        ['stomp', undefined],
      ],
    )
  })

  test('an end that is down is exit 69 and one sentence that names it', async (context) => {
    const ends = ['--producer-target', urlOf('stomp'), '--consumer-target', 'openwire://me:hunter2@127.0.0.1:1']
    const words = ['run', ...ends, ...SHORT, '--quiet', '--json']
    const { exitCode, stdout, stderr } = await brokermark(words, { cwd: scratchFolder(context) })
    assert.equal(exitCode, 69)
    assert.match(
      stderr,
      /^brokermark: .* -> openwire:\/\/127\.0\.0\.1:1 .*openwire:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*\n$/,
    )
    assert.equal((JSON.parse(stdout) as Result).cells[0]?.consumer?.protocol, 'openwire')
    assert.doesNotMatch(stdout + stderr, /hunter/)
  })
})

const refused: readonly (readonly [words: readonly string[], sentence: string])[] = [
  [
    ['--producer-target', 'stomp://h'],
    '--producer-target: names one end of the broker, and --consumer-target the other: give both, or --target for one that both use',
  ],
  [
    ['--consumer-target', 'stomp://h'],
    '--consumer-target: names one end of the broker, and --producer-target the other: give both, or --target for one that both use',
  ],
  [[...HOST, '--client', 'library'], 'client: openwire has no library client in this version: use wire'],
  [
    ['--producer-target', 'stomp://h', '--consumer-target', 'mqtt://h'],
    'destination.kind: mqtt has topics only, and stomp at the other end would use a queue that no mqtt client reaches: set destination.kind to topic',
  ],
  [
    ['--producer-target', 'stomp://h', '--consumer-target', 'stmop://me:hunter2@h'],
    'stmop://h: unknown scheme stmop, did you mean stomp?',
  ],
  [
    [...HOST, ...HOST.slice(0, 2), '-t', 'openwire://h -> stomp://h'],
    '--target: openwire://h:61616 -> stomp://h:61613 is named twice',
  ],
]

for (const [words, sentence] of refused) {
  test(`exit 64 with one sentence: ${words.join(' ').replace('me:hunter2@', '')}`, async () => {
    const ended = await brokermark(['run', ...words, '--dry-run'])
    assert.deepEqual(ended, { exitCode: 64, stdout: '', stderr: `brokermark: ${sentence}\n` })
  })
}

test('neither end that could declare with arguments is refused once for each, one of them is enough', async () => {
  const quorum = ['--set', 'destination.arguments.x-queue-type=quorum', '--dry-run']
  const none = await brokermark(['run', ...HOST, ...quorum])
  assert.equal(none.exitCode, 64)
  assert.match(
    none.stderr,
    /^brokermark: destination\.arguments: openwire by .*\nbrokermark: destination\.arguments: stomp by /,
  )
  const ends = ['--producer-target', 'stomp://h', '--consumer-target', 'amqp091://h']
  const one = await brokermark(['run', ...ends, ...quorum])
  assert.equal(one.exitCode, 0, one.stderr)
})

test('a dry run shows both protocols and one more connection', async () => {
  const { exitCode, stdout } = await brokermark(['run', ...HOST, '--dry-run'])
  assert.equal(exitCode, 0)
  assert.match(stdout, /^target t1: openwire:\/\/h:61616 -> stomp:\/\/h:61613$/m)
  assert.match(stdout, /^1 +t1-1024B-1x1 .* openwire wire -> stomp wire +4 /m)
})
