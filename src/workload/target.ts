/**
 * A target as the user names it, resolved: where the load goes. Pure: reading CA and key files is the command line's
 * work (`cli/`), which then hands their texts to `resolveTarget`.
 */
import type { Protocol } from '../driver/driver.ts'
import type { Endpoint } from '../driver/endpoint.ts'

export type Target = BrokerTarget | EmbeddedTarget | LoopbackTarget

export interface BrokerTarget {
  readonly kind: 'broker'
  /**
   * The URL normalised to brokermark's exact scheme, without credentials and TLS file names: what results show. Where the
   * ends differ, both: `PRODUCERS -> CONSUMERS`.
   */
  readonly label: string
  /** One, or the members of a `failover:(a,b)` list in order; the first that accepts is used. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  /** Where the consumers connect to the same broker, when the user named it on its own; null: where the producers do. */
  readonly consumerEnd: TargetEnd | null
  /** Management API of the broker, for cleaning up, where the user gave `?management=http://user:password@host:port`. */
  readonly managementUrl: string | null
}

/** One end of a target: the way to the broker that producers or consumers take. */
export interface TargetEnd {
  /** As `BrokerTarget.label`, of this end alone. */
  readonly label: string
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
}

/** The broker inside, started in a process of its own for the run; `faults` are the stub's switches from the query. */
export interface EmbeddedTarget {
  readonly kind: 'embedded'
  /** `embedded:` or `embedded:?protocol=mqtt&stallMs=500&stallEveryMs=5000`. */
  readonly label: string
  /** What is spoken with it. */
  readonly protocol: Protocol
  /** Options of the protocol, as the driver will see them. */
  readonly options: Readonly<Record<string, string>>
  readonly faults: Readonly<Record<string, string>>
  /** Spoken with over WebSocket (STOMP and MQTT) and not over plain TCP. Default false. */
  readonly isWebSocket?: boolean
}

/** The in-memory driver: no broker, no socket. Measures the harness itself. */
export interface LoopbackTarget {
  readonly kind: 'loopback'
  readonly label: string
  readonly faults: Readonly<Record<string, string>>
}
