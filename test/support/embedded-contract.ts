import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { launchEmbedded } from '../../src/broker/embedded/launch-embedded.ts'
import type { EmbeddedHandle } from '../../src/broker/embedded/launch-embedded.ts'
import type { Transport } from '../../src/driver/capabilities.ts'
import type { ClientKind, Protocol } from '../../src/driver/driver.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import { clientsOf, loadDriver } from '../../src/driver/registry.ts'
import { contractSuite } from '../driver/contract.ts'
import type { ContractFacts } from '../driver/contract.ts'
import { makeCertificates, pem } from './certificates.ts'
import type { TestCertificates } from './certificates.ts'
import { embeddedEndpoint } from '../broker/embedded/embedded-endpoint.ts'

const CREDENTIALS = { username: 'bench', password: 'correct-h0rse' }

/** Started before the tests: with a password, with TLS, and with TLS that demands a client certificate. */
interface Brokers {
  readonly guarded: EmbeddedHandle
  readonly secure: EmbeddedHandle
  readonly demanding: EmbeddedHandle
  readonly certificates: TestCertificates
}

/** What is known of one protocol of the embedded broker. */
export interface EmbeddedFacts extends Pick<ContractFacts, 'competing' | 'lacks' | 'largestBody' | 'skips'> {
  readonly transports?: readonly ('tcp' | 'ws')[]
  /** Default: all that are built. */
  readonly clients?: readonly ClientKind[]
  /** URL parameters of the protocol: `{ version: '5' }`. */
  readonly options?: Readonly<Record<string, string>>
}

/**
 * Registers the driver contract for one protocol of the embedded broker, by every client that is built, over TCP and
 * whatever else is named, with passwords and with TLS. To be called once or more at the top of a test file.
 */
export function embeddedContract(protocol: Protocol, facts: EmbeddedFacts = {}): void {
  const { transports = ['tcp'], clients = clientsOf(protocol), options = {}, ...contractFacts } = facts
  const variant = Object.entries(options)
    .map(([name, value]) => ` ${name} ${value}`)
    .join('')
  describe(`the embedded broker over ${protocol}${variant}`, () => {
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
      const endpoint = at(withClientCertificate ? demanding : secure, transport)
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

    const at = (broker: EmbeddedHandle, transport: Transport): Endpoint => ({
      ...embeddedEndpoint(broker, transport),
      protocol,
      options,
    })
    for (const client of clients) {
      for (const transport of transports) {
        const plain = (): Endpoint => ({ ...at(started().guarded, transport), ...CREDENTIALS })
        contractSuite(
          `embedded · ${protocol}${variant} · ${client} · ${transport}`,
          () => loadDriver(protocol, client),
          plain,
          {
            wrongPassword: () => ({ ...plain(), password: 'incorrect-h0rse' }),
            tlsEndpoint: () => secureEndpoint(transport === 'tcp' ? 'tls' : 'wss', false),
            clientCertificateEndpoint: () => secureEndpoint(transport === 'tcp' ? 'tls' : 'wss', true),
            product: 'brokermark embedded',
            ...contractFacts,
          },
        )
      }
    }
  })
}
