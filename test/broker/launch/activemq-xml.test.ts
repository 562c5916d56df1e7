import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { activemqXml, type ActivemqSettings } from '../../../src/broker/launch/activemq-xml.ts'

const settings: ActivemqSettings = {
  dataDirectory: '/scratch/data',
  connectors: [
    { transport: 'stomp', port: 61613 },
    { transport: 'stomp+ssl', port: 61614 },
    { transport: 'wss', port: 61619 },
  ],
  credentials: null,
  keyStores: null,
  requireClientCertificate: false,
  amqpTransformer: 'native',
  concurrentStoreAndDispatchQueues: true,
}

describe('the configuration of ActiveMQ Classic', () => {
  test('opens every connector on loopback only', () => {
    const uris = [...activemqXml(settings).matchAll(/uri="([^"?]*)/g)].map(([, uri]) => uri)
    assert.deepEqual(uris, ['stomp://127.0.0.1:61613', 'stomp+ssl://127.0.0.1:61614', 'wss://127.0.0.1:61619'])
  })

  test('demands client certificates on secure connectors only', () => {
    const xml = activemqXml({ ...settings, requireClientCertificate: true })
    const demanding = [...xml.matchAll(/name="([^"]*)" uri="[^"]*needClientAuth=true/g)].map(([, name]) => name)
    assert.deepEqual(demanding, ['stomp+ssl', 'wss'])
    assert.doesNotMatch(activemqXml(settings), /needClientAuth/)
  })

  test('authenticates only where credentials are given, and quotes them', () => {
    assert.doesNotMatch(activemqXml(settings), /simpleAuthenticationPlugin/)
    const xml = activemqXml({ ...settings, credentials: { username: 'a"b', password: '<&>' } })
    assert.match(xml, /<authenticationUser username="a&quot;b" password="&lt;&amp;>" groups="users"\/>/)
  })

  test('translates AMQP 1.0 for other protocols only where asked to, as shipped', () => {
    const connectors = [...settings.connectors, { transport: 'amqp', port: 5672 }]
    assert.doesNotMatch(activemqXml({ ...settings, connectors }), /transformer/)
    const xml = activemqXml({ ...settings, connectors, amqpTransformer: 'jms' })
    const translating = [...xml.matchAll(/name="([^"]*)" uri="[^"]*transport\.transformer=jms/g)].map(
      ([, name]) => name,
    )
    assert.deepEqual(translating, ['amqp'])
  })

  test('hands on how KahaDB stores and dispatches', () => {
    assert.match(activemqXml(settings), /concurrentStoreAndDispatchQueues="true"/)
    const xml = activemqXml({ ...settings, concurrentStoreAndDispatchQueues: false })
    assert.match(xml, /concurrentStoreAndDispatchQueues="false"/)
  })

  test('drops no messages of slow topic consumers and limits no connections', () => {
    assert.doesNotMatch(activemqXml(settings), /constantPendingMessageLimitStrategy|maximumConnections/)
  })
})
