import type { Channel, ConsumeMessage, Message, MessageProperties } from 'amqplib'
import { DriverError } from '../driver-error.ts'
import type {
  AcknowledgePolicy,
  ConnectOptions,
  Consumer,
  ConsumerEvents,
  ConsumerSpec,
  WireCounters,
} from '../driver.ts'
import type { Endpoint } from '../endpoint.ts'
import { AmqplibConnection } from './connection.ts'
import { describeDestination, exchangeOf, subscriptionQueueOf } from './destination.ts'
import { prefetchOf } from './prefetch.ts'
import { libraryProperties } from './library-properties.ts'

const CHANNEL_FRAMES = 1024

/** @throws DriverError */
export async function openConsumer(
  endpoint: Endpoint,
  options: ConnectOptions,
  spec: ConsumerSpec,
  events: ConsumerEvents,
): Promise<Consumer> {
  const connection = await AmqplibConnection.open(endpoint, options, spec.clientId)
  try {
    const channel = await connection.channel('plain', CHANNEL_FRAMES)
    const consumer = new AmqplibConsumer(connection, channel, spec, events)
    await connection.opening(consumer.subscribe(spec), `consuming from ${describeDestination(spec.destination)}`)
    connection.onLost((cause) => events.onClosed(cause))
    return consumer
  } catch (thrown) {
    await connection.close()
    throw thrown
  }
}

/** Tokens are delivery tags. Acknowledges each, or the last of every N with `multiple`, or (auto) consumes with no-ack. */
class AmqplibConsumer implements Consumer {
  readonly #connection: AmqplibConnection
  readonly #channel: Channel
  readonly #events: ConsumerEvents
  readonly #policy: AcknowledgePolicy
  readonly #destination: string
  /** amqplib acknowledges by message and reads no more of it than the tag: one for all, filled in each time. */
  readonly #acknowledged: Message = {
    content: Buffer.alloc(0),
    fields: { deliveryTag: 0, redelivered: false, exchange: '', routingKey: '' },
    properties: {} as MessageProperties,
  }
  /** Acknowledged by the harness, and not yet towards the broker. */
  #pending = 0
  #isClosing = false

  constructor(connection: AmqplibConnection, channel: Channel, spec: ConsumerSpec, events: ConsumerEvents) {
    this.#connection = connection
    this.#channel = channel
    this.#events = events
    this.#policy = spec.acknowledge
    this.#destination = describeDestination(spec.destination)
  }

  /** With no-ack RabbitMQ does not honour the prefetch: nothing is ever unacknowledged. */
  async subscribe(spec: ConsumerSpec): Promise<void> {
    await this.#channel.prefetch(prefetchOf(spec))
    const queue = await this.#consumedQueue(spec)
    const deliver = (message: ConsumeMessage | null): void => this.#deliver(message)
    await this.#channel.consume(queue, deliver, { noAck: spec.acknowledge.kind === 'auto' })
  }

  async #consumedQueue(spec: ConsumerSpec): Promise<string> {
    const { destination } = spec
    if (destination.kind === 'queue') return destination.name
    const asked = subscriptionQueueOf(spec)
    const settings = { ...asked, arguments: Object.fromEntries(asked.arguments) }
    const { queue } = await this.#channel.assertQueue(asked.queue, settings)
    await this.#channel.bindQueue(queue, exchangeOf(destination), destination.name)
    return queue
  }

  acknowledge(token: number): void {
    if (this.#policy.kind === 'auto' || !this.#connection.isOpen) return
    this.#acknowledged.fields.deliveryTag = token
    if (this.#policy.kind === 'each') {
      this.#channel.ack(this.#acknowledged, false)
    } else if (++this.#pending >= this.#policy.messages) {
      this.#acknowledgePending()
    }
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  close(): Promise<void> {
    this.#isClosing = true
    if (this.#pending > 0 && this.#connection.isOpen) this.#acknowledgePending()
    return this.#connection.close()
  }

  #acknowledgePending(): void {
    this.#pending = 0
    this.#channel.ack(this.#acknowledged, true)
  }

  #deliver(message: ConsumeMessage | null): void {
    if (message === null) {
      const reason = `consuming from ${this.#destination}: the broker cancelled the subscription (queue deleted?)`
      this.#connection.fail(new DriverError('closed', reason))
    } else if (!this.#isClosing) {
      this.#events.onProperties?.(libraryProperties(message.properties))
      this.#events.onDelivery(message.content, message.fields.redelivered, message.fields.deliveryTag)
    }
  }
}
