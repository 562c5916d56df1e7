import type { ConsumerSpec, Destination, KeptSubscription, Subscription } from '../driver.ts'

/** The exchange that every AMQP 0-9-1 broker has for routing by dotted keys. */
const TOPIC_EXCHANGE = 'amq.topic'

/** Where a message is published to: a queue by the default exchange, a topic by `amq.topic`; the key is the plain name. */
export function exchangeOf(destination: Destination): string {
  return destination.kind === 'queue' ? '' : TOPIC_EXCHANGE
}

/** An unused durable subscription is forgotten after a day, for whoever does not come back to delete it. */
const EXPIRES_MS = 86_400_000

/** The queue that a consumer of a topic declares, binds and consumes from. */
export interface SubscriptionQueue {
  /** Empty: the broker makes a name. */
  readonly queue: string
  readonly durable: boolean
  readonly exclusive: boolean
  readonly autoDelete: boolean
  readonly arguments: ReadonlyMap<string, number>
}

/**
 * A plain subscription is an exclusive queue that dies with its connection; a shared one goes with its last consumer; a
 * durable one stays.
 */
export function subscriptionQueueOf(spec: ConsumerSpec): SubscriptionQueue {
  const { destination, clientId, subscription = { kind: 'plain' } } = spec
  if (subscription.kind === 'plain') {
    return { queue: '', durable: false, exclusive: true, autoDelete: true, arguments: new Map() }
  }
  const isKept = subscription.kind !== 'shared'
  return {
    queue: queueNameOf(destination, clientId, subscription),
    durable: true,
    exclusive: false,
    autoDelete: !isKept,
    arguments: new Map(isKept ? [['x-expires', EXPIRES_MS]] : []),
  }
}

/** The subscription `name` of a client to a topic; that which a client calls like itself can be found again by its id. */
export function durableQueueName(topic: Destination, clientId: string, name = clientId): string {
  return name === clientId ? `${topic.name}.${clientId}` : `${topic.name}.${clientId}.${name}`
}

/** Queues of subscriptions to a topic that may be left: those that clients call like themselves, and those that are named. */
export function keptQueues(
  topic: Destination,
  clientIds: readonly string[],
  kept: readonly KeptSubscription[],
): readonly string[] {
  const named = kept.map(({ clientId, subscription }) => queueNameOf(topic, clientId, subscription))
  return [...new Set([...clientIds.map((clientId) => durableQueueName(topic, clientId)), ...named])]
}

function queueNameOf(
  topic: Destination,
  clientId: string,
  { kind, name }: Exclude<Subscription, { readonly kind: 'plain' }>,
): string {
  return kind === 'durable' ? durableQueueName(topic, clientId, name) : `${topic.name}.${name}`
}

/** `queue orders`, for sentences. */
export function describeDestination(destination: Destination): string {
  return `${destination.kind} ${destination.name}`
}
