/** Producers and consumers that reach one broker by different protocols: one destination, and what arrives was sent. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import type { Protocol } from '../../src/driver/driver.ts'
import type { CellResult, Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from '../cli/brokermark.ts'
import { pairsOf, SIZES, SUBJECTS, type Subject } from '../support/end-subjects.ts'
import { unlessStill } from '../support/unless-still.ts'

for (const subject of SUBJECTS) {
  const { product, protocols } = subject
  describe(`different ends of ${product}`, () => {
    let broker: LaunchedBroker
    before(async () => {
      broker = await launchBroker(product, subject.launch)
    })
    after(() => broker.stop())

    const queueProtocols = protocols.filter((protocol) => protocol !== 'mqtt')
    if (queueProtocols.length > 1) {
      test('a queue: what any protocol publishes, any other consumes', async (context) => {
        const cells = await measure(context, urlPairs(broker, subject, pairsOf(queueProtocols)), 'queue', SIZES)
        assert.deepEqual(protocolPairs(cells), pairsOf(queueProtocols))
        cells.forEach(assertWhole)
      })
    }
    if (protocols.length > 1) {
      test('a topic: what any protocol publishes, any other is sent', async (context) => {
        const cells = await measure(context, urlPairs(broker, subject, pairsOf(protocols)), 'topic', SIZES.slice(1))
        assert.deepEqual(protocolPairs(cells), pairsOf(protocols))
        cells.forEach(assertWhole)
      })
    }
    const versions = subject.mqttVersions ?? []
    if (versions.length > 1) {
      test('versions of MQTT: what one publishes, the other consumes', async (context) => {
        const url = urlOf(broker, subject, 'mqtt')
        const urls = pairsOf(versions).map((pair) => pair.map((version) => `${url}?version=${version}`))
        const cells = await measure(context, urls, 'queue', SIZES)
        assert.equal(cells.length, urls.length * SIZES.length)
        cells.forEach(assertWhole)
      })
    }
  })
}

describe('declaration arguments with different ends', () => {
  let broker: LaunchedBroker
  before(async () => {
    broker = await launchBroker('rabbitmq')
  })
  after(() => broker.stop())

  test('are declared by the end that can, and the other ends use the quorum queue that it made', async (context) => {
    const rabbitmq = SUBJECTS.find(({ product }) => product === 'rabbitmq') ?? assert.fail()
    const pairs = pairsOf(['stomp', 'amqp10', 'amqp091'] as const).filter((pair) => pair.includes('amqp091'))
    const urls = urlPairs(broker, rabbitmq, pairs)
    const cells = await measure(context, urls, 'queue', [1024], 'arguments: { x-queue-type: quorum }')
    assert.deepEqual(protocolPairs(cells), pairs)
    cells.forEach(assertWhole)
  })
})

describe('different ends that cannot meet', () => {
  let broker: LaunchedBroker
  before(async () => {
    broker = await launchBroker('activemq')
  })
  after(() => broker.stop())

  test('ActiveMQ as shipped hands AMQP 1.0 on as it was encoded: one sentence, and nothing is measured', async () => {
    const { exitCode, stderr } = await runEnds('amqp10', 'stomp')
    assert.equal(exitCode, 69, stderr)
    assert.match(stderr, /^brokermark: .* the broker changes message bodies on their way from amqp10 to stomp: .*=jms/m)
  })

  test('what another protocol publishes arrives over AMQP 1.0 all the same', async () => {
    const { exitCode, stderr } = await runEnds('stomp', 'amqp10')
    assert.equal(exitCode, 0, stderr)
  })

  test('ActiveMQ carries STOMP over WebSocket as text, which no other protocol undoes', async () => {
    const { exitCode, stderr } = await runEnds('stomp+ws', 'openwire')
    assert.equal(exitCode, 69, stderr)
    assert.match(stderr, /^brokermark: .*ActiveMQ carries STOMP over WebSocket as text.*use stomp:\/\/ instead$/m)
  })

  test('two brokers of one product are not one: a message does not arrive', async (context) => {
    const other = await launchBroker('activemq')
    context.after(() => other.stop())
    const { exitCode, stderr } = await runEnds('stomp', 'openwire', other)
    assert.equal(exitCode, 69, stderr)
    assert.match(stderr, /^brokermark: .*a message did not arrive from stomp to openwire within 20 s: both ends/m)
  })

  function runEnds(producer: string, consumer: string, other = broker): ReturnType<typeof brokermark> {
    const [from, to] = [broker.targets.get(producer) ?? '', other.targets.get(consumer) ?? '']
    const ends = ['--producer-target', from, '--consumer-target', to]
    const results = join(broker.directory, 'results')
    const byCount = ['-C', '200', '-z', '2.5', '--set', 'phases.warmupSeconds=0']
    return brokermark(['run', ...ends, ...byCount, '--results', results])
  }
})

/** One run with a target per pair of URLs, and what it measured. */
async function measure(
  context: TestContext,
  urls: readonly (readonly string[])[],
  kind: 'queue' | 'topic',
  sizes: readonly number[],
  more = 'layout: per-pair',
): Promise<readonly CellResult[]> {
  const folder = scratchFolder(context)
  const targets = urls.map(
    ([producer = '', consumer = '']) => `  - { producer: "${producer}", consumer: "${consumer}" }`,
  )
  const workload = [
    `matrix: { messageBytes: [${sizes.join(', ')}], pairs: 2 }`,
    'load: { model: closed, inFlight: 20 }',
    `destination: { kind: ${kind}, ${more} }`,
    // By count: the time only ends a cell on a machine that stands still, and is under what the machine itself is judged from.
    'phases: { order: listed, clientWarmupSeconds: 0, brokerWarmupSeconds: 0, warmupSeconds: 0, messagesPerProducer: 200, measureSeconds: 2.5, drainSeconds: 30 }',
    'targets:',
    ...targets,
  ]
  fs.writeFileSync(join(folder, 'ends.yaml'), `${workload.join('\n')}\n`)
  const { exitCode, stdout, stderr, cells } = await unlessStill(async () => {
    const ended = await brokermark(['run', 'ends.yaml', '--json'], { cwd: folder })
    return { ...ended, cells: ended.stdout === '' ? [] : (JSON.parse(ended.stdout) as Result).cells }
  })
  assert.equal(exitCode, 0, stderr)
  assert.doesNotMatch(stdout, /guest:guest/)
  return cells
}

/** Both protocols of every cell, each pair once. */
function protocolPairs(cells: readonly CellResult[]): readonly (readonly (Protocol | undefined)[])[] {
  const pairs = cells.map(({ protocol, consumer }) => [protocol, consumer?.protocol])
  return pairs.filter((pair, index) => index === 0 || pair.join() !== pairs[index - 1]?.join())
}

function assertWhole({ id, target, verdict, integrity }: CellResult): void {
  const words = `${target} ${id}: ${JSON.stringify({ verdict, integrity })}`
  assert.equal(verdict.kind, 'valid', words)
  assert.ok(integrity !== null && integrity.confirmed > 0, words)
  const { received, confirmed, lost, corrupt, unexpected, unknown } = integrity
  assert.deepEqual({ received, lost, corrupt, unexpected, unknown }, { ...NOTHING_WRONG, received: confirmed }, words)
}

const NOTHING_WRONG = { lost: 0, corrupt: 0, unexpected: 0, unknown: 0 }

function urlPairs(
  broker: LaunchedBroker,
  subject: Subject,
  pairs: readonly (readonly Protocol[])[],
): readonly (readonly string[])[] {
  return pairs.map((pair) => pair.map((protocol) => urlOf(broker, subject, protocol)))
}

function urlOf(broker: LaunchedBroker, { credentials }: Subject, protocol: Protocol): string {
  const url = broker.targets.get(protocol) ?? assert.fail(`the broker has no ${protocol}`)
  return credentials === undefined ? url : url.replace('//', `//${credentials.username}:${credentials.password}@`)
}
