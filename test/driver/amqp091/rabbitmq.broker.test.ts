/** What a contract cannot ask of every broker: AMQP against a RabbitMQ that is set up for it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { launchBroker } from '../../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../../src/broker/launch/launched-broker.ts'
import type { Driver } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { loadDriver } from '../../../src/driver/registry.ts'
import { makeCertificates, pem, type TestCertificates } from '../../support/certificates.ts'
import { endpointOf } from '../../support/endpoint-of.ts'
import { ContractSession } from '../contract-session.ts'
import { eventually } from '../eventually.ts'

/** The common name of the test's client certificate. */
const CLIENT = 'client'
const SCRIPTS = '/usr/lib/rabbitmq/lib'

describe('AMQP on a RabbitMQ of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'brokermark-test-amqp091-'))
  let broker: LaunchedBroker | null = null
  let certificates: TestCertificates | null = null

  before(async () => {
    certificates = makeCertificates(directory)
    const { caPath, serverCertificatePath: certificatePath, serverKeyPath: keyPath } = certificates
    const tls = { caPath, certificatePath, keyPath, requireClientCertificate: true }
    broker = await launchBroker('rabbitmq', { directory, tls, certificateUser: CLIENT })
  })

  after(async () => {
    await broker?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const session = async (client: 'wire' | 'library', scheme: string, over: Partial<Endpoint>) => {
    const endpoint = { ...endpointOf(broker?.targets.get(scheme) ?? '', tlsOf(certificates)), ...over }
    const driver: Driver = await loadDriver(endpoint.protocol, client)
    return new ContractSession(driver, endpoint, {})
  }

  for (const client of ['wire', 'library'] as const) {
    for (const scheme of ['amqp091s', 'amqp10s']) {
      test(`${client}: a client certificate is the login over ${scheme} where no user is given`, async () => {
        const opened = await session(client, scheme, {})
        await opened.roundTrips()
        opened.assertNoViolations()
        await opened.end()
      })

      test(`${client}: a certificate does not help who gives a user and a wrong password over ${scheme}`, async () => {
        const opened = await session(client, scheme, { username: CLIENT, password: 'incorrect-h0rse' })
        await assert.rejects(opened.admin(), { name: 'DriverError', code: 'authentication' })
      })
    }
  }

  for (const [from, to] of [
    ['wire', 'library'],
    ['library', 'wire'],
  ] as const) {
    test(`what the ${from} client publishes, the ${to} client consumes, with all that it carries`, async () => {
      const login = { username: CLIENT, password: 'guest', tls: null }
      const producing = await session(from, 'amqp091', login)
      const consuming = await session(to, 'amqp091', login)
      const queue = await consuming.destination()
      const consumer = await consuming.consumer(queue, { properties: true, bodyBytesMax: 300_000 })
      const properties = { ttlMs: 600_000, priority: 7, headers: { trace_id: 'a:b\\c d\n2', Price: '3 €' } }
      const publisher = await producing.publisher(queue, { properties, bodyBytesMax: 300_000 })
      await publisher.send(5)
      await publisher.confirmed(5)
      await consumer.received(5)
      consuming.assertEachOnce(consumer, publisher, 5)
      for (const delivery of consumer.deliveries) assert.deepEqual(delivery.properties, properties)
      consuming.assertNoViolations()
      await producing.end()
      await consuming.end()
    })
  }

  test('a broker that is short of memory blocks its publishers, says so, and lets them go on without a loss', async () => {
    const opened = await session('wire', 'amqp091', { username: CLIENT, password: 'guest', tls: null })
    const queue = await opened.destination()
    const consumer = await opened.consumer(queue)
    const publisher = await opened.publisher(queue, { inFlightMax: 1000 })
    await publisher.send(10)
    await publisher.confirmed(10)
    await setMemoryLimit(broker, '0.000001')
    // The broker looks at its memory once a second, and tells a connection when it publishes: one message after the
    // other, for as long as it takes.
    await eventually(
      () => {
        if (!publisher.mustWait && publisher.accepted === publisher.outcomes.size) publisher.offer()
        return publisher.blockedFor.includes('broker')
      },
      'onBlocked(broker)',
      () => publisher.summary(),
    )
    assert.equal(publisher.offer(), false)
    const accepted = publisher.accepted
    await setMemoryLimit(broker, '0.6')
    await publisher.confirmed(accepted)
    await publisher.send(accepted + 10)
    await publisher.confirmed(accepted + 10)
    await consumer.received(accepted + 10)
    assert.equal(publisher.unblocked, publisher.blockedFor.length)
    opened.assertEachOnce(consumer, publisher, accepted + 10)
    await opened.end()
  })
})

function tlsOf(certificates: TestCertificates | null): Endpoint['tls'] {
  if (certificates === null) throw new Error('the broker has not been started')
  return {
    ca: pem(certificates.caPath),
    certificate: pem(certificates.clientCertificatePath),
    key: pem(certificates.clientKeyPath),
    verify: true,
    serverName: null,
  }
}

/** The share of memory from which on the broker takes no more, by its own command-line tool in its own surroundings. */
async function setMemoryLimit(broker: LaunchedBroker | null, share: string): Promise<void> {
  const environment = readFileSync(`/proc/${broker?.pid ?? 0}/environ`, 'utf8').split('\0')
  const wanted = environment.filter((each) =>
    /^(HOME|ERL_EPMD_\w+|RABBITMQ_NODENAME|RABBITMQ_CONF_ENV_FILE)=/.test(each),
  )
  const env = Object.fromEntries(wanted.map((each) => each.split('=', 2) as [string, string]))
  const folder = existsSync(SCRIPTS)
    ? readdirSync(SCRIPTS).find((name) => name.startsWith('rabbitmq_server-'))
    : undefined
  const tool = join(SCRIPTS, folder ?? '', 'sbin', 'rabbitmqctl')
  await promisify(execFile)(tool, ['set_vm_memory_high_watermark', share], {
    env: { PATH: process.env['PATH'], ...env },
  })
}
