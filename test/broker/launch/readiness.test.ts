import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import type { BrokerProcess } from '../../../src/broker/launch/broker-process.ts'
import { reservePorts } from '../../../src/broker/launch/free-ports.ts'
import { assertNobodyAccepts, untilAccepting } from '../../../src/broker/launch/readiness.ts'

describe('waiting for a broker that was started', () => {
  test('ends when all its ports accept', async (context) => {
    const ports = [await listening(context), await listening(context)]
    await untilAccepting(saying('started'), 'a broker', ports, 60)
  })

  test('does not take another process that accepts at its port for the broker', async (context) => {
    const port = await listening(context)
    const late = 'java.net.BindException: Address already in use'
    await assert.rejects(untilAccepting(saying('', late), 'a broker', [port], 60), { code: 'port-taken' })
    for (const said of [
      'epmd: there is already a epmd running at port 4369 on ipaddr 127.0.0.1',
      '1795301406: Error: Unable to create websockets listener on port 40747.',
      '{failed_to_start_child,prelaunch,{dist_port_already_used,35717,not_erlang,"localhost"}}',
    ]) {
      await assert.rejects(untilAccepting(saying('', said), 'a broker', [port], 60), { code: 'port-taken' })
    }
  })
})

describe('the ports of a broker that is about to start', () => {
  test('are taken where somebody accepts at one of them already', async (context) => {
    const { takePort } = await reservePorts(1)
    const port = takePort()
    await assertNobodyAccepts('a broker', [port])
    const taken = await listening(context)
    await assert.rejects(assertNobodyAccepts('a broker', [port, taken]), { code: 'port-taken' })
  })
})

async function listening(context: TestContext): Promise<number> {
  const server = createServer((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A process that runs, and whose log is one text after the other, the last for ever. */
function saying(...logs: readonly string[]): BrokerProcess {
  let asked = 0
  return {
    pid: 0,
    ended: () => null,
    end: new Promise(() => undefined),
    log: () => logs[Math.min(asked++, logs.length - 1)] ?? '',
    kill: () => undefined,
    stop: () => Promise.resolve(),
  }
}
