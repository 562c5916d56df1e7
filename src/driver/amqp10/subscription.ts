import { DriverError } from '../driver-error.ts'
import type { BrokerIdentity, ConsumerSpec } from '../driver.ts'
import type { Terminus } from './address.ts'
import { terminiOf } from './address.ts'

/** How a consumer's link is to be attached. */
export interface ConsumerLinkAsk {
  readonly termini: readonly Terminus[]
  /** A durable subscription is known by container and link name; a shared one by link name alone. */
  readonly linkName: string
  /** The subscription stays when the link is detached. */
  readonly outlivesLink: boolean
}

/** Products whose AMQP 1.0 lets several consumers share a subscription. */
const SHARES: readonly (string | null)[] = ['Artemis']
/** Products whose AMQP 1.0 keeps the subscription of a consumer that is away. */
const KEEPS: readonly (string | null)[] = ['ActiveMQ', 'Artemis']

/**
 * What a consumer asks for in the way of the JMS mapping of AMQP: a durable terminus that never expires, and for shared
 * subscriptions the capabilities `shared` and `global`, with a link name that ends at the bar.
 * @throws DriverError `unsupported` for a subscription that this broker is known not to have.
 */
export function consumerLinkAsk(
  spec: Pick<ConsumerSpec, 'destination' | 'clientId' | 'subscription'>,
  identity: BrokerIdentity,
): ConsumerLinkAsk {
  const { destination, clientId, subscription = { kind: 'plain' } } = spec
  const termini = terminiOf(destination, identity, true)
  if (subscription.kind === 'plain') return { termini, linkName: clientId, outlivesLink: false }
  const { kind, name } = subscription
  const isShared = kind !== 'durable'
  const isDurable = kind !== 'shared'
  if (isShared && !SHARES.includes(identity.product)) throw lacking(identity, 'shared')
  if (isDurable && !KEEPS.includes(identity.product)) throw lacking(identity, 'durable')
  return {
    termini: termini.map(({ address }) => ({
      address,
      capabilities: isShared ? [destination.kind, 'shared', 'global'] : [destination.kind],
      ...(isDurable ? ({ durable: 2, expiry_policy: 'never' } as const) : {}),
    })),
    linkName: isShared ? `${name}|${clientId}` : name,
    outlivesLink: isDurable,
  }
}

function lacking({ product }: BrokerIdentity, kind: string): DriverError {
  return new DriverError('unsupported', `${product ?? 'this broker'} has no ${kind} subscriptions over AMQP 1.0`)
}
