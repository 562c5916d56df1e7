import { loadDriver } from '../../src/driver/registry.ts'
import type { ClientKind } from '../../src/driver/driver.ts'
import { schemeOf, type Endpoint } from '../../src/driver/endpoint.ts'
import type { Protocol } from '../../src/driver/driver.ts'
import { contractSuite } from '../driver/contract.ts'
import type { ContractBroker } from './contract-broker.ts'

/** One driver on one broker over one way: a row of the table that the runner prints. */
export interface ContractPair {
  /** As brokermark writes it: `ActiveMQ`. */
  readonly product: string
  readonly protocol: Protocol
  readonly client: ClientKind
  readonly transport: 'tcp' | 'ws'
  /** MQTT's version, where it is not the default. */
  readonly options?: Readonly<Record<string, string>>
  /** What the protocol's handshake says of the product; null: nothing. */
  readonly identity: string | null
  /** Title of a clause to the reason why this broker cannot be held to it. */
  readonly skips?: Readonly<Record<string, string>>
}

/**
 * Runs the driver contract on a started broker: with a password over TCP or WebSocket, and its TLS clauses over the secure
 * form of the same.
 */
export function brokerContract(broker: ContractBroker, pair: ContractPair): void {
  const { protocol, transport, options = {} } = pair
  const plain = schemeOf(protocol, transport)
  const secure = schemeOf(protocol, transport === 'tcp' ? 'tls' : 'wss')
  const version = Object.entries(options).map(([key, value]) => ` ${key} ${value}`)
  contractSuite(
    [pair.product, `${protocol}${version.join('')}`, pair.client, transport].join(' · '),
    () => loadDriver(protocol, pair.client),
    (): Endpoint => broker.endpoint(plain, options),
    {
      wrongPassword: () => broker.wrongPassword(plain, options),
      tlsEndpoint: () => broker.endpoint(secure, options),
      clientCertificateEndpoint: () => broker.openEndpoint(secure, options),
      product: pair.identity,
      skips: pair.skips ?? {},
    },
  )
}
