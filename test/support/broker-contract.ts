import { describe, test } from 'node:test'
import type { ClientKind, Protocol } from '../../src/driver/driver.ts'
import { schemeOf } from '../../src/driver/endpoint.ts'
import { loadDriver } from '../../src/driver/registry.ts'
import type { ContractFacts } from '../driver/contract-clause.ts'
import { ContractSession } from '../driver/contract-session.ts'
import { contractSuite } from '../driver/contract.ts'
import type { ContractBroker } from './contract-broker.ts'

/** One driver on one broker over one way: a row of the table that the runner prints. */
export interface ContractPair {
  /** As brokermark writes it: `ActiveMQ`. */
  readonly product: string
  readonly protocol: Protocol
  readonly client: ClientKind
  readonly transport: 'tcp' | 'ws'
  /** Options of the protocol, such as MQTT's version, where they are not the default. */
  readonly options?: Readonly<Record<string, string>>
  /** What the driver can learn of the product; null: nothing. */
  readonly identity: string | null
  /** What else is known of this broker over this protocol. */
  readonly facts?: Pick<ContractFacts, 'competing' | 'reorders' | 'lacks' | 'largestBody' | 'skips'>
}

/**
 * Runs the driver contract on a started broker: with a password over TCP or WebSocket, and its TLS clauses over the secure
 * form of the same; then without credentials on the broker that asks for none.
 */
export function brokerContract(broker: ContractBroker, pair: ContractPair): void {
  const { protocol, transport, options = {} } = pair
  const plain = schemeOf(protocol, transport)
  const secure = schemeOf(protocol, transport === 'tcp' ? 'tls' : 'wss')
  const version = Object.entries(options).map(([key, value]) => ` ${key} ${value}`)
  const title = [pair.product, `${protocol}${version.join('')}`, pair.client, transport].join(' · ')
  const driver = () => loadDriver(protocol, pair.client)
  const facts: ContractFacts = {
    ...pair.facts,
    wrongPassword: () => broker.wrongPassword(plain, options),
    tlsEndpoint: () => broker.endpoint(secure, options),
    clientCertificateEndpoint: () => broker.certifiedEndpoint(secure, options),
    product: pair.identity,
  }
  contractSuite(title, driver, () => broker.endpoint(plain, options), facts)
  describe(title, () => {
    test('a broker that asks for no credentials needs none', async () => {
      const session = new ContractSession(await driver(), broker.openEndpoint(plain, options), facts)
      await session.roundTrips()
      session.assertNoViolations()
      await session.end()
    })
  })
}
