import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { reservePorts } from '../../../src/broker/launch/free-ports.ts'

describe('ports for a broker that is about to start', () => {
  test('are all different, and no more than were asked for', async () => {
    const { takePort, taken } = await reservePorts(3)
    const ports = [takePort(), takePort(), takePort()]
    assert.equal(new Set(ports).size, 3)
    assert.deepEqual(taken, ports)
    assert.throws(takePort, /more than 3 ports/)
  })

  test('are kept from whoever asks for any port, and open to who asks for them', async (context) => {
    if (process.platform !== 'linux') {
      context.skip('only Linux says so')
      return
    }
    const { takePort } = await reservePorts(2)
    for (const port of [takePort(), takePort()]) {
      assert.ok(portsInTimeWait().has(port), `${port} is free for all`)
      const server = createServer()
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      server.close()
    }
  })
})

/** Local ports of connections in the state that Linux numbers 06. */
function portsInTimeWait(): ReadonlySet<number> {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  const ports = lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    return state === '06' ? [parseInt(local.split(':')[1] ?? '', 16)] : []
  })
  return new Set(ports)
}
