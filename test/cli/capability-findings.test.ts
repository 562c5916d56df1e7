import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilityFindings } from '../../src/cli/capability-findings.ts'
import type { Capabilities } from '../../src/driver/capabilities.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'

const everything: Capabilities = {
  queues: 'native',
  topics: 'native',
  confirms: true,
  pipelining: true,
  durable: true,
  acknowledge: ['each', 'auto', 'every'],
  prefetch: true,
  competingConsumers: 'native',
  declareArguments: true,
  removeQueue: true,
  transactions: true,
  ttl: true,
  priority: true,
  headers: true,
  durableSubscriptions: true,
  sharedSubscriptions: true,
  messagePerWrite: true,
  transports: ['tcp', 'tls'],
}

function cellOf(text: string): Cell {
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  const [cell] = expand(
    parsed.workload,
    [{ kind: 'embedded', label: 'target', protocol: 'stomp', options: {}, faults: {} }],
    {
      defaultClient: () => 'wire',
      brokerWarmupGiven: false,
    },
  )
  assert.ok(cell !== undefined)
  return cell
}

const lacking: readonly (readonly [yaml: string, lack: Partial<Capabilities>, sentence: string])[] = [
  ['', { queues: 'none' }, 'destination.kind: d has no queues'],
  ['destination: { kind: topic }', { topics: 'none' }, 'destination.kind: d has no topics'],
  ['', { confirms: false }, 'delivery.confirm: d gets no confirms: set delivery.confirm to false, with an open model'],
  [
    'load: { inFlight: 2 }',
    { pipelining: false },
    'load.inFlight: d has one unconfirmed message at a time: set load.inFlight to 1',
  ],
  ['', { durable: false }, 'delivery.persistent: d has no persistent messages: set delivery.persistent to false'],
  [
    'load: { inFlight: 5 }\ndelivery: { transactionMessages: 5 }',
    { transactions: false },
    'delivery.transactionMessages: d has no transactions: leave it out',
  ],
  [
    'delivery: { messagePerWrite: true }',
    { messagePerWrite: false },
    'delivery.messagePerWrite: d cannot say when it writes: leave it out',
  ],
  ['delivery: { ttlMs: 5 }', { ttl: false }, 'delivery.ttlMs: d has no time to live: leave it out'],
  ['delivery: { priority: 5 }', { priority: false }, 'delivery.priority: d has no priorities: leave it out'],
  ['delivery: { headers: { a: b } }', { headers: false }, 'delivery.headers: d carries no headers: leave them out'],
  [
    'destination: { kind: topic }\ndelivery: { subscription: durable }',
    { durableSubscriptions: false },
    'delivery.subscription: d has no durable subscriptions',
  ],
  [
    'destination: { kind: topic }\ndelivery: { subscription: shared }',
    { sharedSubscriptions: false },
    'delivery.subscription: d has no shared subscriptions',
  ],
  [
    'delivery: { acknowledge: { every: 2 } }',
    { acknowledge: ['each', 'auto'] },
    'delivery.acknowledge: d acknowledges each or auto only',
  ],
  [
    'matrix: { consumers: 2 }',
    { competingConsumers: 'none' },
    'destination.layout: d has no competing consumers on one queue',
  ],
  [
    'destination: { arguments: { x-queue-type: quorum } }',
    { declareArguments: false },
    'destination.arguments: d cannot declare a queue with arguments: declare it by hand and set destination.name and destination.declare=false',
  ],
  ['', { transports: ['tcp'] }, 'target: d does not run over tls'],
]

for (const [yaml, lack, sentence] of lacking) {
  test(`refused: ${sentence}`, () => {
    const full = capabilityFindings(cellOf(yaml), ['tls'], everything, 'd')
    assert.deepEqual(full, { problems: [], notes: [] })
    const { problems } = capabilityFindings(cellOf(yaml), ['tls'], { ...everything, ...lack }, 'd')
    assert.deepEqual(
      problems.map(({ path, text }) => `${path}: ${text}`),
      [sentence],
    )
  })
}

test('what nobody asks for may be missing', () => {
  const bare: Capabilities = {
    ...everything,
    topics: 'none',
    pipelining: false,
    competingConsumers: 'none',
    declareArguments: false,
  }
  assert.deepEqual(capabilityFindings(cellOf('matrix: { pairs: 3 }'), ['tcp'], bare, 'd').problems, [])
  const producersOnly = capabilityFindings(
    cellOf('matrix: { consumers: 0 }'),
    [],
    { ...everything, acknowledge: [], prefetch: false },
    'd',
  )
  assert.deepEqual(producersOnly, { problems: [], notes: [] })
})

test('what is imitated or cannot be set is a note', () => {
  const { problems, notes } = capabilityFindings(
    cellOf(''),
    ['tcp'],
    { ...everything, queues: 'imitated', prefetch: false },
    'd',
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(notes, ['d only imitates queues', "d cannot set the prefetch: it is the broker's own"])
})

test('in memory, persistent is a word without meaning and not a reason to refuse', () => {
  const memory: Capabilities = { ...everything, durable: false, transports: ['memory'] }
  const { problems, notes } = capabilityFindings(cellOf(''), [], memory, 'd')
  assert.deepEqual(problems, [])
  assert.deepEqual(notes, ['d keeps nothing on a disk: persistent means nothing there'])
})
