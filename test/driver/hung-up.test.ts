import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Protocol } from '../../src/driver/driver.ts'
import { schemeOf } from '../../src/driver/endpoint.ts'
import { loadDriver } from '../../src/driver/registry.ts'
import { endpointOf } from '../support/endpoint-of.ts'

const PROTOCOLS: readonly Protocol[] = ['stomp', 'amqp10', 'amqp091', 'openwire']

for (const protocol of PROTOCOLS) {
  test(`${protocol}: a peer that hangs up without a word may be none, or a broker at its limit of connections`, async (context) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end()
    })
    context.after(() => server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const endpoint = endpointOf(`${schemeOf(protocol, 'tcp')}://127.0.0.1:${port}`)
    const driver = await loadDriver(protocol, 'wire')
    await assert.rejects(driver.openAdmin(endpoint, { timeoutMs: 60_000 }), {
      code: 'wrong-protocol',
      message: /no .+ there, or one connection too many\?$/,
    })
  })
}
