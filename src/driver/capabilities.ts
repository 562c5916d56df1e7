/** What a driver can ask of its protocol, as data: a workload that needs more is refused before any load. */
export interface Capabilities {
  /** `native`; `imitated` (said in the result); or `none`. MQTT has no queues: topic + persistent session + QoS 1. */
  readonly queues: Support
  readonly topics: Support
  /** The broker confirms publishes (RECEIPT, PUBACK, basic.ack, disposition). */
  readonly confirms: boolean
  /** More than one message may be unconfirmed at a time on one connection. */
  readonly pipelining: boolean
  readonly durable: boolean
  /** Acknowledgement modes that the protocol has on the wire. */
  readonly acknowledge: readonly ('each' | 'auto' | 'every')[]
  /** The consumer's window can be set by the client. */
  readonly prefetch: boolean
  /** Several consumers may compete for one destination (`$share` in MQTT 5). */
  readonly competingConsumers: Support
  /** Declaration with arguments (quorum queues and the like) over the protocol itself. */
  readonly declareArguments: boolean
  /** The protocol itself can delete a queue. */
  readonly removeQueue: boolean
  /** Messages published, and acknowledgements given, in transactions. */
  readonly transactions: boolean
  /** Messages may carry a time to live, a priority, application headers. */
  readonly ttl: boolean
  readonly priority: boolean
  readonly headers: boolean
  /** Subscriptions to a topic that outlive the connection; that several consumers share. */
  readonly durableSubscriptions: boolean
  readonly sharedSubscriptions: boolean
  /** Each message can leave as a write of its own, and the writes are counted. Absent: no. */
  readonly messagePerWrite?: boolean
  readonly transports: readonly Transport[]
}

export type Support = 'native' | 'imitated' | 'none'

/** How the bytes travel. */
export type Transport = 'tcp' | 'tls' | 'ws' | 'wss' | 'memory'
