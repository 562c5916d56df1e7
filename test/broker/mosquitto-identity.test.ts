/** Logging in to Mosquitto by a client certificate alone, which is MQTT's form of EXTERNAL. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import { loadDriver } from '../../src/driver/registry.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { makeCertificates, pem, type TestCertificates } from '../support/certificates.ts'
import { endpointOf } from '../support/endpoint-of.ts'

describe('Mosquitto with users by certificate', () => {
  let directory = ''
  let certificates: TestCertificates
  let broker: LaunchedBroker

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'brokermark-test-identity-'))
    certificates = makeCertificates(directory)
    const { caPath, serverCertificatePath: certificatePath, serverKeyPath: keyPath } = certificates
    const demands = { requireClientCertificate: true, identityFromCertificate: true }
    broker = await launchBroker('mosquitto', {
      directory,
      credentials: { username: 'bench', password: 'correct-h0rse' },
      tls: { caPath, certificatePath, keyPath, ...demands },
    })
  })

  after(async () => {
    await broker.stop()
    await rm(directory, { recursive: true, force: true })
  })

  const certified = (scheme: string, options: Readonly<Record<string, string>>): Endpoint => {
    const tls = {
      ...{ ca: pem(certificates.caPath), verify: true, serverName: null },
      ...{ certificate: pem(certificates.clientCertificatePath), key: pem(certificates.clientKeyPath) },
    }
    return { ...endpointOf(broker.targets.get(scheme) ?? '', tls), options }
  }

  for (const client of ['wire', 'library'] as const) {
    for (const version of ['3.1.1', '5']) {
      for (const scheme of ['mqtts', 'mqtt+wss']) {
        test(`${client} logs in without user name and password over ${scheme} by MQTT ${version}`, async () => {
          const session = new ContractSession(await loadDriver('mqtt', client), certified(scheme, { version }), {})
          await session.roundTrips()
          session.assertNoViolations()
          await session.end()
        })
      }
    }

    test(`${client} is refused without certificate where it has no password either`, async () => {
      const driver = await loadDriver('mqtt', client)
      const anonymous = endpointOf(broker.targets.get('mqtt') ?? '')
      await assert.rejects(driver.openAdmin(anonymous, { timeoutMs: 60_000 }), { code: 'authentication' })
    })
  }
})
