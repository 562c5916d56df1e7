/** Two ends of a target are ways to one broker: what the handshakes at both say about that. Pure. */
import { DriverError } from '../driver/driver-error.ts'
import type { BrokerIdentity } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'

/** An end as it was found: where, and who answered. */
export interface FoundEnd {
  readonly endpoint: Endpoint
  readonly identity: BrokerIdentity
}

/**
 * Who the broker is, by the end that says more: OpenWire does not tell Artemis' version, MQTT tells nothing.
 * @throws DriverError `unsupported` where the ends are two products, or one that does not hand messages from this
 * transport on to that.
 */
export function identityOfEnds(producers: FoundEnd, consumers: FoundEnd): BrokerIdentity {
  const { product } = producers.identity
  if (product !== null && consumers.identity.product !== null && product !== consumers.identity.product) {
    const sentence = `producers reach ${product} and consumers ${consumers.identity.product}: both ends have to lead to one broker`
    throw new DriverError('unsupported', sentence)
  }
  const identity =
    [producers.identity, consumers.identity].toSorted((a, b) => said(b) - said(a))[0] ?? producers.identity
  refuseTextBodies(identity, producers.endpoint, consumers.endpoint)
  return identity
}

function said({ product, version }: BrokerIdentity): number {
  return (product === null ? 0 : 1) + (version === null ? 0 : 1)
}

/** ActiveMQ sends every STOMP frame over WebSocket as text, so bodies are text there, which only STOMP clients undo. */
function refuseTextBodies({ product }: BrokerIdentity, producers: Endpoint, consumers: Endpoint): void {
  if (product !== 'ActiveMQ') return
  const isText = ({ protocol, transport }: Endpoint): boolean =>
    protocol === 'stomp' && (transport === 'ws' || transport === 'wss')
  const isUndone = isText(producers) && consumers.protocol === 'stomp'
  if (isUndone || isText(producers) === isText(consumers)) return
  throw new DriverError(
    'unsupported',
    'ActiveMQ carries STOMP over WebSocket as text, and the other end would not get the bytes that were sent: use stomp:// instead',
  )
}
