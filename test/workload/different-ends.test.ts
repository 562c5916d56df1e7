import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Protocol } from '../../src/driver/driver.ts'
import { destinationsAtEnd, differentEndsProblems } from '../../src/workload/different-ends.ts'
import type { DestinationPlan } from '../../src/workload/workload.ts'

function cellOf(
  protocol: Protocol,
  consumer: Protocol | null,
  plan: Partial<DestinationPlan> = {},
): Parameters<typeof differentEndsProblems>[0] {
  return {
    protocol,
    consumer: consumer === null ? null : { target: `${consumer}://h`, protocol: consumer, client: 'wire' },
    destination: { kind: 'queue', layout: null, name: null, declare: true, arguments: {}, ...plan },
  }
}

function sentences(...cell: Parameters<typeof cellOf>): readonly string[] {
  return differentEndsProblems(cellOf(...cell)).map(({ path, text }) => `${path}: ${text}`)
}

test('MQTT at one end has no queue in common with the other, and a topic it has', () => {
  const lack = (other: Protocol): string =>
    `destination.kind: mqtt has topics only, and ${other} at the other end would use a queue that no mqtt client reaches: set destination.kind to topic`
  assert.deepEqual(sentences('mqtt', 'stomp'), [lack('stomp')])
  assert.deepEqual(sentences('amqp10', 'mqtt'), [lack('amqp10')])
  assert.deepEqual(sentences('mqtt', 'openwire', { kind: 'topic' }), [])
  assert.deepEqual(sentences('mqtt', 'mqtt'), [])
  assert.deepEqual(sentences('mqtt', null), [])
})

test('a name with levels is spelled otherwise by MQTT than by the rest', () => {
  const named = (name: string): Partial<DestinationPlan> => ({ kind: 'topic', name })
  for (const name of ['a/b', 'a.b', 'a+', '#']) {
    const [sentence = '', ...others] = sentences('mqtt', 'amqp091', named(name))
    assert.match(sentence, /^destination\.name: brokers spell the levels of a name otherwise/)
    assert.deepEqual(others, [])
  }
  assert.deepEqual(sentences('mqtt', 'amqp091', named('orders-1_x')), [])
  assert.deepEqual(sentences('mqtt', 'mqtt', named('a/b')), [])
  assert.deepEqual(sentences('stomp', 'openwire', named('a.b')), [])
})

test("a name in STOMP's own spelling is for STOMP at both ends", () => {
  const name = '/amq/queue/orders'
  assert.match(
    sentences('stomp', 'amqp091', { name }).join(),
    /^destination\.name: a name that begins with \/ is spelled/,
  )
  assert.match(
    sentences('openwire', 'stomp', { name }).join(),
    /means something else for openwire: use the plain name$/,
  )
  assert.deepEqual(sentences('stomp', 'stomp', { name }), [])
  assert.deepEqual(sentences('amqp10', 'amqp091', { name }), [])
})

test('STOMP takes a queue that AMQP 0-9-1 has declared with arguments as it stands', () => {
  const destinations = [{ kind: 'queue', name: 'q' }] as const
  const quorum = cellOf('amqp091', 'stomp', { arguments: { 'x-queue-type': 'quorum' } })
  assert.deepEqual(destinationsAtEnd(destinations, 'stomp', quorum), [{ kind: 'queue', name: '/amq/queue/q' }])
  assert.equal(destinationsAtEnd(destinations, 'amqp091', quorum), destinations)
  assert.equal(destinationsAtEnd(destinations, 'stomp', cellOf('amqp091', 'stomp')), destinations)
  const reverse = cellOf('stomp', 'amqp091', { arguments: { 'x-queue-type': 'quorum' } })
  assert.deepEqual(destinationsAtEnd(destinations, 'stomp', reverse), [{ kind: 'queue', name: '/amq/queue/q' }])
})
