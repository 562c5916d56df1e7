import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  labelOfTarget,
  parseTarget,
  withoutCredentials,
  type ParsedBrokerTarget,
} from '../../src/workload/parse-target.ts'
import { filesOf, resolveTarget } from '../../src/workload/resolve-target.ts'

function brokerOf(url: string): ParsedBrokerTarget {
  const parsed = parseTarget(url)
  assert.ok(parsed.kind === 'broker', JSON.stringify(parsed))
  return parsed
}

const labels: readonly (readonly [url: string, label: string])[] = [
  ['stomp://h', 'stomp://h:61613'],
  ['stomp+ssl://h', 'stomp+ssl://h:61614'],
  ['stomp+ws://h:15674/ws', 'stomp+ws://h:15674/ws'],
  ['stomp+wss://h:61619', 'stomp+wss://h:61619'],
  ['mqtt://h', 'mqtt://h:1883'],
  ['mqtts://h', 'mqtts://h:8883'],
  ['mqtt+ws://h:1', 'mqtt+ws://h:1'],
  ['mqtt+wss://h:1', 'mqtt+wss://h:1'],
  ['amqp10://h', 'amqp10://h:5672'],
  ['amqp10s://h', 'amqp10s://h:5671'],
  ['amqp091://h', 'amqp091://h:5672'],
  ['amqp091s://h', 'amqp091s://h:5671'],
  ['openwire://h', 'openwire://h:61616'],
  ['openwire+ssl://h', 'openwire+ssl://h:61617'],
  ['tcp://h:1', 'openwire://h:1'],
  ['ssl://h', 'openwire+ssl://h:61617'],
  ['amqp+ssl://h:5671', 'amqp10s://h:5671'],
  ['mqtt+ssl://h:8883', 'mqtts://h:8883'],
  ['STOMP://h', 'stomp://h:61613'],
  ['mqtt://[::1]:1', 'mqtt://[::1]:1'],
  ['mqtt://h?version=5', 'mqtt://h:1883?version=5'],
  ['amqp091://h/orders', 'amqp091://h:5672?vhost=orders'],
  ['amqp091://h/%2F', 'amqp091://h:5672?vhost=/'],
  ['stomp://me:p%40ss@h?vhost=x', 'stomp://h:61613?vhost=x'],
  ['stomp+ssl://h?ca=/secret/ca.pem&insecure=true', 'stomp+ssl://h:61614?insecure=true'],
  ['failover:(stomp://u:p@a,stomp://b:1)', 'failover:(stomp://a:61613,stomp://b:1)'],
  ['failover:stomp://a,stomp://b', 'failover:(stomp://a:61613,stomp://b:61613)'],
  ['failover://(mqtt://a,mqtt://b)?version=5', 'failover:(mqtt://a:1883,mqtt://b:1883)?version=5'],
  ['embedded', 'embedded:'],
  ['embedded:', 'embedded:'],
  ['embedded:?stallMs=500&stallEveryMs=5000', 'embedded:?stallMs=500&stallEveryMs=5000'],
  ['loopback:', 'loopback:'],
]

for (const [url, label] of labels) {
  test(`${url} is shown as ${label}`, () => {
    const parsed = parseTarget(url)
    assert.notEqual(parsed.kind, 'problems', JSON.stringify(parsed))
    assert.equal(labelOfTarget(url), label)
  })
}

const refused: readonly (readonly [url: string, path: string, ...sentences: string[]])[] = [
  [
    'amqp://me:secret@h',
    'amqp://h',
    'amqp:// can mean two protocols: write amqp091 (AMQP 0-9-1, RabbitMQ) or amqp10 (AMQP 1.0, ActiveMQ and Artemis)',
  ],
  [
    'amqps://h:5671',
    'amqps://h:5671',
    'amqps:// can mean two protocols: write amqp091s (AMQP 0-9-1, RabbitMQ) or amqp10s (AMQP 1.0, ActiveMQ and Artemis)',
  ],
  ['wss://h:61619', 'wss://h:61619', 'wss:// can mean two protocols: write stomp+wss or mqtt+wss'],
  ['ws://h:1', 'ws://h:1', 'ws:// can mean two protocols: write stomp+ws or mqtt+ws'],
  ['stmop://h', 'stmop://h', 'unknown scheme stmop, did you mean stomp?'],
  ['localhost:61613', 'localhost:61613', 'expected a URL such as stomp://HOST:61613, or embedded:'],
  [
    'stomp+ws://h',
    'stomp+ws://h',
    'stomp+ws:// has no default port: name it (61614 or 61619 on ActiveMQ, 15674 or 15675 on RabbitMQ)',
  ],
  [
    'stomp://me:a/b@h',
    'stomp://h',
    'not a URL: special characters in a user name or password have to be percent-encoded',
  ],
  [
    'stomp://me:50%@h',
    'stomp://h',
    'not a URL: special characters in a user name or password have to be percent-encoded',
  ],
  [
    'stomp://h:99999',
    'stomp://h:99999',
    'not a URL: special characters in a user name or password have to be percent-encoded',
  ],
  [
    'stomp://h/queue',
    'stomp://h/queue',
    'only WebSocket URLs have a path: name destinations with --set destination.name=NAME',
  ],
  ['mqtt://h?verson=5', 'mqtt://h', 'unknown option verson, did you mean version?'],
  ['mqtt://h?version=4', 'mqtt://h', 'version= is 3.1.1 or 5'],
  [
    'stomp://h?version=5',
    'stomp://h',
    'unknown option version, expected one of management, ca, cert, key, insecure, servername, vhost, heartBeatMs',
  ],
  [
    'openwire://h?producerWindowBytes=1MB',
    'openwire://h',
    'producerWindowBytes= is a whole number of bytes, 0 for no window',
  ],
  ['stomp://h?ca=x', 'stomp://h', 'ca= is for TLS, and stomp:// is without'],
  ['stomp+ssl://h?cert=x', 'stomp+ssl://h', 'a client certificate needs both cert= and key='],
  [
    'stomp+ssl://h?insecure=yes&servername=',
    'stomp+ssl://h',
    'insecure= is true (the certificate is not verified) or false',
    'servername= has no value',
  ],
  [
    'stomp://h?management=nowhere',
    'stomp://h',
    'management= is the http or https URL of the management interface, percent-encoded',
  ],
  [
    'failover:(stomp://a,mqtt://b)',
    'failover:(stomp://a,mqtt://b)',
    'all members of a failover list speak one protocol',
  ],
  [
    'embedded:?protocol=mqt',
    'embedded:?protocol=mqt',
    'protocol= is what is spoken with the embedded broker, did you mean mqtt?',
  ],
  ['embedded:?protocol=mqtt&version=4', 'embedded:?protocol=mqtt&version=4', 'version= is 3.1.1 or 5'],
  ['embedded://h:1', 'embedded:', 'embedded has no address: write embedded: or embedded:?option=value'],
]

for (const [url, path, ...sentences] of refused) {
  test(`refused: ${url}`, () => {
    const parsed = parseTarget(url)
    assert.ok(parsed.kind === 'problems')
    assert.deepEqual(
      parsed.problems,
      sentences.map((text) => ({ path, text })),
    )
  })
}

for (const url of [
  'stomp://me:hunter2@h',
  'stomp://me:hunter2/@h',
  'stomp://me:hunter2?@h',
  'stomp://me:hunter2#@h',
  'stomp://me:hunter2,x@h:1?ca=y',
  'wrong://me:hunter2@h:1',
  'failover:(stomp://me:hunter2@a,stomp://me:hunter2/@b)',
  'stomp://h?management=http://me:hunter2@h:8161',
  'embedded:?username=me&password=hunter2&dropEvery=7',
  'embedded:?pasword=x&password=hunter2',
  'embedded?password=hunter2',
  'stomp://h?managment=http://me:hunter2@h:8161',
]) {
  test(`no label and no sentence shows the password of ${url}`, () => {
    const parsed = parseTarget(url)
    const shown = parsed.kind === 'problems' ? JSON.stringify(parsed.problems) : 'label' in parsed ? parsed.label : ''
    assert.doesNotMatch(shown, /hunter2/)
    assert.doesNotMatch(withoutCredentials(url), /hunter2/)
    assert.doesNotMatch(labelOfTarget(url), /hunter2/)
  })
}

test('an endpoint takes host, credentials, options and TLS from its URL', () => {
  const parsed = brokerOf(
    'mqtt+wss://me:p%40s%2Fs@h:443/mqtt?version=5&ca=ca.pem&cert=c.pem&key=k.pem&servername=b.example',
  )
  assert.deepEqual(filesOf(parsed), ['ca.pem', 'c.pem', 'k.pem'])
  const target = resolveTarget(parsed, (path) => `text of ${path}`, { username: 'other', password: 'other' })
  assert.deepEqual(target.endpoints, [
    {
      protocol: 'mqtt',
      transport: 'wss',
      host: 'h',
      port: 443,
      path: '/mqtt',
      options: { version: '5' },
      username: 'me',
      password: 'p@s/s',
      tls: {
        ca: 'text of ca.pem',
        certificate: 'text of c.pem',
        key: 'text of k.pem',
        verify: true,
        serverName: 'b.example',
      },
    },
  ])
})

test('credentials from elsewhere fill what the URL leaves out', () => {
  const credentials = { username: 'env-user', password: 'env-password' }
  const of = (url: string): readonly (string | null)[] => {
    const [endpoint] = resolveTarget(brokerOf(url), () => '', credentials).endpoints
    return [endpoint.username, endpoint.password]
  }
  assert.deepEqual(of('stomp://h'), ['env-user', 'env-password'])
  assert.deepEqual(of('stomp://me@h'), ['me', 'env-password'])
  assert.deepEqual(of('stomp://me:mine@h'), ['me', 'mine'])
})

test('a management URL is kept for cleaning up, and is in no label', () => {
  const parsed = brokerOf('stomp://h?management=http%3A%2F%2Fme%3Asecret%40h%3A8161')
  assert.equal(
    resolveTarget(parsed, () => '', { username: null, password: null }).managementUrl,
    'http://me:secret@h:8161',
  )
  assert.equal(parsed.label, 'stomp://h:61613')
})

test('settings of the failover transport are accepted, and said to have no effect', () => {
  const parsed = brokerOf('failover:(ssl://u:p@a:1,ssl://b:2)?randomize=true&ca=ca.pem')
  assert.deepEqual(parsed.notes, [
    'failover:(ssl://a:1,ssl://b:2): randomize is a setting for reconnection and has no effect: the first member that accepts is used',
  ])
  assert.deepEqual(
    parsed.endpoints.map((endpoint) => endpoint.options.tls?.ca),
    ['ca.pem', 'ca.pem'],
  )
  assert.deepEqual(parseTarget('embedded:?protocol=mqtt&version=5&dropEvery=7'), {
    kind: 'embedded',
    label: 'embedded:?protocol=mqtt&version=5&dropEvery=7',
    protocol: 'mqtt',
    options: { version: '5' },
    faults: { dropEvery: '7' },
  })
})

test('the switches of the stub are passed through', () => {
  assert.deepEqual(parseTarget('embedded:?stallMs=500&dropEvery=7'), {
    kind: 'embedded',
    label: 'embedded:?stallMs=500&dropEvery=7',
    protocol: 'stomp',
    options: {},
    faults: { stallMs: '500', dropEvery: '7' },
  })
})
