import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CONSTANT_RATE } from '../support/open-load.ts'
import { PLAIN_DELIVERY } from '../support/delivery-plan.ts'
import { toolFolder } from '../../src/run/tool-version.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseSetting, type Override } from '../../src/workload/override.ts'
import { parseWorkload, type ParsedWorkload } from '../../src/workload/parse-workload.ts'
import { overridesOf } from '../../src/workload/quick-form.ts'
import type { Workload } from '../../src/workload/workload.ts'

function parse(text: string | null, overrides: readonly Override[] = []): ParsedWorkload {
  return parseWorkload({ text, fallbackName: 'some-file', overrides })
}

function workloadOf(text: string | null, overrides: readonly Override[] = []): Workload {
  const parsed = parse(text, overrides)
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  return parsed.workload
}

function sentencesOf(text: string | null, overrides: readonly Override[] = []): readonly string[] {
  const parsed = parse(text, overrides)
  assert.ok(parsed.kind === 'problems', 'expected problems')
  return parsed.problems.map((problem) => `${problem.path}: ${problem.text}`)
}

function settings(...written: readonly string[]): readonly Override[] {
  return written.map((one) => {
    const setting = parseSetting(one)
    assert.ok(!('text' in setting), JSON.stringify(setting))
    return setting
  })
}

test('an empty file is a workload of defaults: one pair, 1 KB, closed with one in flight, persistent and confirmed', () => {
  assert.deepEqual(workloadOf(''), {
    name: 'some-file',
    question: null,
    profile: null,
    messageBytes: [1024],
    crews: [{ producers: 1, consumers: 1 }],
    variants: [
      {
        axes: {},
        load: { model: 'closed', inFlight: 1 },
        destination: { kind: 'queue', layout: null, name: null, declare: true, arguments: {} },
        delivery: PLAIN_DELIVERY,
        payload: { content: { kind: 'random' } },
        client: null,
      },
    ],
    connect: { timeoutSeconds: 10, perSecond: 200 },
    phases: {
      clientWarmupSeconds: 2,
      brokerWarmupSeconds: 20,
      warmupSeconds: 5,
      measureSeconds: 30,
      measureMessagesMin: null,
      drainSeconds: 30,
      messagesPerProducer: null,
      repeats: 1,
      order: 'shuffled',
      orderSeed: 1,
      sentinel: 'auto',
    },
    targets: [],
    threads: null,
  })
})

test('every key of a full file arrives', () => {
  const workload = workloadOf(`
name: full
question: Does every key arrive?
client: library
threads: 3
targets: ['stomp://me:secret@h:1', 'embedded:']
matrix: { messageBytes: [12, 1KB, 1.5 MB], producers: [2, 0], consumers: 4 }
load: { model: open, ratePerSecond: 0.5, arrivals: constant, inFlight: 7 }
destination: { kind: queue, layout: shared, name: /orders, declare: true, arguments: { x-queue-type: quorum, x-max-length: 5 } }
delivery: { persistent: false, confirm: false, acknowledge: { every: 100 }, prefetch: 100, ttlMs: 5000, priority: 7, headers: { region: eu }, messagePerWrite: true }
payload: { content: { file: body.json } }
connect: { timeoutSeconds: 2.5, perSecond: 50 }
phases: { brokerWarmupSeconds: 0, warmupSeconds: 0, measureSeconds: 1.5, drainSeconds: 0, repeats: 4, order: listed, orderSeed: 9 }
`)
  assert.deepEqual(workload.messageBytes, [12, 1024, 1_572_864])
  assert.deepEqual(workload.crews, [
    { producers: 2, consumers: 4 },
    { producers: 0, consumers: 4 },
  ])
  assert.deepEqual(workload.targets, ['stomp://h:1', 'embedded:'])
  assert.deepEqual(workload.variants, [
    {
      axes: {},
      load: { ...CONSTANT_RATE, ratePerSecond: 0.5, inFlight: 7 },
      destination: {
        kind: 'queue',
        layout: { kind: 'shared' },
        name: '/orders',
        declare: true,
        arguments: { 'x-queue-type': 'quorum', 'x-max-length': 5 },
      },
      delivery: {
        ...PLAIN_DELIVERY,
        guarantee: 'none',
        persistent: false,
        confirm: false,
        acknowledge: { kind: 'every', messages: 100 },
        prefetch: 100,
        ttlMs: 5000,
        priority: 7,
        headers: { region: 'eu' },
        messagePerWrite: true,
      },
      payload: { content: { kind: 'file', path: 'body.json' } },
      client: 'library',
    },
  ])
  assert.equal(workload.threads, 3)
  assert.deepEqual(workload.connect, { timeoutSeconds: 2.5, perSecond: 50 })
  assert.equal(workload.phases.measureSeconds, 1.5)
})

const SIZE = 'expected a whole number of bytes, 12 or more (the payload header needs them), such as 1024 or 1KB'

const wrong: readonly (readonly [yaml: string, ...sentences: string[]])[] = [
  ['matrx: {}', 'matrx: unknown key, did you mean matrix?'],
  ['load: { inflght: 1 }', 'load.inflght: unknown key, did you mean inFlight?'],
  [
    'phases: { zzzzzzzzz: 1 }',
    'phases.zzzzzzzzz: unknown key, expected one of clientWarmupSeconds, brokerWarmupSeconds, warmupSeconds, measureSeconds, drainSeconds, messagesPerProducer, repeats, order, orderSeed, sentinel',
  ],
  ['matrix: { pairz: 1 }', 'matrix.pairz: unknown key, did you mean pairs?'],
  ['matrix: { load.inFlite: [1, 2] }', 'matrix.load.inFlite: unknown key, did you mean load.inFlight?'],
  [
    'load: closed',
    'load: got "closed", expected a map with the keys model, inFlight, ratePerSecond, ratePerProducer, arrivals, seed, catchUp',
  ],
  [
    '- 1',
    ': got a list, expected a map with the keys name, question, profile, client, threads, targets, matrix, load, destination, delivery, payload, connect, phases',
  ],
  ['matrix: { messageBytes: 11 }', `matrix.messageBytes: got 11, ${SIZE}`],
  ['matrix: { messageBytes: [1024, 1.5] }', `matrix.messageBytes[1]: got 1.5, ${SIZE}`],
  ['matrix: { messageBytes: 5 lightyears }', `matrix.messageBytes: got "5 lightyears", ${SIZE}`],
  ['matrix: { messageBytes: [1KB, 1024] }', 'matrix.messageBytes[1]: 1024 stands in the list twice'],
  ['matrix: { messageBytes: [] }', 'matrix.messageBytes: got an empty list, expected at least one value'],
  ['matrix: { pairs: 0 }', 'matrix.pairs: got 0, expected a whole number, 1 or more'],
  ['matrix: { pairs: "25" }', 'matrix.pairs: got "25", expected a whole number, 1 or more'],
  [
    'matrix: { pairs: 5, producers: 5 }',
    'matrix.producers: pairs already says how many (at matrix.pairs): remove one of the two',
  ],
  [
    'matrix: { producers: 0, consumers: 0 }',
    'matrix.producers: no producers and no consumers: there is nothing to measure',
  ],
  [
    'matrix: { phases.warmupSeconds: [1, 2] }',
    'matrix.phases.warmupSeconds: got a list, expected one value: phases.warmupSeconds is the same for all cells of a run',
  ],
  [
    'phases: { warmupSeconds: [1, 2] }',
    'phases.warmupSeconds: got a list, expected one value: phases.warmupSeconds is the same for all cells of a run',
  ],
  ['matrix: { load.inFlight: 1 }\nload: { inFlight: 2 }', 'load.inFlight: given twice, also at matrix.load.inFlight'],
  ['load: { model: half-open }', 'load.model: got "half-open", expected closed or open'],
  ['load: { inFlight: 0 }', 'load.inFlight: got 0, expected a whole number, 1 or more'],
  ['load: { inFlight: }', 'load.inFlight: got nothing, expected a whole number, 1 or more'],
  [
    'load: { model: open, ratePerSecond: 5, arrivals: random }',
    'load.arrivals: got "random", expected constant, poisson, { ramp: RATE } to end at, { steps: [{ ratePerSecond: R, seconds: S }, ...] } or { trace: PATH }',
  ],
  [
    'load: { model: open, ratePerSecond: 5, catchUp: { limited: 1 } }',
    'load.catchUp: got {"limited":1}, expected burst, skip or { limited: FACTOR } with a factor above 1',
  ],
  [
    'load: { model: open, ratePerSecond: 5, ratePerProducer: 5 }',
    'load.ratePerProducer: there is load.ratePerSecond already: remove one of the two',
  ],
  ['load: { seed: 5 }', 'load.seed: a closed model has no schedule: set load.model to open, or remove this'],
  [
    'load: { model: open, ratePerSecond: 0 }',
    'load.ratePerSecond: got 0, expected messages per second over all producers, above 0',
  ],
  [
    'load: { model: open }',
    'load.model: an open model needs a rate: set load.ratePerSecond (-r), the total over all producers, or load.ratePerProducer',
  ],
  [
    'load: { ratePerSecond: 5 }',
    'load.ratePerSecond: a closed model has no schedule: set load.model to open, or remove this',
  ],
  ['destination: { kind: stream }', 'destination.kind: got "stream", expected queue or topic'],
  [
    'destination: { layout: { counts: 3 } }',
    'destination.layout: got {"counts":3}, expected per-pair, shared or { count: N } with N of 1 or more',
  ],
  [
    'destination: { name: "two words" }',
    'destination.name: got "two words", expected a name without blanks, 255 characters at most',
  ],
  [
    'destination: { declare: false }',
    'destination.declare: a destination that exists already has a name: set destination.name',
  ],
  [
    'destination: { declare: false, name: x, arguments: { x-queue-type: quorum } }',
    'destination.arguments.x-queue-type: arguments belong to a declaration, and destination.declare is false: remove one of the two',
  ],
  [
    'destination: { kind: topic, arguments: { a: 1 } }',
    'destination.arguments.a: a topic is not declared with arguments: set destination.kind to queue',
  ],
  [
    'destination: { arguments: { a: { b: 1 } } }',
    'destination.arguments.a: got {"b":1}, expected a text, a number, true or false',
  ],
  [
    'destination: { arguments: quorum }',
    'destination.arguments: got "quorum", expected a map with the names and values of arguments',
  ],
  ['delivery: { persistent: "yes" }', 'delivery.persistent: got "yes", expected true or false'],
  [
    'delivery: { acknowledge: { every: 0 } }',
    'delivery.acknowledge: got {"every":0}, expected each, auto or { every: N } with N of 1 or more',
  ],
  ['delivery: { priority: 10 }', 'delivery.priority: got 10, expected a whole number from 0 to 9'],
  [
    'delivery: { headers: { "a b": x } }',
    'delivery.headers: got {"a b":"x"}, expected a map of names (letters, digits and _, 64 at most) to texts of one line, 1,024 characters at most',
  ],
  [
    'delivery: { transactionMessages: 10 }',
    'load.inFlight: 1 is less than the 10 messages of one transaction, so the producer would wait for ever: set load.inFlight to 10 or more, or make transactions smaller',
  ],
  [
    'delivery: { transactionMessages: 1, acknowledge: auto }',
    'delivery.acknowledge: transactions acknowledge each message: set delivery.acknowledge to each',
  ],
  [
    'delivery: { subscription: shared }',
    'delivery.subscription: a shared subscription is one to a topic: set destination.kind to topic',
  ],
  [
    'delivery: { acknowledge: { every: 100 }, prefetch: 10 }',
    'delivery.prefetch: 10 is less than the 100 messages of one acknowledgement, so the consumer would wait for ever: set prefetch to 100 or more, or acknowledge every 10 or fewer',
  ],
  [
    'payload: { content: { file: "" } }',
    'payload.content: got {"file":""}, expected random, zeros, text or { file: PATH }',
  ],
  ['connect: { timeoutSeconds: 0 }', 'connect.timeoutSeconds: got 0, expected seconds above 0'],
  ['phases: { measureSeconds: -1 }', 'phases.measureSeconds: got -1, expected seconds above 0'],
  [
    'phases: { messagesPerProducer: 10 }\nmatrix: { producers: 0 }',
    'phases.messagesPerProducer: a number of messages per producer needs producers: measure consumers alone by time (phases.measureSeconds, -z)',
  ],
  [
    'destination: { layout: per-pair }\nmatrix: { producers: 4, consumers: 2 }',
    'destination.layout: per-pair needs as many consumers as producers, got 4 producers and 2 consumers: use shared, or { count: N }',
  ],
  [
    'destination: { layout: { count: 3 } }\nmatrix: { producers: 4, consumers: 1 }',
    'destination.layout: 3 destinations for 1 consumer leave some unread, and their messages would count as lost: use 1 at most',
  ],
  [
    'name: no blanks please',
    'name: got "no blanks please", expected a name: letters, digits, dots, hyphens and underscores, 64 at most',
  ],
  ['threads: 0', 'threads: got 0, expected a whole number, 1 or more'],
  ['client: nodejs', 'client: got "nodejs", expected wire or library'],
  ['targets: ["stmp://h"]', 'targets[0]: unknown scheme stmp, did you mean stomp?'],
  [
    'load: { model: closed',
    ': not valid YAML: Flow map in block collection must be sufficiently indented and end with a } at line 1, column 22',
  ],
  ['name: a\nname: b', ': not valid YAML: Map keys must be unique at line 2, column 1'],
]

for (const [yaml, ...sentences] of wrong) {
  test(`refused: ${yaml.replace('\n', ' ')}`, () => assert.deepEqual(sentencesOf(yaml), sentences))
}

test('all problems of a file and of the flags are reported at once', () => {
  const text = 'load: { inFlight: 0 }\nphases: { repeat: 2 }\ndelivery: { prefetch: many }'
  const sentences = sentencesOf(text, [
    { path: 'matrix.messageBytes', at: '-s', value: [1, 'big'] },
    ...settings('load.ratePerSecond=7'),
  ])
  assert.deepEqual(sentences, [
    'phases.repeat: unknown key, did you mean repeats?',
    'load.inFlight: got 0, expected a whole number, 1 or more',
    'delivery.prefetch: got "many", expected a whole number, 1 or more',
    `-s[0]: got 1, ${SIZE}`,
    `-s[1]: got "big", ${SIZE}`,
    '--set load.ratePerSecond: a closed model has no schedule: set load.model to open, or remove this',
  ])
})

test('no sentence repeats a password of a target', () => {
  const parsed = parse('targets: ["stomp://me:hunter2@h:1/x", "amqps://me:hunter2@h"]')
  assert.equal(parsed.kind, 'problems')
  assert.doesNotMatch(JSON.stringify(parsed), /hunter2/)
})

test('a leaf may be a list at its place or in the matrix, and the variants are the product', () => {
  const workload = workloadOf(`
matrix: { load.inFlight: [1, 100], destination.arguments.x-queue-type: [classic, quorum] }
delivery: { acknowledge: [each, { every: 10 }] }
`)
  assert.deepEqual(
    workload.variants.map((variant) => variant.axes),
    [1, 100].flatMap((inFlight) =>
      ['each', 'every 10'].flatMap((acknowledge) =>
        ['classic', 'quorum'].map((type) => ({
          'load.inFlight': inFlight,
          'delivery.acknowledge': acknowledge,
          'destination.arguments.x-queue-type': type,
        })),
      ),
    ),
  )
})

test('a list of one value is no axis', () => {
  assert.deepEqual(
    workloadOf('matrix: { load.inFlight: [100] }').variants.map((variant) => variant.axes),
    [{}],
  )
})

test('closed variants are not multiplied by the rates of the open ones', () => {
  const { variants } = workloadOf('load: { model: [closed, open], ratePerSecond: [100, 200], inFlight: 5 }')
  assert.deepEqual(
    variants.map((variant) => variant.axes),
    [
      { 'load.model': 'closed' },
      { 'load.model': 'open', 'load.ratePerSecond': 100 },
      { 'load.model': 'open', 'load.ratePerSecond': 200 },
    ],
  )
})

test('--set replaces a leaf wherever the file has it, by a value or by a list', () => {
  const text = 'matrix: { pairs: [25, 50], load.inFlight: [1, 10] }\ndelivery: { prefetch: 5 }'
  const workload = workloadOf(
    text,
    settings('matrix.producers=[3, 4]', 'matrix.consumers=2', 'load.inFlight=7', 'delivery.prefetch=[10, 20]'),
  )
  assert.deepEqual(workload.crews, [
    { producers: 3, consumers: 2 },
    { producers: 4, consumers: 2 },
  ])
  assert.deepEqual(
    workload.variants.map((variant) => [variant.load.inFlight, variant.axes]),
    [
      [7, { 'delivery.prefetch': 10 }],
      [7, { 'delivery.prefetch': 20 }],
    ],
  )
})

test('--set reaches into leaves that are maps, and into arguments', () => {
  const [variant] = workloadOf(
    '',
    settings(
      'delivery.acknowledge.every=50',
      'payload.content.file=a.bin',
      'destination.arguments.x-max-length=9',
      'destination.layout={count: 1}',
    ),
  ).variants
  assert.deepEqual(variant?.delivery.acknowledge, { kind: 'every', messages: 50 })
  assert.deepEqual(variant.payload.content, { kind: 'file', path: 'a.bin' })
  assert.deepEqual(variant.destination.arguments, { 'x-max-length': 9 })
  assert.deepEqual(variant.destination.layout, { kind: 'count', count: 1 })
})

test('--set load.model=closed takes the rate of the file with it', () => {
  const text = 'load: { model: open, ratePerSecond: [5, 6], inFlight: 3 }'
  assert.deepEqual(
    workloadOf(text, settings('load.model=closed')).variants.map((variant) => variant.load),
    [{ model: 'closed', inFlight: 3 }],
  )
})

test('arrivals of every kind are read, with their seed, their rates and what becomes of late messages', () => {
  const loadOf = (text: string) => workloadOf(`load: { model: open, ${text} }`).variants[0]?.load
  const open = { ...CONSTANT_RATE, inFlight: 1000 }
  assert.deepEqual(loadOf('ratePerSecond: 5, arrivals: poisson, catchUp: skip'), {
    ...open,
    ratePerSecond: 5,
    arrivals: { kind: 'poisson', seed: 1 },
    catchUp: { kind: 'skip' },
  })
  assert.deepEqual(loadOf('ratePerSecond: 5, arrivals: { ramp: 9 }, catchUp: { limited: 2 }'), {
    ...open,
    ratePerSecond: 5,
    arrivals: { kind: 'ramp', toPerSecond: 9 },
    catchUp: { kind: 'limited', factor: 2 },
  })
  const steps = [
    { ratePerSecond: 3, seconds: 4 },
    { ratePerSecond: 6, seconds: 1 },
  ]
  assert.deepEqual(loadOf(`arrivals: { steps: ${JSON.stringify(steps)} }`), {
    ...open,
    ratePerSecond: 3,
    arrivals: { kind: 'steps', steps },
  })
  assert.deepEqual(loadOf('ratePerProducer: 7, arrivals: { trace: t.csv }'), {
    ...open,
    ratePerSecond: 7,
    ratePerProducer: 7,
    arrivals: { kind: 'trace', path: 't.csv' },
  })
})

test('arrivals are an axis', () => {
  const { variants } = workloadOf('load: { model: open, ratePerSecond: 5, arrivals: [constant, poisson, { ramp: 9 }] }')
  assert.deepEqual(
    variants.map(({ axes }) => axes['load.arrivals']),
    ['constant', 'poisson', 'ramp to 9'],
  )
})

test('--set names the nearest path', () => {
  assert.deepEqual(parseSetting('load.inflite=3'), {
    path: '--set load.inflite',
    text: 'unknown key, did you mean load.inFlight?',
  })
  assert.deepEqual(parseSetting('pairs'), {
    path: '--set pairs',
    text: 'expected path=value, such as load.inFlight=100',
  })
  assert.deepEqual(parseSetting('name={'), {
    path: '--set name',
    text: 'the value is not YAML; quote it if it is a text',
  })
})

test('the quick form is the same workload, with comma lists as axes and no broker warm-up', () => {
  const { overrides, notes } = overridesOf({ x: '1,2', y: '2', s: '1KB,2048', c: '10', q: '5', z: '3', C: '1000' })
  const workload = workloadOf(null, overrides)
  assert.deepEqual(
    workload.crews.map((crew) => crew.producers),
    [1, 2],
  )
  assert.deepEqual(workload.messageBytes, [1024, 2048])
  assert.deepEqual(workload.variants[0]?.load, { model: 'closed', inFlight: 10 })
  assert.equal(workload.variants[0].delivery.prefetch, 5)
  assert.equal(workload.phases.measureSeconds, 3)
  assert.equal(workload.phases.messagesPerProducer, 1000)
  assert.equal(workload.phases.brokerWarmupSeconds, 0)
  assert.deepEqual(notes, [])
})

test('-r makes the model open, with a cap of 1,000 unless -c says otherwise', () => {
  const withoutCap = overridesOf({ r: '0.5' })
  assert.deepEqual(workloadOf('load: { inFlight: 1 }', withoutCap.overrides).variants[0]?.load, {
    ...CONSTANT_RATE,
    ratePerSecond: 0.5,
    inFlight: 1000,
  })
  assert.equal(withoutCap.notes.length, 1)
  const withCap = overridesOf({ r: '100', c: '3' })
  assert.equal(workloadOf(null, withCap.overrides).variants[0]?.load.inFlight, 3)
  assert.deepEqual(withCap.notes, [])
})

test('a flag that does not fit is named as the user wrote it', () => {
  const sentences = sentencesOf(null, overridesOf({ x: 'ten', s: '4', z: '' }).overrides)
  assert.deepEqual(sentences, [
    '-x: got "ten", expected a whole number, 0 or more',
    `-s: got 4, ${SIZE}`,
    '-z: got "", expected seconds above 0',
  ])
})

test('by a number of messages, the measured time is only a limit', () => {
  assert.equal(workloadOf('phases: { messagesPerProducer: 10 }').phases.measureSeconds, 600)
  assert.equal(workloadOf('phases: { messagesPerProducer: 10, measureSeconds: 5 }').phases.measureSeconds, 5)
})

test('messages without room for a time are allowed, with a caution', () => {
  const parsed = parse('matrix: { messageBytes: [12, 31, 32] }')
  assert.ok(parsed.kind === 'workload')
  assert.deepEqual(parsed.cautions, [
    'messages of 12, 31 bytes have no room for a time (32 bytes do): there is no end-to-end latency for them in a closed model, or where slots are skipped',
  ])
})

test('short messages of an open model need no caution: their times are recomputed, unless slots are skipped', () => {
  const cautionsOf = (catchUp: string) => {
    const parsed = parse(`matrix: { messageBytes: 12 }\nload: { model: open, ratePerSecond: 10, catchUp: ${catchUp} }`)
    assert.ok(parsed.kind === 'workload')
    return parsed.cautions.length
  }
  assert.equal(cautionsOf('burst'), 0)
  assert.equal(cautionsOf('skip'), 1)
})

test('rates below the number of producers and fractions of a message per second are allowed', () => {
  const workload = workloadOf('matrix: { pairs: 200 }\nload: { model: open, ratePerSecond: 3.7 }')
  const [load] = workload.variants.map((variant) => variant.load)
  assert.ok(load?.model === 'open')
  assert.equal(load.ratePerSecond, 3.7)
})

test('overrides and values given are not changed by parsing', () => {
  const overrides: readonly Override[] = Object.freeze([
    Object.freeze({ path: 'load.inFlight', at: '-c', value: Object.freeze([1, 2]) }),
  ])
  assert.equal(workloadOf('', overrides).variants.length, 2)
})

const workloadFolder = join(toolFolder(), 'workloads')

for (const file of fs.readdirSync(workloadFolder)) {
  test(`the shipped workload ${file} is valid, asks a question, and says in its comment what it is for`, () => {
    const text = fs.readFileSync(join(workloadFolder, file), 'utf8')
    const workload = workloadOf(text)
    assert.equal(`${workload.name}.yaml`, file)
    assert.match(workload.question ?? '', /[?.]$/)
    assert.match(text, /^# .*\?/)
  })
}

test('quick.yaml is under a minute of load: three sizes x three concurrencies of the published matrix', () => {
  const workload = workloadOf(fs.readFileSync(join(workloadFolder, 'quick.yaml'), 'utf8'))
  const cells = expand(
    workload,
    [{ kind: 'embedded', label: 'embedded:', protocol: 'stomp', options: {}, faults: {} }],
    {
      defaultClient: () => 'wire',
      brokerWarmupGiven: false,
    },
  )
  assert.equal(workload.messageBytes.length * workload.crews.length, 9)
  const loadSeconds = cells.reduce((sum, { phases }) => sum + phases.warmupSeconds + phases.measureSeconds, 0)
  assert.ok(loadSeconds + workload.phases.brokerWarmupSeconds < 60)
})

test('mq.m5.2xlarge.yaml is the published matrix: five sizes x four numbers of pairs, one persistent message in flight', () => {
  const workload = workloadOf(fs.readFileSync(join(workloadFolder, 'mq.m5.2xlarge.yaml'), 'utf8'))
  assert.deepEqual(workload.messageBytes, [1024, 5120, 10240, 51200, 102400])
  assert.deepEqual(
    workload.crews.map((crew) => [crew.producers, crew.consumers]),
    [25, 50, 100, 200].map((n) => [n, n]),
  )
  assert.deepEqual(workload.variants[0]?.load, { model: 'closed', inFlight: 1 })
  assert.equal(workload.phases.brokerWarmupSeconds, 20)
})
