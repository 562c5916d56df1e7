import type { Channel } from 'amqplib'
import type { Destination } from '../driver.ts'

/** The exchange that every AMQP 0-9-1 broker has for routing by dotted keys. */
const TOPIC_EXCHANGE = 'amq.topic'

/** Where a message is published to: a queue by the default exchange, a topic by `amq.topic`; the key is the plain name. */
export function exchangeOf(destination: Destination): string {
  return destination.kind === 'queue' ? '' : TOPIC_EXCHANGE
}

/** The queue to consume from: the queue itself, or an exclusive one of this subscriber that dies with its connection. */
export async function consumedQueue(channel: Channel, destination: Destination): Promise<string> {
  if (destination.kind === 'queue') return destination.name
  const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false })
  await channel.bindQueue(queue, TOPIC_EXCHANGE, destination.name)
  return queue
}

/** `queue orders`, for sentences. */
export function describeDestination(destination: Destination): string {
  return `${destination.kind} ${destination.name}`
}
