/**
 * Producers and consumers that reach one broker by different protocols, or by different clients of one: the destination is
 * the same, and what arrives is what was sent.
 */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test, type TestContext } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { BrokerProduct, LaunchedBroker, LaunchOptions } from '../../src/broker/launch/launched-broker.ts'
import type { ClientKind, Protocol } from '../../src/driver/driver.ts'
import { clientsOf, loadDriver } from '../../src/driver/registry.ts'
import type { CellResult, Result } from '../../src/result/result.ts'
import { brokermark, scratchFolder } from '../cli/brokermark.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { endpointOf } from '../support/endpoint-of.ts'

interface Subject {
  readonly product: BrokerProduct
  readonly protocols: readonly Protocol[]
  /** MQTT has no queues that another protocol could use: with it at one end, there are topics. */
  readonly mqttVersions?: readonly string[]
  readonly launch?: LaunchOptions
  readonly credentials?: { readonly username: string; readonly password: string }
  /** RabbitMQ's AMQP 1.0 plugin encodes application properties into a header that only it can read. */
  readonly keepsHeaders?: readonly Protocol[]
  readonly reorders?: Partial<Record<Protocol, string>>
}

const SUBJECTS: readonly Subject[] = [
  {
    product: 'activemq',
    protocols: ['stomp', 'amqp10', 'openwire', 'mqtt'],
    launch: { amqpTransformer: 'jms' },
  },
  {
    product: 'artemis',
    protocols: ['stomp', 'amqp10', 'openwire', 'mqtt'],
    mqttVersions: ['3.1.1', '5'],
    reorders: { mqtt: 'Artemis lets a message of one MQTT producer overtake another when several are in flight' },
  },
  {
    product: 'rabbitmq',
    protocols: ['stomp', 'amqp10', 'amqp091', 'mqtt'],
    credentials: { username: 'guest', password: 'guest' },
    keepsHeaders: ['amqp10'],
  },
  { product: 'mosquitto', protocols: ['mqtt'], mqttVersions: ['3.1.1', '5'] },
]

/** Whole frames and split ones. */
const SIZES = [1024, 70_000]

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
    for (const [from, to] of pairsOf(queueProtocols)) {
      test(`what a message of ${from} carries beside its body, ${to} is told`, async (context) => {
        const ends = [await openEnd(broker, subject, from), await openEnd(broker, subject, to)] as const
        await carryOver(context, ends, subject.keepsHeaders?.includes(from) !== subject.keepsHeaders?.includes(to))
      })
    }
    for (const protocol of protocols) {
      for (const [from, to] of pairsOf(clientsOf(protocol))) {
        // MQTT 3.1.1 carries nothing beside the body.
        if (protocol !== 'mqtt' || versions.includes('5'))
          test(`${protocol}: what a message of the ${from} client carries beside its body, the ${to} client is told`, async (context) => {
            const ends = [
              await openEnd(broker, subject, protocol, from),
              await openEnd(broker, subject, protocol, to),
            ] as const
            await carryOver(context, ends, false)
          })
        test(`${protocol}: what the ${from} client publishes, the ${to} client consumes`, async () => {
          for (const bytes of [...SIZES, 1_000_000]) await handOver(broker, subject, protocol, [from, to], bytes)
        })
      }
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
    assert.match(stderr, /^brokermark: .*a message did not arrive from stomp to openwire within 5 s: both ends/m)
  })

  function runEnds(producer: string, consumer: string, other = broker): ReturnType<typeof brokermark> {
    const [from, to] = [broker.targets.get(producer) ?? '', other.targets.get(consumer) ?? '']
    const ends = ['--producer-target', from, '--consumer-target', to]
    const results = join(broker.directory, 'results')
    return brokermark(['run', ...ends, '-z', '0.5', '--set', 'phases.warmupSeconds=0', '--results', results])
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
    'phases: { brokerWarmupSeconds: 0, warmupSeconds: 0.2, measureSeconds: 0.5, drainSeconds: 10 }',
    'targets:',
    ...targets,
  ]
  fs.writeFileSync(join(folder, 'ends.yaml'), `${workload.join('\n')}\n`)
  const { exitCode, stdout, stderr } = await brokermark(['run', 'ends.yaml', '--json'], { cwd: folder })
  assert.equal(exitCode, 0, stderr)
  assert.doesNotMatch(stdout, /guest:guest/)
  return (JSON.parse(stdout) as Result).cells
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

/** Publishes by one client and consumes by the other, over the same endpoint; every body is looked at whole. */
async function handOver(
  broker: LaunchedBroker,
  subject: Subject,
  protocol: Protocol,
  [from, to]: readonly [ClientKind, ClientKind],
  bodyBytesMax: number,
): Promise<void> {
  const producing = await openEnd(broker, subject, protocol, from)
  const consuming = await openEnd(broker, subject, protocol, to)
  const messages = bodyBytesMax > 100_000 ? 5 : 200
  try {
    const queue = await producing.destination()
    const consumer = await consuming.consumer(queue, { bodyBytesMax })
    const publisher = await producing.publisher(queue, { bodyBytesMax })
    await publisher.send(messages)
    await consumer.received(messages)
    await publisher.confirmed(messages)
    consuming.assertEachOnce(consumer, publisher, messages)
    assert.deepEqual(new Set(consumer.deliveries.map(({ bytes }) => bytes)), new Set([bodyBytesMax]))
    producing.assertNoViolations()
    consuming.assertNoViolations()
  } finally {
    await consuming.end()
    await producing.end()
  }
}

/** The newest version of MQTT that the broker speaks: the older one carries nothing beside the body. */
async function openEnd(
  broker: LaunchedBroker,
  subject: Subject,
  protocol: Protocol,
  client: ClientKind = 'wire',
): Promise<ContractSession> {
  const { username, password } = subject.credentials ?? { username: null, password: null }
  const version = protocol === 'mqtt' ? subject.mqttVersions?.at(-1) : undefined
  const options = version === undefined ? {} : { version }
  const endpoint = { ...endpointOf(broker.targets.get(protocol) ?? assert.fail(protocol)), username, password, options }
  const reorders = subject.reorders?.[protocol]
  return new ContractSession(await loadDriver(protocol, client), endpoint, reorders === undefined ? {} : { reorders })
}

const TTL_MS = 600_000
const HEADERS = { region: 'eu-central-1', trace_id: 'a:b\\ c d', Price: '3 €' }

/** Whatever both drivers know of time to live, priority and headers. */
async function carryOver(
  context: TestContext,
  [producing, consuming]: readonly [ContractSession, ContractSession],
  headersStay: boolean,
): Promise<void> {
  const both = (flag: 'ttl' | 'priority' | 'headers'): boolean =>
    producing.driver.capabilities[flag] && consuming.driver.capabilities[flag]
  const headers = both('headers') && !headersStay ? HEADERS : {}
  const asked = { ttlMs: both('ttl') ? TTL_MS : null, priority: both('priority') ? 7 : null, headers }
  if (asked.ttlMs === null && asked.priority === null && Object.keys(headers).length === 0) {
    context.skip('capabilities ttl, priority, headers: not at both ends')
    return
  }
  try {
    const queue = await consuming.destination()
    const consumer = await consuming.consumer(queue, { properties: true })
    const publisher = await producing.publisher(queue, { properties: asked })
    await publisher.send(3)
    await consumer.received(3)
    consuming.assertEachOnce(consumer, publisher, 3)
    for (const { properties } of consumer.deliveries) {
      const { ttlMs = null, priority = null, headers: arrived = {} } = properties ?? {}
      if (asked.ttlMs !== null) assert.ok(ttlMs !== null && ttlMs > 0 && ttlMs <= TTL_MS, `${String(ttlMs)} ms`)
      if (asked.priority !== null) assert.equal(priority, asked.priority)
      // Brokers may add some of their own.
      for (const [name, value] of Object.entries(headers)) assert.equal(arrived[name], value)
    }
    producing.assertNoViolations()
    consuming.assertNoViolations()
  } finally {
    await producing.end()
    await consuming.end()
  }
}

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

/** Each with each other, both ways. */
function pairsOf<T>(ends: readonly T[]): readonly (readonly [T, T])[] {
  return ends.flatMap((one) => ends.filter((other) => other !== one).map((other) => [one, other] as const))
}
