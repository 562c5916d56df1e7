import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { launchBroker } from '../../../src/broker/launch/launch.ts'
import type { BrokerProduct, LaunchedBroker } from '../../../src/broker/launch/launched-broker.ts'
import { allGone } from '../../support/child-processes.ts'

const EXECUTABLE: Readonly<Record<BrokerProduct, string>> = {
  activemq: 'java',
  artemis: 'java',
  rabbitmq: 'beam.smp',
  mosquitto: 'mosquitto',
}

describe('starting a broker on this machine', () => {
  const directory = mkdtempSync(join(tmpdir(), 'brokermark-launch-'))
  after(() => rmSync(directory, { recursive: true }))

  for (const product of ['activemq', 'artemis', 'rabbitmq', 'mosquitto'] as const) {
    test(`${product}: its process id is the broker's own, all targets accept, and stopping leaves nothing behind`, async () => {
      const broker = await launchBroker(product, { directory })
      try {
        assert.equal(readFileSync(`/proc/${broker.pid}/comm`, 'utf8').trim(), EXECUTABLE[product])
        assert.match(broker.version, /^\d+\.\d+\.\d+$/)
        for (const url of broker.targets.values()) assert.ok(await accepts(url), `${url} does not accept`)
        assert.deepEqual(await statusOfManagement(broker), broker.managementUrl === null ? null : 200)
      } finally {
        await broker.stop()
        await broker.stop()
      }
      assert.ok(!existsSync(`/proc/${broker.pid}`), 'the process is still there')
      assert.deepEqual(readdirSync(directory), [])
      assert.notEqual(broker.log(), '')
    })
  }

  test('a broker that is stalled or dead is stopped all the same', async () => {
    const stalled = await launchBroker('mosquitto', { directory })
    stalled.kill('SIGSTOP')
    await stalled.stop()
    assert.ok(!existsSync(`/proc/${stalled.pid}`))
    const dead = await launchBroker('mosquitto', { directory })
    dead.kill('SIGKILL')
    await dead.stop()
    assert.deepEqual(readdirSync(directory), [])
  })

  test('a configuration that the broker refuses is a failed start, with the end of its log', async () => {
    const missing = join(directory, 'no-such-file.pem')
    const tls = { caPath: missing, certificatePath: missing, keyPath: missing }
    await assert.rejects(launchBroker('mosquitto', { directory, tls }), {
      name: 'LaunchError',
      code: 'failed',
      message: /^mosquitto ended with exit code \d+ while starting; its log ends:[^]*no-such-file\.pem/,
    })
    assert.deepEqual(readdirSync(directory), [])
  })

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`the broker does not outlive a parent that ends by ${signal}`, async () => {
      const script = join(directory, 'parent.mjs')
      writeFileSync(
        script,
        `import { launchBroker } from ${JSON.stringify(new URL('../../../src/broker/launch/launch.js', import.meta.url).href)}
        const { pid } = await launchBroker('mosquitto', { directory: ${JSON.stringify(directory)} })
        console.log(pid)
        setInterval(() => {}, 1000)`,
      )
      const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = new Promise((resolve) => parent.once('exit', (_, endedBy) => resolve(endedBy)))
      const { value: pid } = (await createInterface(parent.stdout)[Symbol.asyncIterator]().next()) as { value: string }
      assert.ok(existsSync(`/proc/${pid}`))
      parent.kill(signal)
      assert.equal(await ended, signal)
      await allGone([Number(pid)])
    })
  }
})

function accepts(target: string): Promise<boolean> {
  const { port } = new URL(target.replace(/^[^:]+/, 'http'))
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.once('connect', () => socket.destroy())
    socket.once('close', (hadError) => resolve(!hadError))
  })
}

async function statusOfManagement({ product, managementUrl }: LaunchedBroker): Promise<number | null> {
  if (managementUrl === null) return null
  const url = new URL(managementUrl)
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}`, origin: 'http://127.0.0.1' }
  const path = product === 'rabbitmq' ? '/api/overview' : `${url.pathname}/version`
  return (await fetch(new URL(path, url.origin), { headers })).status
}
