import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { launchEmbedded } from '../../../src/broker/embedded/launch-embedded.ts'
import type { EmbeddedHandle } from '../../../src/broker/embedded/launch-embedded.ts'
import type { Transport } from '../../../src/driver/capabilities.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { loadDriver } from '../../../src/driver/registry.ts'
import { contractSuite } from '../../driver/contract.ts'
import { makeCertificates, pem } from '../../support/certificates.ts'
import type { TestCertificates } from '../../support/certificates.ts'
import { embeddedEndpoint } from './embedded-endpoint.ts'

const CREDENTIALS = { username: 'bench', password: 'correct-h0rse' }

/** Started before the tests: with a password, with TLS, and with TLS that demands a client certificate. */
interface Brokers {
  readonly guarded: EmbeddedHandle
  readonly secure: EmbeddedHandle
  readonly demanding: EmbeddedHandle
  readonly certificates: TestCertificates
}

describe('the embedded broker', () => {
  let directory = ''
  let brokers: Brokers | null = null

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'brokermark-test-embedded-'))
    const certificates = makeCertificates(directory)
    const tls = { tlsCertificate: certificates.serverCertificatePath, tlsKey: certificates.serverKeyPath }
    const [guarded, secure, demanding] = await Promise.all([
      launchEmbedded(CREDENTIALS),
      launchEmbedded({ ...CREDENTIALS, ...tls }),
      launchEmbedded({ ...tls, tlsClientCa: certificates.caPath }),
    ])
    brokers = { guarded, secure, demanding, certificates }
  })

  after(async () => {
    if (brokers !== null) await Promise.all([brokers.guarded.stop(), brokers.secure.stop(), brokers.demanding.stop()])
    await rm(directory, { recursive: true, force: true })
  })

  const started = (): Brokers => {
    if (brokers === null) throw new Error('the brokers were not started')
    return brokers
  }
  const secureEndpoint = (transport: Transport, withClientCertificate: boolean): Endpoint => {
    const { secure, demanding, certificates } = started()
    const endpoint = embeddedEndpoint(withClientCertificate ? demanding : secure, transport)
    return {
      ...endpoint,
      ...(withClientCertificate ? {} : CREDENTIALS),
      tls: {
        ca: pem(certificates.caPath),
        certificate: withClientCertificate ? pem(certificates.clientCertificatePath) : null,
        key: withClientCertificate ? pem(certificates.clientKeyPath) : null,
        verify: true,
        serverName: null,
      },
    }
  }

  for (const client of ['wire', 'library'] as const) {
    for (const transport of ['tcp', 'ws'] as const) {
      const plain = (): Endpoint => ({ ...embeddedEndpoint(started().guarded, transport), ...CREDENTIALS })
      contractSuite(`embedded · stomp · ${client} · ${transport}`, () => loadDriver('stomp', client), plain, {
        wrongPassword: () => ({ ...plain(), password: 'incorrect-h0rse' }),
        tlsEndpoint: () => secureEndpoint(transport === 'tcp' ? 'tls' : 'wss', false),
        clientCertificateEndpoint: () => secureEndpoint(transport === 'tcp' ? 'tls' : 'wss', true),
        product: 'brokermark embedded',
      })
    }
  }
})
