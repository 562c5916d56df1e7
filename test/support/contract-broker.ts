import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { launchBroker } from '../../src/broker/launch/launch.ts'
import type { BrokerProduct, LaunchedBroker } from '../../src/broker/launch/launched-broker.ts'
import type { Endpoint, TlsSettings } from '../../src/driver/endpoint.ts'
import { endpointOf } from './endpoint-of.ts'
import { makeCertificates, pem, type TestCertificates } from './certificates.ts'

/** The user that every broker under contract knows; the password needs quoting wherever it can. */
const CREDENTIALS = { username: 'bench', password: 'correct-h0rse' }

/** Known to every RabbitMQ as it is shipped; the other products take anybody when they are open. */
const GUEST = { username: 'guest', password: 'guest' }

/**
 * One product, started twice for a test file: `guarded` demands a password and has TLS listeners, `open` lets anybody in
 * and its TLS listeners demand a client certificate.
 */
export class ContractBroker {
  #guarded: LaunchedBroker | null = null
  #open: LaunchedBroker | null = null
  #certificates: TestCertificates | null = null

  /** An endpoint of the guarded broker, with its credentials, and its CA where the scheme is a secure one. */
  endpoint(scheme: string, options: Readonly<Record<string, string>> = {}): Endpoint {
    const tls = settings(this.#certificates, false)
    return { ...endpointOf(targetOf(this.#guarded, scheme), tls), ...CREDENTIALS, options }
  }

  /** The same with a password that is not the user's. */
  wrongPassword(scheme: string, options: Readonly<Record<string, string>> = {}): Endpoint {
    return { ...this.endpoint(scheme, options), password: 'incorrect-h0rse' }
  }

  /** An endpoint of the open broker, without credentials. */
  openEndpoint(scheme: string, options: Readonly<Record<string, string>> = {}): Endpoint {
    return { ...endpointOf(targetOf(this.#open, scheme)), options }
  }

  /** A secure endpoint of the open broker, with a client certificate, and credentials because RabbitMQ wants them too. */
  certifiedEndpoint(scheme: string, options: Readonly<Record<string, string>> = {}): Endpoint {
    const tls = settings(this.#certificates, true)
    return { ...endpointOf(targetOf(this.#open, scheme), tls), ...GUEST, options }
  }

  async start(product: BrokerProduct, directory: string): Promise<void> {
    const certificates = makeCertificates(directory)
    this.#certificates = certificates
    const { caPath, serverCertificatePath: certificatePath, serverKeyPath: keyPath } = certificates
    const tls = { caPath, certificatePath, keyPath }
    const [guarded, open] = await Promise.allSettled([
      launchBroker(product, { directory, credentials: CREDENTIALS, tls }),
      launchBroker(product, { directory, tls: { ...tls, requireClientCertificate: true } }),
    ])
    if (guarded.status === 'fulfilled') this.#guarded = guarded.value
    if (open.status === 'fulfilled') this.#open = open.value
    for (const launched of [guarded, open]) if (launched.status === 'rejected') throw launched.reason
  }

  async stop(): Promise<void> {
    await Promise.all([this.#guarded?.stop(), this.#open?.stop()])
  }
}

/** Starts `product` before the tests of the surrounding suite and stops it after them; a failed start fails them all. */
export function contractBroker(product: BrokerProduct): ContractBroker {
  const broker = new ContractBroker()
  let directory = ''
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), `brokermark-test-${product}-`))
    await broker.start(product, directory)
  })
  after(async () => {
    await broker.stop()
    await rm(directory, { recursive: true, force: true })
  })
  return broker
}

function targetOf(broker: LaunchedBroker | null, scheme: string): string {
  const url = broker?.targets.get(scheme)
  if (url === undefined) throw new Error(`no ${scheme} listener: the broker did not start or does not have it`)
  return url
}

function settings(certificates: TestCertificates | null, withClientCertificate: boolean): TlsSettings {
  if (certificates === null) throw new Error('the broker has not been started')
  return {
    ca: pem(certificates.caPath),
    certificate: withClientCertificate ? pem(certificates.clientCertificatePath) : null,
    key: withClientCertificate ? pem(certificates.clientKeyPath) : null,
    verify: true,
    serverName: null,
  }
}
