import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { removeThroughManagement } from '../../../src/broker/management/remove-through-management.ts'
import type { Destination, Removal } from '../../../src/driver/driver.ts'

const ORDERS: Destination = { kind: 'queue', name: 'or/ders' }
const GONE: Destination = { kind: 'queue', name: 'gone' }
const NEWS: Destination = { kind: 'topic', name: 'news' }
const AUTHORIZATION = `Basic ${Buffer.from('anna:s:crét').toString('base64')}`

interface Asked {
  readonly line: string
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

type Answer = readonly [status: number, body: unknown]

describe('RabbitMQ', () => {
  const rabbit = ({ line, headers }: Asked): Answer => {
    if (headers.authorization !== AUTHORIZATION) return [401, { error: 'not_authorized' }]
    if (line === 'GET /api/overview') return [200, { rabbitmq_version: '3.10.8' }]
    if (line.startsWith('GET /api/queues/%2F?')) return [200, {}]
    if (line === 'GET /api/exchanges/%2F/amq.topic/bindings/source') {
      const own = { routing_key: 'news', destination: 'amq.gen-1' }
      return [200, [own, { routing_key: 'other', destination: 'amq.gen-2' }, { ...own, destination: 'somebodys' }]]
    }
    if (line === 'DELETE /api/queues/%2F/or%2Fders' || line === 'DELETE /api/queues/%2F/amq.gen-1') return [204, null]
    return [404, { error: 'Object Not Found' }]
  }

  test('deletes queues, also one that is gone, and the queues that subscribers of a topic left', async () => {
    const { removals, asked } = await removing(rabbit, [ORDERS, GONE, NEWS])
    assert.deepEqual(removals, ['removed', 'removed', 'removed'])
    const deleted = asked.map(({ line }) => line).filter((line) => line.startsWith('DELETE'))
    assert.deepEqual(deleted.sort(), [
      'DELETE /api/queues/%2F/amq.gen-1',
      'DELETE /api/queues/%2F/gone',
      'DELETE /api/queues/%2F/or%2Fders',
    ])
  })

  test('an unknown virtual host leaves everything', async () => {
    assert.deepEqual((await removing(rabbit, [ORDERS], '?vhost=none')).removals, ['remains'])
  })

  test('a wrong password leaves everything', async () => {
    assert.deepEqual((await removing(rabbit, [ORDERS], '', 'anna:wrong')).removals, ['remains'])
  })
})

describe('Jolokia', () => {
  const agent =
    (path: string, mbean: string, allowedOrigin: (origin: string) => boolean) =>
    ({ line, body, headers }: Asked): Answer => {
      if (line !== `POST ${path}/`) return [404, null]
      if (!allowedOrigin(headers.origin ?? '')) return [200, { status: 403, error: 'Origin is not allowed' }]
      const request = JSON.parse(body) as { readonly type: string; readonly arguments?: readonly unknown[] }
      if (request.type === 'search') {
        const searched = JSON.parse(body) as { readonly mbean: string }
        return [200, { status: 200, value: mbean.split(':')[0] === searched.mbean.split(':')[0] ? [mbean] : [] }]
      }
      if (request.arguments?.[0] === 'gone')
        return [200, { status: 500, error: 'AMQ229017: Queue gone does not exist' }]
      return request.arguments?.[0] === 'news' ? [200, { status: 500, error: 'no' }] : [200, { status: 200 }]
    }

  test('ActiveMQ removes queues and topics by its broker MBean', async () => {
    const activemq = agent('/api/jolokia', 'org.apache.activemq:brokerName=one,type=Broker', (origin) => origin !== '')
    const { removals, asked } = await removing(activemq, [ORDERS, NEWS])
    assert.deepEqual(removals, ['removed', 'remains'])
    const mbean = 'org.apache.activemq:brokerName=one,type=Broker'
    assert.deepEqual(executed(asked), [
      { type: 'exec', mbean, operation: 'removeTopic(java.lang.String)', arguments: ['news'] },
      { type: 'exec', mbean, operation: 'removeQueue(java.lang.String)', arguments: ['or/ders'] },
    ])
  })

  test('Artemis destroys queues with their consumers and addresses; one that is gone is removed', async () => {
    const artemis = agent('/console/jolokia', 'org.apache.activemq.artemis:broker="0.0.0.0"', (origin) =>
      origin.startsWith('http://localhost'),
    )
    const { removals, asked } = await removing(artemis, [ORDERS, GONE])
    assert.deepEqual(removals, ['removed', 'removed'])
    assert.deepEqual(
      executed(asked).map((operation) => operation['arguments']),
      [
        ['gone', true, true],
        ['or/ders', true, true],
      ],
    )
  })

  test('an agent that allows only its own origin is asked with that', async () => {
    const strict = agent('/console/jolokia', 'org.apache.activemq.artemis:broker="0.0.0.0"', (origin) =>
      origin.startsWith('http://127.0.0.1:'),
    )
    assert.deepEqual((await removing(strict, [ORDERS], '/console/jolokia')).removals, ['removed'])
  })
})

test('a server that is no management interface leaves everything', async () => {
  assert.deepEqual((await removing(() => [200, '<html>'], [ORDERS])).removals, ['remains'])
})

test('what is no http URL leaves everything', async () => {
  assert.deepEqual(await removeThroughManagement('amqp://x', [ORDERS, NEWS]), ['remains', 'remains'])
  assert.deepEqual(await removeThroughManagement('no URL', [ORDERS]), ['remains'])
})

/** Removes against a server that answers as told, and says what it was asked. */
async function removing(
  answer: (asked: Asked) => Answer,
  destinations: readonly Destination[],
  pathAndQuery = '',
  login = 'anna:s%3Acr%C3%A9t',
): Promise<{ readonly removals: readonly Removal[]; readonly asked: readonly Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => void respond(request, response, answer, asked))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const removals = await removeThroughManagement(`http://${login}@127.0.0.1:${port}${pathAndQuery}`, destinations)
    return { removals, asked }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Answer,
  asked: Asked[],
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const each = {
    line: `${request.method ?? ''} ${request.url ?? ''}`,
    body: Buffer.concat(chunks).toString(),
    headers: request.headers,
  }
  asked.push(each)
  const [status, body] = answer(each)
  response.writeHead(status)
  response.end(body === null ? undefined : JSON.stringify(body))
}

/** In the order of their arguments: they are asked side by side, and come as they come. */
function executed(asked: readonly Asked[]): readonly Readonly<Record<string, unknown>>[] {
  return asked
    .filter(({ body }) => body.includes('"exec"'))
    .map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
    .toSorted((one, other) => String(one['arguments']).localeCompare(String(other['arguments'])))
}
