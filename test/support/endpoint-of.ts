import type { Transport } from '../../src/driver/capabilities.ts'
import type { Protocol } from '../../src/driver/driver.ts'
import { schemeOf, type Endpoint, type TlsSettings } from '../../src/driver/endpoint.ts'

const PROTOCOLS: readonly Protocol[] = ['stomp', 'mqtt', 'amqp10', 'amqp091', 'openwire']
const TRANSPORTS: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss']

/**
 * The endpoint of a target URL as `launchBroker` gives it, with the query as options of the protocol; `tls` is used where
 * the scheme asks for it.
 */
export function endpointOf(url: string, tls: TlsSettings | null = null): Endpoint {
  const scheme = url.slice(0, url.indexOf(':'))
  const kind = PROTOCOLS.flatMap((protocol) => TRANSPORTS.map((transport) => ({ protocol, transport }))).find(
    ({ protocol, transport }) => schemeOf(protocol, transport) === scheme,
  )
  if (kind === undefined) throw new Error(`${scheme} is not a scheme of brokermark`)
  // Schemes that the URL standard does not know keep no default path, so a known one takes their place.
  const { hostname, port, pathname, searchParams } = new URL(url.replace(scheme, 'http'))
  const secure = kind.transport === 'tls' || kind.transport === 'wss'
  return {
    ...kind,
    host: hostname,
    port: Number(port),
    path: pathname,
    options: Object.fromEntries(searchParams),
    username: null,
    password: null,
    tls: secure ? tls : null,
  }
}
