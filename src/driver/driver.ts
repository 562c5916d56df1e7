/**
 * THE SEAM. A driver moves bytes to and from one broker and knows nothing of clocks, rates or histograms. The harness
 * writes the payload header, stamps, records and keeps the ledger, the same way for every protocol.
 *
 * Callbacks instead of one promise per message, and back-pressure as a return value, because at a few microseconds per
 * message a promise and its closure would be most of the cost (design.md section 4).
 */
import type { Capabilities } from './capabilities.ts'
import type { Endpoint } from './endpoint.ts'
import type { DriverError } from './driver-error.ts'

/** The wire protocols that brokermark speaks; `loopback` is the in-memory reference driver. */
export type Protocol = 'stomp' | 'mqtt' | 'amqp10' | 'amqp091' | 'openwire' | 'loopback'

/** `wire`: frames written by brokermark itself. `library`: the client library an application in Node would use. */
export type ClientKind = 'wire' | 'library'

/** A queue or topic by its plain name; each driver spells it as its protocol and broker want it (`/queue/NAME` ...). */
export interface Destination {
  readonly kind: 'queue' | 'topic'
  readonly name: string
}

/** What the broker said of itself in the handshake; null where the protocol does not tell. */
export interface BrokerIdentity {
  /** Product name as brokermark writes it: `ActiveMQ`, `Artemis`, `RabbitMQ`, `Mosquitto`, `brokermark embedded`. */
  readonly product: string | null
  readonly version: string | null
}

/** What every message of a producer carries beside its body, as far as its protocol can say it. */
export interface MessageProperties {
  /** Time to live in milliseconds from the publication; null: until it is consumed. */
  readonly ttlMs: number | null
  /** 0 (lowest) to 9 as in JMS; null: the protocol's default. */
  readonly priority: number | null
  /** Application headers, name to text; names are letters, digits, `_` (what every protocol can carry). */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * How a consumer of a topic subscribes. `plain`: while it is connected. `durable`: the broker keeps the subscription
 * `name` of this client id while it is away. `shared`: all consumers that name it are given each message once between
 * them; `shared-durable`: both.
 */
export type Subscription =
  { readonly kind: 'plain' } | { readonly kind: 'durable' | 'shared' | 'shared-durable'; readonly name: string }

/** A subscription to a topic that the broker may keep after its consumer has gone. */
export interface KeptSubscription {
  /** Of the consumer that made it; any one of them where it is shared. */
  readonly clientId: string
  readonly subscription: Exclude<Subscription, { readonly kind: 'plain' }>
}

/** What one producer connection will do. All of it is fixed for the life of the connection. */
export interface PublisherSpec {
  readonly destination: Destination
  /** Unique in the run, fit for a client id or connection id (letters, digits, hyphens). */
  readonly clientId: string
  readonly persistent: boolean
  /** True: the broker is asked to confirm every message and `onSettled` reports it. False: fire and forget. */
  readonly confirm: boolean
  /** Largest number of unsettled messages the harness will have outstanding: the driver may size buffers by it. */
  readonly inFlightMax: number
  /** Largest body in bytes that will be published. */
  readonly bodyBytesMax: number
  /** Absent: no time to live, the default priority, no headers. */
  readonly properties?: MessageProperties
  /** True: messages are published in transactions, which `commit` and `rollback` end. Absent: false. */
  readonly transacted?: boolean
  /** True: each message leaves as a write of its own (R8.6), not with the others of its turn. Absent: false. */
  readonly messagePerWrite?: boolean
}

/** When the consumer's acknowledgements go out: per message, cumulatively every N messages, or never (broker's auto). */
export type AcknowledgePolicy =
  { readonly kind: 'each' } | { readonly kind: 'auto' } | { readonly kind: 'every'; readonly messages: number }

export interface ConsumerSpec {
  readonly destination: Destination
  readonly clientId: string
  /** The driver batches by it: the harness calls `acknowledge` for every message whatever the policy, unless `auto`. */
  readonly acknowledge: AcknowledgePolicy
  /** Messages the broker may have sent and we not yet acknowledged; credit in AMQP 1.0, receive-maximum in MQTT 5. */
  readonly prefetch: number
  /** Persistent traffic: an MQTT consumer subscribes at QoS 1 with a session that the broker keeps. */
  readonly persistent: boolean
  /** More than one consumer competes for the same destination (MQTT then needs a shared subscription). */
  readonly competing: boolean
  readonly bodyBytesMax: number
  /** Topics only. Absent: plain. */
  readonly subscription?: Subscription
  /** Acknowledgements take effect in transactions of so many messages, the rest at the close. Absent: no transactions. */
  readonly transactionMessages?: number
}

/** What became of a published message. `unknown`: the connection went before the broker answered; not a loss. */
export type Outcome = 'confirmed' | 'refused' | 'unknown'

/** Why a publisher cannot take more: socket not drained, no link credit or receive-maximum, or told so by the broker. */
export type BlockReason = 'socket' | 'credit' | 'broker'

export interface PublisherEvents {
  /**
   * Messages `first..last` (sequence numbers as given to `publish`, inclusive) are settled. A range because confirms are
   * cumulative. Every accepted sequence is settled exactly once, by the close of the connection at the latest.
   * Never called when the spec said `confirm: false`, except with `unknown` on a lost connection.
   * @param code the broker's reason for `refused` (a few words, stable, no payload), else null.
   */
  onSettled(first: number, last: number, outcome: Outcome, code: string | null): void
  /** Publishing is held back by the system under test. Balanced by `onUnblocked`; never nested. */
  onBlocked(reason: BlockReason): void
  onUnblocked(): void
  /** The connection is gone and it was not `close()` that ended it. Called once, after everything was settled. */
  onClosed(cause: DriverError): void
}

/**
 * `accepted`: taken, go on. `accepted-now-full`: taken, but offer nothing more before `onUnblocked`.
 * `not-taken`: nothing was taken; offer the same message again after `onUnblocked`.
 */
export type PublishResult = 'accepted' | 'accepted-now-full' | 'not-taken'

/** Writes to the operating system and their bytes so far on this connection; `null` where the library hides them. */
export interface WireCounters {
  readonly writes: number | null
  readonly bytesWritten: number | null
  readonly bytesRead: number | null
}

/** One producer on a connection of its own. */
export interface Publisher {
  /**
   * Offers one message. `body` is valid only during the call (the harness re-uses it): a driver that keeps it, copies it.
   * `sequence` counts 0, 1, 2 ... on this publisher without gaps.
   */
  publish(body: Uint8Array, sequence: number): PublishResult
  /**
   * Only where the spec said `transacted`: ends the transaction that the first `publish` after the last end began. With
   * `confirm`, its messages are settled as `confirmed` once the broker has committed, not before. Nothing to do without
   * a message. The next transaction may begin before the answer.
   */
  commit?(): void
  /** As `commit`, but the messages are never delivered: settled as `refused`, code `rolled back`. */
  rollback?(): void
  counters(): WireCounters
  /** Flushes, ends the session in order and closes. Safe to call twice and on a lost connection. Never rejects. */
  close(): Promise<void>
}

export interface ConsumerEvents {
  /**
   * One message. `body` is valid only during the call. `token` is to be given back to `acknowledge`: a number in every
   * driver so that nothing is allocated. Delivery may begin before `openConsumer` has resolved.
   * @param redelivered the broker says that it may have sent this message before.
   */
  onDelivery(body: Uint8Array, redelivered: boolean, token: number): void
  /**
   * Where given, called just before `onDelivery` with what the message carries beside its body, as far as the broker
   * passes it on (`ttlMs`: what was asked for or what is left of it). It costs; measurements go without.
   */
  onProperties?(properties: MessageProperties): void
  onClosed(cause: DriverError): void
}

/** One consumer on a connection of its own. */
export interface Consumer {
  /** The message may be forgotten by the broker. Must be called in order of delivery; a no-op for `auto`. */
  acknowledge(token: number): void
  counters(): WireCounters
  /** Sends outstanding acknowledgements, ends the subscription in order and closes. Never rejects, safe to call twice. */
  close(): Promise<void>
}

/** How a destination is to come into being; `arguments` are the broker's own (RabbitMQ's `x-queue-type`, for one). */
export interface DeclareSpec {
  readonly arguments: Readonly<Record<string, string | number | boolean>>
  readonly durable: boolean
}

/** What `remove` could do: STOMP and MQTT cannot delete a queue, so it may only be empty, or still be there. */
export type Removal = 'removed' | 'emptied' | 'remains'

/** A connection for the work around the load: who is there, destinations made and removed. Opened once per target. */
export interface Admin {
  readonly identity: BrokerIdentity
  /** Idempotent. Throws a DriverError `unsupported` where the protocol cannot honour `spec.arguments`. */
  declare(destination: Destination, spec: DeclareSpec): Promise<void>
  /**
   * Deletes the destination if the protocol or a known management interface can, else empties it as far as it can.
   * @param kept subscriptions to this topic, which go first. One that cannot be deleted makes the answer `remains`. Absent: none.
   */
  remove(destination: Destination, clientIds: readonly string[], kept?: readonly KeptSubscription[]): Promise<Removal>
  /** Messages lying in the destination, where the protocol can tell; lets the drain know loss from delay (R6.3). */
  depth?(destination: Destination): Promise<number | null>
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Covers name look-up, TCP, TLS and the protocol's handshake together; on expiry a DriverError `timeout`. */
  readonly timeoutMs: number
}

/** One protocol by one client. Stateless: everything lives in the connections that it opens. */
export interface Driver {
  readonly protocol: Protocol
  readonly client: ClientKind
  /** `rhea 3.0.5`, `brokermark wire`: printed with the result. */
  readonly clientVersion: string
  readonly capabilities: Capabilities
  /** @throws DriverError */
  openAdmin(endpoint: Endpoint, options: ConnectOptions): Promise<Admin>
  /** @throws DriverError */
  openPublisher(
    endpoint: Endpoint,
    options: ConnectOptions,
    spec: PublisherSpec,
    events: PublisherEvents,
  ): Promise<Publisher>
  /** Resolves when the broker has confirmed the subscription, as far as the protocol can tell. @throws DriverError */
  openConsumer(
    endpoint: Endpoint,
    options: ConnectOptions,
    spec: ConsumerSpec,
    events: ConsumerEvents,
  ): Promise<Consumer>
}
