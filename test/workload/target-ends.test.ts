import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expand } from '../../src/workload/expand.ts'
import { labelOfTarget, parseTarget, withoutCredentials } from '../../src/workload/parse-target.ts'
import { parseWorkload, type ParsedWorkload } from '../../src/workload/parse-workload.ts'
import { filesOf, resolveTarget } from '../../src/workload/resolve-target.ts'
import { endsOf, targetOfEnds } from '../../src/workload/target-ends.ts'

const BOTH = targetOfEnds('tcp://me:secret@h:1', 'stomp+ssl://you:hidden@h?ca=ca.pem')

test('a target of two ends is one text, which is taken apart and labelled again as it was', () => {
  const label = 'openwire://h:1 -> stomp+ssl://h:61614'
  assert.equal(labelOfTarget(BOTH), label)
  assert.equal(labelOfTarget(label), label)
  assert.deepEqual(endsOf(BOTH), ['tcp://me:secret@h:1', 'stomp+ssl://you:hidden@h?ca=ca.pem'])
  assert.deepEqual(endsOf('stomp://h'), ['stomp://h'])
})

test('each end has endpoints, credentials and files of its own; what it lacks comes from elsewhere', () => {
  const parsed = parseTarget(targetOfEnds('openwire://h', 'stomp+ssl://you:hidden@h?ca=ca.pem'))
  assert.ok(parsed.kind === 'broker')
  assert.deepEqual(filesOf(parsed), ['ca.pem'])
  const target = resolveTarget(parsed, (path) => `text of ${path}`, { username: 'env', password: 'elsewhere' })
  const [producers] = target.endpoints
  const [consumers] = target.consumerEnd?.endpoints ?? assert.fail('no end for consumers')
  assert.deepEqual([producers.protocol, producers.username, producers.password], ['openwire', 'env', 'elsewhere'])
  assert.deepEqual([consumers.protocol, consumers.username, consumers.password], ['stomp', 'you', 'hidden'])
  assert.equal(consumers.tls?.ca, 'text of ca.pem')
})

test('the management URL may stand at either end', () => {
  const management = 'management=http%3A%2F%2Fh%3A8161'
  for (const url of [targetOfEnds(`stomp://h?${management}`, 'amqp10://h'), `stomp://h -> amqp10://h?${management}`]) {
    const parsed = parseTarget(url)
    assert.ok(parsed.kind === 'broker')
    assert.equal(resolveTarget(parsed, () => '', { username: null, password: null }).managementUrl, 'http://h:8161')
  }
})

const refused: readonly (readonly [target: string, ...sentences: string[]])[] = [
  ['stomp://h -> stmop://me:secret@h', 'stmop://h: unknown scheme stmop, did you mean stomp?'],
  [
    'amqp://me:secret@h -> mqtt://h?version=4',
    'amqp://h: amqp:// can mean two protocols: write amqp091 (AMQP 0-9-1, RabbitMQ) or amqp10 (AMQP 1.0, ActiveMQ and Artemis)',
    'mqtt://h: version= is 3.1.1 or 5',
  ],
  [
    'stomp://a -> stomp://b -> stomp://me:secret@c',
    'stomp://a -> stomp://b -> stomp://c: a target has two ends at most: one for producers, one for consumers',
  ],
  [
    'stomp://h -> embedded:',
    'embedded:: is no end of its own: start the broker with "brokermark broker embedded" and name two of its URLs',
  ],
  ['loopback: -> stomp://h', 'loopback:: is no end of its own: in memory there are no protocols to differ'],
]

for (const [target, ...sentences] of refused) {
  test(`refused: ${withoutCredentials(target)}`, () => {
    const parsed = parseTarget(target)
    assert.ok(parsed.kind === 'problems')
    assert.deepEqual(
      parsed.problems.map(({ path, text }) => `${path}: ${text}`),
      sentences,
    )
  })
}

test('an arrow in a password parts nothing, and neither half of it is shown', () => {
  const url = 'stomp://me:se -> cret:x@h'
  assert.deepEqual(endsOf(url), [url])
  assert.equal(withoutCredentials(url), 'stomp://h')
})

function parse(text: string): ParsedWorkload {
  return parseWorkload({ text, fallbackName: 'w', overrides: [] })
}

test('in a workload file a target may name an end for producers and one for consumers', () => {
  const parsed = parse('targets: [{ consumer: "stomp://me:hunter2@h", producer: tcp://h:1 }, embedded]')
  assert.ok(parsed.kind === 'workload', JSON.stringify(parsed))
  assert.deepEqual(parsed.workload.targets, ['openwire://h:1 -> stomp://h:61613', 'embedded:'])
  assert.deepEqual(parsed.targetUrls, ['tcp://h:1 -> stomp://me:hunter2@h', 'embedded'])
})

const wrong: readonly (readonly [yaml: string, ...sentences: string[]])[] = [
  [
    'targets: ["stomp://h", { producer: "stmp://h", consumer: "mqtt://h?version=4" }]',
    'targets[1]: unknown scheme stmp, did you mean stomp?',
    'targets[1]: version= is 3.1.1 or 5',
  ],
  [
    'targets: [{ producer: "stomp://me:hunter2@h" }, { producer: "stomp://h", consumer: "stomp://h", user: hunter2 }]',
    'targets[0]: got a map with producer, expected a URL, or { producer: URL, consumer: URL }',
    'targets[1]: got a map with producer, consumer, user, expected a URL, or { producer: URL, consumer: URL }',
  ],
  ['targets: ["stomp://me:hunter2@h", "stomp://me:hunter2@h"]', 'targets[1]: stomp://h stands in the list twice'],
]

for (const [yaml, ...sentences] of wrong) {
  test(`refused, without a password in it: ${yaml}`, () => {
    const parsed = parse(yaml)
    assert.ok(parsed.kind === 'problems', JSON.stringify(parsed))
    assert.deepEqual(
      parsed.problems.map(({ path, text }) => `${path}: ${text}`),
      sentences,
    )
  })
}

test('cells on two ends have a client for each: its own default, or the one asked for', () => {
  const parsedTarget = parseTarget('mqtt://h:1 -> stomp://h:2')
  assert.ok(parsedTarget.kind === 'broker')
  const target = resolveTarget(parsedTarget, () => '', { username: null, password: null })
  const clientsOf = (text: string): readonly unknown[] => {
    const parsed = parse(text)
    assert.ok(parsed.kind === 'workload')
    return expand(parsed.workload, [target], {
      brokerWarmupGiven: false,
      defaultClient: (protocol) => (protocol === 'stomp' ? 'wire' : 'library'),
    }).map(({ id, protocol, client, consumer }) => [id, protocol, client, consumer])
  }
  const consumer = { target: 'stomp://h:2', protocol: 'stomp' }
  assert.deepEqual(clientsOf(''), [['t1-1024B-1x1', 'mqtt', 'library', { ...consumer, client: 'wire' }]])
  assert.deepEqual(clientsOf('client: [library, wire]'), [
    ['t1-1024B-1x1-library', 'mqtt', 'library', { ...consumer, client: 'library' }],
    ['t1-1024B-1x1-wire', 'mqtt', 'wire', { ...consumer, client: 'wire' }],
  ])
})
