import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '../support/properties.ts'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { estimateCampaignSeconds } from '../../src/workload/estimate.ts'
import { expand, type ExpandOptions } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'
import type { Target } from '../../src/workload/target.ts'
import type { Workload } from '../../src/workload/workload.ts'

const embedded: Target = { kind: 'embedded', label: 'embedded:', protocol: 'stomp', options: {}, faults: {} }
const loopback: Target = { kind: 'loopback', label: 'loopback:', faults: {} }
const options: ExpandOptions = { defaultClient: () => 'library', brokerWarmupGiven: false }

function broker(label: string): Target {
  const endpoint = {
    protocol: 'mqtt' as const,
    transport: 'tcp' as const,
    host: 'h',
    port: 1883,
    path: '/',
    options: {},
    username: null,
    password: null,
    tls: null,
  }
  return { kind: 'broker', label, endpoints: [endpoint], consumerEnd: null, managementUrl: null }
}

function workloadOf(text: string): Workload {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  return parsed.workload
}

test('cells are the whole product of targets, variants, sizes and crews, each once and under an id of its own', () => {
  const distinct = (max: number): fc.Arbitrary<number[]> =>
    fc.uniqueArray(fc.integer({ min: 12, max }), { minLength: 1, maxLength: 4 })
  const flags = fc.constantFrom('[true]', '[false]', '[true, false]')
  fc.assert(
    fc.property(
      distinct(200_000),
      distinct(500),
      distinct(5000),
      flags,
      fc.integer({ min: 1, max: 3 }),
      (sizes, pairs, inFlight, persistent, targetCount) => {
        const workload = workloadOf(
          `matrix: { messageBytes: ${JSON.stringify(sizes)}, pairs: ${JSON.stringify(pairs)}, load.inFlight: ${JSON.stringify(inFlight)}, delivery.persistent: ${persistent} }`,
        )
        const targets = Array.from({ length: targetCount }, (_, index) => broker(`mqtt://h${index}:1`))
        const cells = expand(workload, targets, options).filter(({ sentinel }) => sentinel === null)
        const persistentValues = persistent.includes(',') ? 2 : 1
        assert.equal(cells.length, targetCount * sizes.length * pairs.length * inFlight.length * persistentValues)
        const points = cells.map((cell) =>
          JSON.stringify([cell.targetIndex, cell.messageBytes, cell.crew, cell.load, cell.delivery]),
        )
        assert.equal(new Set(points).size, cells.length)
        assert.equal(new Set(cells.map((cell) => cell.id)).size, cells.length)
        for (const cell of cells) assert.match(cell.id, /^[A-Za-z0-9][\w.-]*$/)
      },
    ),
    { numRuns: 50 },
  )
})

test('cells that are listed run target by target, then by variant, size and crew', () => {
  const workload = workloadOf(
    'matrix: { messageBytes: [1024, 2048], pairs: [1, 2], load.inFlight: [1, 9] }\nphases: { order: listed, sentinel: off }',
  )
  assert.deepEqual(
    expand(workload, [broker('mqtt://a:1'), embedded], options).map((cell) => cell.id),
    ['t1', 't2'].flatMap((target) =>
      ['inFlight1', 'inFlight9'].flatMap((axis) =>
        ['1024B', '2048B'].flatMap((size) => ['1x1', '2x2'].map((crew) => `${target}-${size}-${crew}-${axis}`)),
      ),
    ),
  )
})

test('a cell is all that is needed to run it', () => {
  const workload = workloadOf(
    'matrix: { messageBytes: 12, producers: 3, consumers: 2 }\nload: { model: open, ratePerSecond: 2 }\nclient: [wire, library]',
  )
  const [cell, other] = expand(workload, [broker('mqtt://h:1')], options)
  assert.deepEqual(cell, {
    id: 't1-12B-3x2-wire',
    targetIndex: 0,
    target: 'mqtt://h:1',
    protocol: 'mqtt',
    client: 'wire',
    consumer: null,
    messageBytes: 12,
    crew: { producers: 3, consumers: 2 },
    axes: { messageBytes: 12, producers: 3, consumers: 2, client: 'wire' },
    load: { ...CONSTANT_RATE, ratePerSecond: 2, inFlight: 1000 },
    destination: workload.variants[0]?.destination,
    layout: { kind: 'shared' },
    delivery: workload.variants[0]?.delivery,
    payload: { content: { kind: 'random' } },
    connect: workload.connect,
    phases: workload.phases,
    profile: null,
    repetition: 1,
    sentinel: null,
  })
  assert.equal(other?.client, 'library')
})

test('without a layout, equal numbers are pairs and others share', () => {
  const workload = workloadOf('matrix: { producers: [2, 3], consumers: 2 }')
  assert.deepEqual(
    expand(workload, [embedded], options).map((cell) => cell.layout.kind),
    ['per-pair', 'shared'],
  )
})

test('the client defaults to that of the protocol', () => {
  const workload = workloadOf('')
  const seen: string[] = []
  expand(workload, [embedded, loopback, broker('mqtt://h:1')], {
    ...options,
    defaultClient: (protocol) => {
      seen.push(protocol)
      return 'wire'
    },
  })
  assert.deepEqual(seen, ['stomp', 'loopback', 'mqtt'])
})

test('the broker warm-up is for brokers, and for the built-in ones only when it was asked for', () => {
  const workload = workloadOf('phases: { order: listed }')
  const seconds = (brokerWarmupGiven: boolean): readonly number[] =>
    expand(workload, [broker('mqtt://h:1'), embedded, loopback], { ...options, brokerWarmupGiven }).map(
      (cell) => cell.phases.brokerWarmupSeconds,
    )
  assert.deepEqual(seconds(false), [20, 0, 0])
  assert.deepEqual(seconds(true), [20, 20, 20])
})

test('axes that shorten to the same letters still have ids of their own', () => {
  const long = 'x'.repeat(60)
  const workload = workloadOf(`payload: { content: [{ file: ${long}1 }, { file: ${long}2 }, { file: ${long}3 }] }`)
  const ids = expand(workload, [embedded], options).map((cell) => cell.id)
  assert.equal(new Set(ids).size, 3)
})

test('the estimate is ramp, warm-up, measured time and a second of closing, plus one broker warm-up per target', () => {
  const workload = workloadOf(
    'matrix: { pairs: 50, messageBytes: [12, 13] }' +
      '\nphases: { warmupSeconds: 2, measureSeconds: 10 }\nconnect: { perSecond: 101 }',
  )
  const cells = expand(workload, [broker('mqtt://a:1'), broker('mqtt://b:1')], options)
  // Two seconds of client warm-up and twenty of the broker's, per target.
  assert.equal(estimateCampaignSeconds(cells), 2 * (2 + 20) + 4 * (1 + 2 + 10 + 1))
})

test('an open run by number of messages is estimated by its schedule', () => {
  const workload = workloadOf(
    'load: { model: open, ratePerSecond: 100 }\nphases: { messagesPerProducer: 500, warmupSeconds: 0 }\nconnect: { perSecond: 3 }',
  )
  assert.equal(estimateCampaignSeconds(expand(workload, [embedded], options)), 1 + 5 + 1)
})

test('a rate per producer is a total of its crew', () => {
  const cells = expand(
    workloadOf('matrix: { pairs: [2, 5] }\nload: { model: open, ratePerProducer: 3 }'),
    [broker('b')],
    options,
  )
  assert.deepEqual(
    cells.map(({ load }) => (load.model === 'open' ? load.ratePerSecond : null)),
    [6, 15],
  )
})

test('cells are shuffled by a seed within each target and repetition, and targets take turns', () => {
  const text =
    'matrix: { messageBytes: [1024, 2048, 4096], pairs: [1, 2, 3, 4] }\nphases: { repeats: 2, sentinel: off, orderSeed: '
  const ran = (seed: number) =>
    expand(workloadOf(`${text}${seed} }`), [broker('mqtt://a:1'), broker('mqtt://b:1')], options)
  const cells = ran(7)
  const blocks = [0, 12, 24, 36].map((from) => cells.slice(from, from + 12))
  assert.deepEqual(
    blocks.map((block) => [...new Set(block.map((cell) => `${cell.target} ${cell.repetition}`))]),
    [['mqtt://a:1 1'], ['mqtt://b:1 1'], ['mqtt://b:1 2'], ['mqtt://a:1 2']],
  )
  const points = blocks.map((block) => block.map((cell) => `${cell.messageBytes} ${cell.crew.producers}`))
  assert.equal(new Set(points.map((block) => block.join())).size, 4, 'four different orders')
  assert.equal(new Set(points.map((block) => block.toSorted().join())).size, 1, 'of the same points')
  assert.deepEqual(
    ran(7).map((cell) => cell.id),
    cells.map((cell) => cell.id),
  )
  assert.notDeepEqual(
    ran(8).map((cell) => cell.id),
    cells.map((cell) => cell.id),
  )
})
