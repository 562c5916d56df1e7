/** Whole runs from the command line against real brokers: what goes right, what goes wrong, and what is left. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import { amqp091Library } from '../../src/driver/amqp091/library.ts'
import type { Admin } from '../../src/driver/driver.ts'
import type { CellResult, Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from '../cli/brokermark.ts'
import { endpointOf } from '../support/endpoint-of.ts'
import { inTime } from '../support/in-time.ts'
import { unlessStill } from '../support/unless-still.ts'

const SETTINGS = ['phases.clientWarmupSeconds=0', 'phases.warmupSeconds=0.5', 'phases.drainSeconds=20']
/** Longer than a machine may stand still, shorter than what the machine itself is judged from. */
const SHORT = ['-z', '2.5', ...SETTINGS.flatMap((setting) => ['--set', setting])]

/** Seconds of work for two consumers that take one at a time. */
const BACKLOG_MIN = 8_000

function urlOf(broker: LaunchedBroker, scheme: string): string {
  const url = broker.targets.get(scheme)
  assert.ok(url !== undefined, `the broker has no ${scheme}`)
  return broker.product === 'rabbitmq' ? url.replace('//', '//guest:guest@') : url
}

async function openAdmin(broker: LaunchedBroker): Promise<Admin> {
  const endpoint = endpointOf(broker.targets.get('amqp091') ?? assert.fail('no AMQP 0-9-1'))
  return amqp091Library.openAdmin({ ...endpoint, username: 'guest', password: 'guest' }, { timeoutMs: 60_000 })
}

interface Measured {
  readonly exitCode: number | null
  readonly stderr: string
  readonly result: Result
  readonly cells: readonly CellResult[]
  readonly text: string
}

/** Runs, and reads the one result that is there afterwards. */
async function measure(context: TestContext, args: readonly string[]): Promise<Measured> {
  const folder = scratchFolder(context)
  const { exitCode, stderr } = await brokermark(['run', ...SHORT, ...args], { cwd: folder })
  const [run] = fs.existsSync(join(folder, 'results')) ? fs.readdirSync(join(folder, 'results')) : []
  assert.ok(run !== undefined, stderr)
  const text = fs.readFileSync(join(folder, 'results', run, 'result.json'), 'utf8')
  const result = JSON.parse(text) as Result
  return { exitCode, stderr, result, cells: result.cells, text }
}

/** Of all queues, by RabbitMQ's management. */
async function queueNames(broker: LaunchedBroker): Promise<readonly string[]> {
  const { origin, username, password } = new URL(broker.managementUrl ?? assert.fail('no management'))
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  const answer = await fetch(`${origin}/api/queues?columns=name`, { headers })
  return ((await answer.json()) as { readonly name: string }[]).map(({ name }) => name)
}

function assertWhole(cell: CellResult): void {
  assert.equal(cell.verdict.kind, 'valid', JSON.stringify(cell.verdict))
  assert.ok((cell.throughput?.deliveredPerSecond ?? 0) > 0)
  assert.equal(cell.integrity?.lost, 0)
  assert.equal(cell.integrity.received, cell.integrity.confirmed)
}

describe('a campaign on RabbitMQ', () => {
  let broker: LaunchedBroker
  before(async () => {
    broker = await launchBroker('rabbitmq')
  })
  after(() => broker.stop())

  test('measures three protocols side by side, each with the CPU of the broker', async (context) => {
    const targets = ['stomp', 'amqp10', 'amqp091'].flatMap((scheme) => ['--target', urlOf(broker, scheme)])
    const args = [...targets, '-x', '3', '-y', '3', '-c', '10']
    const { exitCode, result, stderr } = await unlessStill(() => measure(context, args))
    assert.equal(exitCode, 0, stderr)
    assert.equal(result.cells.length, 3)
    for (const cell of result.cells) {
      assertWhole(cell)
      assert.ok((cell.broker?.cpuMicrosPerMessage ?? 0) > 0)
      assert.match(cell.broker?.source ?? '', new RegExp(`${broker.pid}`))
    }
    assert.deepEqual(
      result.targets.map((target) => target.broker),
      ['RabbitMQ 3.10.8', 'RabbitMQ 3.10.8', 'RabbitMQ 3.10.8'],
    )
  })

  test('declares quorum queues and removes them', async (context) => {
    const args = ['--target', urlOf(broker, 'amqp091'), '-x', '2', '-y', '2', '-c', '50']
    const quorum = ['--set', 'destination.arguments.x-queue-type=quorum', '--set', 'destination.name=quorum-test']
    const { exitCode, result, stderr } = await unlessStill(() => measure(context, [...args, ...quorum]))
    assert.equal(exitCode, 0, stderr)
    assertWhole(result.cells[0] ?? assert.fail('no cell'))
    assert.deepEqual(result.targets[0]?.remains, [])
    const admin = await openAdmin(broker)
    await assert.rejects(admin.depth?.({ kind: 'queue', name: 'quorum-test-0' }) ?? assert.fail('no depth'))
    await admin.close()
  })

  for (const subscription of ['durable', 'shared-durable']) {
    test(`${subscription} subscriptions are gone after the run, whatever the protocol and client`, async (context) => {
      const targets = ['stomp', 'amqp091'].flatMap((scheme) => ['--target', urlOf(broker, scheme)])
      const topic = ['--set', 'destination.kind=topic', '--set', `delivery.subscription=${subscription}`]
      const clients = ['--set', 'client=[wire, library]']
      // Queues that earlier tests could not delete over STOMP.
      const others = await queueNames(broker)
      const args = [...targets, ...topic, ...clients, '-x', '2', '-y', '2']
      const { exitCode, result, stderr } = await unlessStill(() => measure(context, args))
      assert.equal(exitCode, 0, stderr)
      assert.equal(result.cells.length, 4)
      for (const cell of result.cells) assertWhole(cell)
      // The broker deletes some of them a moment after the connections that they belonged to.
      const left = async (): Promise<readonly string[]> =>
        (await queueNames(broker)).filter((name) => !others.includes(name))
      for (let times = 0; times < 1_200 && (await left()).length > 0; times++) await delay(100)
      assert.deepEqual(await left(), [])
    })
  }

  test('measures producers alone, then consumers alone on what they left', async (context) => {
    const admin = await openAdmin(broker)
    const backlog = { kind: 'queue', name: 'backlog' } as const
    await admin.declare(backlog, { arguments: {}, durable: true })
    const named = [
      '--target',
      urlOf(broker, 'amqp091'),
      '--set',
      'destination.name=backlog',
      '--set',
      'destination.declare=false',
      '--set',
      'destination.layout=shared',
    ]
    for (let confirmed = 0; confirmed < BACKLOG_MIN;) {
      const filled = await measure(context, [...named, '-x', '2', '-y', '0', '-c', '100'])
      assert.equal(filled.exitCode, 0, filled.stderr)
      const more = filled.cells[0]?.integrity?.confirmed ?? 0
      assert.ok(more > 0)
      confirmed += more
      assert.equal(await admin.depth?.(backlog), confirmed)
    }
    // One message at a time, so that some are left when the measured time begins, however late that is.
    const slowly = ['-q', '1', '--set', 'phases.warmupSeconds=0', '--set', 'phases.drainSeconds=1']
    const drained = await measure(context, [...named, '-x', '0', '-y', '2', ...slowly])
    assert.ok((drained.result.cells[0]?.throughput?.deliveredPerSecond ?? 0) > 0, drained.stderr)
    assert.equal(drained.exitCode, 0, drained.stderr)
    await admin.remove(backlog, [])
    await admin.close()
  })

  test('counts a leftover of somebody else as unexpected, and exits 4', async (context) => {
    const target = ['--target', urlOf(broker, 'amqp091')]
    const named = [
      ...target,
      '--set',
      'destination.name=leftover',
      '--set',
      'destination.declare=false',
      '--set',
      'destination.layout=shared',
    ]
    const admin = await openAdmin(broker)
    await admin.declare({ kind: 'queue', name: 'leftover' }, { arguments: {}, durable: true })
    await measure(context, [...named, '-x', '1', '-y', '0', '-C', '7', '--set', 'phases.warmupSeconds=0'])
    const { exitCode, result } = await measure(context, [...named, '-x', '1', '-y', '1'])
    assert.equal(exitCode, 4)
    assert.equal(result.cells[0]?.integrity?.unexpected, 7)
    await admin.remove({ kind: 'queue', name: 'leftover' }, [])
    await admin.close()
  })

  test('a wrong password is one sentence and exit 69, and the password is nowhere', async (context) => {
    const url = urlOf(broker, 'stomp').replace('guest:guest@', 'guest:planted-s3cret@')
    const { exitCode, stderr, text } = await measure(context, ['--target', url])
    assert.equal(exitCode, 69)
    assert.doesNotMatch(stderr + text, /planted-s3cret/)
    assert.match(stderr, /user|password|credential|denied|refused/i)
  })
})

describe('a campaign on a broker that is killed half-way', () => {
  test('says what happened, tries the rest of the matrix, and keeps what was measured', async (context) => {
    const cells = await inTime((seconds) => killedAfterFirst(context, seconds))
    assert.deepEqual(
      cells.map((cell) => cell.verdict.kind),
      ['valid', 'failed', 'failed'],
    )
    assert.match(cells[2]?.verdict.reasons[0]?.code ?? '', /^broker-/)
  })
})

/** A campaign of three cells whose broker is killed as soon as the first is through; null where the second was by then. */
async function killedAfterFirst(context: TestContext, seconds: number): Promise<readonly CellResult[] | null> {
  const broker = await launchBroker('mosquitto')
  context.after(() => broker.stop())
  const folder = scratchFolder(context)
  const phases = [`phases.warmupSeconds=${6 + seconds}`, 'phases.drainSeconds=5'].flatMap((phase) => ['--set', phase])
  const args = ['-x', '1', '-y', '1', '-s', '100,200,300', '-z', '2', ...phases]
  let killed = false
  const ended = await brokermark(['run', '--target', urlOf(broker, 'mqtt'), ...args], {
    cwd: folder,
    onStderr: (text) => {
      if (killed || !text.includes('[1/3]')) return
      killed = true
      broker.kill('SIGKILL')
    },
  })
  assert.ok(killed)
  const [run] = fs.readdirSync(join(folder, 'results'))
  const { cells } = JSON.parse(fs.readFileSync(join(folder, 'results', run ?? '', 'result.json'), 'utf8')) as Result
  if (cells[1]?.verdict.kind === 'valid') return null
  assert.equal(ended.exitCode, 69, ended.stderr)
  return cells
}
