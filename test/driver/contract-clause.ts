import type { Capabilities } from '../../src/driver/capabilities.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import type { ContractSession } from './contract-session.ts'

/** What a driver can ask for and some broker behind it does not do; the names are those of the clauses' skips. */
export type BrokerFeature =
  /** A delivered message says its time to live. */
  | 'ttl'
  /** A message whose time to live has passed is not delivered. */
  | 'expiry'
  | 'priority'
  | 'headers'
  /** Messages published in transactions. */
  | 'transactions'
  /** Acknowledgements given in transactions. */
  | 'consumerTransactions'
  | 'durableSubscriptions'
  | 'sharedSubscriptions'
  | 'sharedDurableSubscriptions'

/** What is known of one broker that no capability tells. Endpoints are functions: the broker starts after registration. */
export interface ContractFacts {
  /** The same endpoint with credentials that the broker must refuse. Absent: the broker does not authenticate. */
  readonly wrongPassword?: () => Endpoint
  /** A TLS (or wss) endpoint whose `tls.ca` verifies the broker's certificate. */
  readonly tlsEndpoint?: () => Endpoint
  /** A TLS endpoint of a listener that demands a client certificate, with `certificate` and `key`. */
  readonly clientCertificateEndpoint?: () => Endpoint
  /** Product that the handshake must name; null where the protocol does not tell. Absent: not checked. */
  readonly product?: string | null
  /**
   * Competing consumers over this endpoint: the driver must either share (`shared`, the default) or refuse to open with
   * `unsupported`, because the broker cannot (MQTT 3.1.1 without shared subscriptions).
   */
  readonly competing?: 'shared' | 'unsupported'
  /** Why this broker may deliver one producer's messages out of order; absent: it must not. */
  readonly reorders?: string
  /** What this broker or its connector does not do, each with the reason; the clauses about it are skipped. */
  readonly lacks?: Readonly<Partial<Record<BrokerFeature, string>>>
  /**
   * Largest body that the broker takes or passes on in bearable time, and why. Absent: at least 16 MiB.
   * `usualBytes`: of clauses that are not about size, where 1 KB takes too long as well; fewer messages go then, too.
   */
  readonly largestBody?: { readonly bytes: number; readonly why: string; readonly usualBytes?: number }
  /** Title of a test to its reason; the reason begins with the missing capability, or with what the broker lacks. */
  readonly skips?: Readonly<Record<string, string>>
}

type Missing = (capabilities: Capabilities, endpoint: Endpoint, facts: ContractFacts) => string | null

/** One clause of the contract. */
export interface ContractClause {
  readonly title: string
  /** Why this driver, endpoint or broker cannot be held to it, naming the capability; null or absent: it can. */
  readonly missing?: Missing
  run(session: ContractSession): Promise<void>
}

/** For clauses about sockets: a driver that works in memory has none to cut, stall or misroute. */
export function withoutSocket(_: Capabilities, endpoint: Endpoint): string | null {
  return endpoint.transport === 'memory' ? 'capability transports: memory has no socket' : null
}

/** For clauses about confirms. */
export function withoutConfirms(capabilities: Capabilities): string | null {
  return capabilities.confirms ? null : 'capability confirms: none'
}

/** For clauses about keeping messages for a consumer that comes later. */
export function withoutQueues(capabilities: Capabilities): string | null {
  return capabilities.queues === 'none' ? 'capability queues: none' : null
}

/** Capabilities that are simply there or not. */
type Flag =
  'transactions' | 'ttl' | 'priority' | 'headers' | 'durableSubscriptions' | 'sharedSubscriptions' | 'messagePerWrite'

/** For clauses that need these capabilities of the driver and these features of the broker. */
export function needs(flags: readonly Flag[], features: readonly BrokerFeature[]): Missing {
  return (capabilities, _, facts) => {
    const flag = flags.find((each) => capabilities[each] !== true)
    if (flag !== undefined) return `capability ${flag}: false`
    const feature = features.find((each) => facts.lacks?.[each] !== undefined)
    return feature === undefined ? null : `${feature}: ${facts.lacks?.[feature] ?? ''}`
  }
}
