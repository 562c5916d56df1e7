import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { BrokerIdentity, Protocol } from '../../src/driver/driver.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import { loadDriver } from '../../src/driver/registry.ts'
import { tasksOf } from '../../src/run/cell-plan.ts'
import { declaringEnd, removingEnds, type KeeperEnd } from '../../src/run/keeper-ends.ts'
import { identityOfEnds, type FoundEnd } from '../../src/run/one-broker.ts'
import { faultOfPilot, pilotOf } from '../../src/run/prove-ends.ts'
import { secretsOf } from '../../src/run/redact.ts'
import type { Integrity } from '../../src/result/result.ts'
import type { Cell } from '../../src/workload/cell.ts'
import { cellOf, MEMORY_ENDPOINT } from '../oracle/virtual-cell.ts'
import { cell as cellResult, integrity } from '../report/result-builder.ts'

function endpoint(protocol: Protocol, transport: Endpoint['transport'] = 'tcp'): Endpoint {
  return { ...MEMORY_ENDPOINT, protocol, transport, host: 'h' }
}

function cellOfEnds(producers: Protocol, consumers: Protocol): Cell {
  const cell = cellOf({ load: { model: 'closed', inFlight: 9 }, producers: 2, consumers: 2 })
  const consumer = { target: `${consumers}://h`, protocol: consumers, client: 'wire' } as const
  return { ...cell, protocol: producers, consumer }
}

describe('two ends are ways to one broker', () => {
  const end = (product: string | null, version: string | null, at: Endpoint = endpoint('amqp10')): FoundEnd => ({
    endpoint: at,
    identity: { product, version } satisfies BrokerIdentity,
  })

  test('which is called as the end does that says more', () => {
    const artemis = { product: 'Artemis', version: '2.44.0' }
    assert.deepEqual(identityOfEnds(end('Artemis', null), end('Artemis', '2.44.0')), artemis)
    assert.deepEqual(identityOfEnds(end('Artemis', '2.44.0'), end(null, null)), artemis)
    assert.deepEqual(identityOfEnds(end(null, null), end(null, null)), { product: null, version: null })
  })

  test('two products are two brokers', () => {
    assert.throws(
      () => identityOfEnds(end('ActiveMQ', '5'), end('RabbitMQ', '3')),
      new DriverError(
        'unsupported',
        'producers reach ActiveMQ and consumers RabbitMQ: both ends have to lead to one broker',
      ),
    )
  })

  test('text bodies of ActiveMQ over WebSocket are for STOMP', () => {
    const at = (transport: Endpoint['transport'], product = 'ActiveMQ'): FoundEnd =>
      end(product, '5.18.3', endpoint('stomp', transport))
    const openwire = end('ActiveMQ', '5.18.3', endpoint('openwire'))
    assert.throws(() => identityOfEnds(at('ws'), openwire), /ActiveMQ carries STOMP over WebSocket as text/)
    assert.throws(() => identityOfEnds(openwire, at('wss')), /ActiveMQ carries STOMP over WebSocket as text/)
    assert.throws(() => identityOfEnds(at('tcp'), at('ws')), /ActiveMQ carries STOMP over WebSocket as text/)
    for (const [producers, consumers] of [
      [at('ws'), at('tcp')],
      [at('ws'), at('wss')],
      [at('tcp'), openwire],
      [at('ws', 'Artemis'), end('Artemis', null)],
    ] as const) {
      assert.doesNotThrow(() => identityOfEnds(producers, consumers))
    }
  })
})

describe('destinations of different ends', async () => {
  const [stomp, amqp10, amqp091, openwire, mqtt] = await Promise.all(
    (['stomp', 'amqp10', 'amqp091', 'openwire', 'mqtt'] as const).map(async (protocol): Promise<KeeperEnd> => ({
      driver: await loadDriver(protocol, 'wire'),
    })),
  )
  assert.ok(stomp && amqp10 && amqp091 && openwire && mqtt)

  test('are declared by the end that can with arguments, else by the consumers', () => {
    assert.equal(declaringEnd(amqp091, stomp), amqp091)
    assert.equal(declaringEnd(stomp, amqp091), amqp091)
    assert.equal(declaringEnd(stomp, amqp10), amqp10)
  })

  test('queues are removed by the end that can delete them, else by the consumers', () => {
    assert.deepEqual(removingEnds('queue', openwire, stomp), [openwire])
    assert.deepEqual(removingEnds('queue', stomp, amqp091), [amqp091])
    assert.deepEqual(removingEnds('queue', stomp, amqp10), [amqp10])
    assert.deepEqual(removingEnds('queue', stomp, stomp), [stomp])
  })

  test('of topics the subscriptions go with the consumers, and OpenWire deletes the topic', () => {
    assert.deepEqual(removingEnds('topic', openwire, stomp), [stomp, openwire])
    assert.deepEqual(removingEnds('topic', amqp091, amqp10), [amqp10])
    assert.deepEqual(removingEnds('topic', stomp, mqtt), [mqtt])
  })
})

describe('workers of different ends', () => {
  test('are told both, each with its driver, its address and its names', () => {
    const cell = cellOfEnds('amqp091', 'stomp')
    const [task] = tasksOf(
      { ...cell, destination: { ...cell.destination, arguments: { 'x-queue-type': 'quorum' } } },
      {
        endpoint: endpoint('amqp091'),
        consumerEndpoint: endpoint('stomp'),
        threads: 1,
        headerRun: 7,
        epochNs: 0n,
        payloadFile: null,
        traceUs: null,
        allocate: () => new SharedArrayBuffer(8),
      },
    )
    assert.deepEqual(
      [task?.producerEnd, task?.consumerEnd].map((end) => [
        end?.endpoint.protocol,
        end?.client,
        end?.destinations.map(({ name }) => name),
      ]),
      [
        ['amqp091', 'wire', ['brokermark-00000007-0', 'brokermark-00000007-1']],
        ['stomp', 'wire', ['/amq/queue/brokermark-00000007-0', '/amq/queue/brokermark-00000007-1']],
      ],
    )
  })

  test('secrets of both ends are kept out of results', () => {
    const withPassword = (password: string): Endpoint => ({ ...endpoint('stomp'), password })
    const secrets = secretsOf([
      {
        kind: 'broker',
        label: 'a -> b',
        endpoints: [withPassword('one')],
        consumerEnd: { label: 'b', endpoints: [withPassword('two')] },
        managementUrl: null,
      },
    ])
    assert.ok(secrets.includes('one') && secrets.includes('two'))
  })
})

describe('one message before the load', () => {
  const pilot = pilotOf(cellOfEnds('amqp10', 'stomp')) ?? assert.fail('no pilot')
  const fault = (counts: Partial<Integrity>, product: string | null = 'Artemis'): string | null =>
    faultOfPilot(pilot, cellResult({}, { integrity: integrity({ confirmed: 1, received: 0, ...counts }) }), product)

  test('is one of one producer to one consumer, on a destination of its own', () => {
    assert.deepEqual(pilot.crew, { producers: 1, consumers: 1 })
    assert.deepEqual([pilot.phases.messagesPerProducer, pilot.phases.warmupSeconds], [1, 0])
    assert.equal(pilot.destination.name, null)
  })

  test('is sent only where the ends differ and the run may make destinations', () => {
    const cell = cellOfEnds('amqp10', 'stomp')
    assert.equal(pilotOf({ ...cell, consumer: null }), null)
    assert.equal(pilotOf({ ...cell, destination: { ...cell.destination, declare: false } }), null)
    assert.equal(pilotOf(undefined), null)
  })

  test('that arrives proves the ends; one that does not, or arrives changed, is one sentence', () => {
    assert.equal(fault({ received: 1 }), null)
    assert.match(
      fault({}) ?? '',
      /^a message did not arrive from amqp10 to stomp within 20 s: both ends have to lead to/,
    )
    assert.equal(
      fault({ unexpected: 1 }),
      'the broker changes message bodies on their way from amqp10 to stomp: what arrives are not the bytes that were sent',
    )
    assert.match(
      fault({ corrupt: 1 }, 'ActiveMQ') ?? '',
      /: as shipped it hands AMQP 1\.0 .* transport\.transformer=jms/,
    )
  })

  test('says nothing of what the cells will say: no connection, nothing confirmed', () => {
    assert.equal(faultOfPilot(pilot, cellResult({}, { integrity: null }), null), null)
    assert.equal(fault({ confirmed: 0 }), null)
  })
})
