import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AcknowledgePolicy } from '../../../src/driver/driver.ts'
import {
  connectHeaders,
  destinationText,
  dialectOf,
  errorFrameCode,
  identityOfServer,
  needsTextBody,
  sendHeaders,
  subscribeHeaders,
  type SubscriptionAsk,
} from '../../../src/driver/stomp/broker-dialect.ts'

const QUEUE = { kind: 'queue', name: 'orders-1' } as const
const ASK: SubscriptionAsk = { destination: QUEUE, acknowledge: { kind: 'each' }, prefetch: 7, bodyBytesMax: 1000 }

describe('STOMP dialects', () => {
  const servers = [
    ['ActiveMQ/5.18.3', 'ActiveMQ', '5.18.3'],
    ['RabbitMQ/3.10.8', 'RabbitMQ', '3.10.8'],
    ['ActiveMQ-Artemis/2.44.0 ActiveMQ Artemis Messaging Engine', 'Artemis', '2.44.0'],
    ['apache-activemq/6.1.7', 'ActiveMQ', '6.1.7'],
    ['brokermark-embedded/0.1.0', 'brokermark embedded', '0.1.0'],
    ['stompd', 'stompd', null],
    [undefined, null, null],
  ] as const
  for (const [header, product, version] of servers) {
    test(`the server header "${header ?? 'none'}" names ${product ?? 'nobody'}`, () => {
      assert.deepEqual(identityOfServer(header), { product, version })
    })
  }

  test('a product without rules of its own gets a plain dialect', () => {
    assert.equal(dialectOf({ product: 'stompd', version: null }), 'other')
    assert.equal(dialectOf({ product: null, version: null }), 'other')
  })

  test('the virtual host of CONNECT is / unless the URL names one, and no credentials are made up', () => {
    assert.deepEqual(connectHeaders({}, null, null), { 'accept-version': '1.2', host: '/', 'heart-beat': '0,0' })
    const headers = connectHeaders({ vhost: 'orders' }, 'u', 'p')
    assert.deepEqual([headers['host'], headers['login'], headers['passcode']], ['orders', 'u', 'p'])
  })

  test('Artemis is asked for no window where nothing is acknowledged, because nothing would open it again', () => {
    const ask = { destination: { kind: 'queue', name: 'q' }, prefetch: 10, bodyBytesMax: 100 } as const
    const windowOf = (acknowledge: AcknowledgePolicy): string | undefined =>
      subscribeHeaders('Artemis', { ...ask, acknowledge }, '1')['consumer-window-size']
    assert.deepEqual([windowOf({ kind: 'auto' }), windowOf({ kind: 'each' })], ['-1', '3000'])
  })

  test('queues are spelled /queue/NAME, except on Artemis and where the name is a path already', () => {
    assert.equal(destinationText('ActiveMQ', QUEUE), '/queue/orders-1')
    assert.equal(destinationText('RabbitMQ', { kind: 'topic', name: 't' }), '/topic/t')
    assert.equal(destinationText('Artemis', QUEUE), 'orders-1')
    assert.equal(destinationText('RabbitMQ', { kind: 'queue', name: '/amq/queue/q' }), '/amq/queue/q')
  })

  test('a message that is not persistent has no persistent header, which RabbitMQ would refuse', () => {
    assert.deepEqual(sendHeaders('RabbitMQ', QUEUE, false), { destination: '/queue/orders-1' })
    assert.deepEqual(sendHeaders('ActiveMQ', QUEUE, true), { destination: '/queue/orders-1', persistent: 'true' })
    assert.equal(sendHeaders('Artemis', QUEUE, true)['destination-type'], 'ANYCAST')
    assert.equal(sendHeaders('Artemis', { kind: 'topic', name: 't' }, true)['destination-type'], 'MULTICAST')
  })

  test('prefetch is asked for in the words of each broker', () => {
    assert.equal(subscribeHeaders('ActiveMQ', ASK, 's')['activemq.prefetchSize'], '7')
    assert.equal(subscribeHeaders('RabbitMQ', ASK, 's')['prefetch-count'], '7')
    assert.equal(subscribeHeaders('Artemis', ASK, 's')['consumer-window-size'], '8400')
    const huge = subscribeHeaders('Artemis', { ...ASK, prefetch: 1_000_000, bodyBytesMax: 1_000_000 }, 's')
    assert.equal(huge['consumer-window-size'], '2147483647')
  })

  test('acknowledgement policies are STOMP acknowledgement modes', () => {
    const mode = (acknowledge: SubscriptionAsk['acknowledge']) =>
      subscribeHeaders('other', { ...ASK, acknowledge }, 's')['ack']
    assert.equal(mode({ kind: 'each' }), 'client-individual')
    assert.equal(mode({ kind: 'every', messages: 10 }), 'client')
    assert.equal(mode({ kind: 'auto' }), 'auto')
  })

  test('only ActiveMQ over WebSocket needs bodies as text', () => {
    assert.equal(needsTextBody('ActiveMQ', 'ws'), true)
    assert.equal(needsTextBody('ActiveMQ', 'wss'), true)
    assert.equal(needsTextBody('ActiveMQ', 'tcp'), false)
    assert.equal(needsTextBody('RabbitMQ', 'ws'), false)
  })

  const errors = [
    [false, 'User name [x] or password is invalid.', 'authentication'],
    [false, 'Bad CONNECT (Access refused for user)', 'authentication'],
    [false, "Bad CONNECT (Virtual host 'nope' access denied)", 'not-permitted'],
    [false, 'Supported versions are 1.0,1.1', 'wrong-protocol'],
    [true, 'User x is not authorized to write to: queue://q', 'not-permitted'],
    [true, 'precondition_failed (inequivalent arg)', 'not-permitted'],
    [true, 'Exceeded the maximumConnections limit: too many connections', 'resource-limit'],
    [true, 'Unknown STOMP action', 'protocol-error'],
  ] as const
  for (const [connected, text, code] of errors) {
    test(`ERROR "${text}" ${connected ? 'after' : 'instead of'} CONNECTED is ${code}`, () => {
      assert.equal(errorFrameCode(connected, text), code)
    })
  }
})
