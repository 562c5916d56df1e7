import type { Destination } from '../destination.ts'
import type { EmbeddedBroker } from '../embedded-broker.ts'
import type { Subscriber } from '../message-queue.ts'
import { storedBytes } from '../stored-message.ts'
import type { StoredMessage } from '../stored-message.ts'
import { Binding } from './binding.ts'

type ExchangeKind = 'direct' | 'fanout' | 'topic'

/** A consumer, as the queue that it consumes from sees it. */
export interface QueueConsumer {
  /** The queue is being deleted. */
  cancel(): void
}

/** What AMQP 0-9-1 knows of a queue beside its messages. Kept while it differs from a queue that anybody may use. */
interface QueueRecord {
  readonly name: string
  /** The session whose end is the queue's; null: it stays. */
  readonly owner: object | null
  readonly autoDelete: boolean
  readonly bindings: Map<string, Binding>
  readonly consumers: Set<QueueConsumer>
}

const TOPOLOGIES = new WeakMap<EmbeddedBroker, Topology>()

/**
 * Exchanges, bindings and the ends of queues, one for all AMQP 0-9-1 sessions of a broker. A queue is the destination of
 * its name, and made by its first use, declared or not; `amq.topic` with a routing key is the topic of that name. Keys
 * are compared whole: there are no patterns.
 */
export class Topology {
  readonly #broker: EmbeddedBroker
  readonly #exchanges = new Map<string, ExchangeKind>([
    ['amq.topic', 'topic'],
    ['amq.direct', 'direct'],
    ['amq.fanout', 'fanout'],
  ])
  readonly #queues = new Map<string, QueueRecord>()
  #made = 0

  private constructor(broker: EmbeddedBroker) {
    this.#broker = broker
  }

  static of(broker: EmbeddedBroker): Topology {
    const known = TOPOLOGIES.get(broker)
    if (known !== undefined) return known
    const made = new Topology(broker)
    TOPOLOGIES.set(broker, made)
    return made
  }

  /** Where messages to the exchange with this key go; null: no such exchange. The default exchange is ''. */
  route(exchange: string, routingKey: string): Destination | null {
    if (exchange === '') return this.#broker.destination('queue', routingKey)
    const kind = this.#exchanges.get(exchange)
    if (kind === undefined) return null
    return this.#broker.destination('topic', topicName(exchange, kind, routingKey))
  }

  hasExchange(exchange: string): boolean {
    return exchange === '' || this.#exchanges.has(exchange)
  }

  /** False: the kind is none that is known here. */
  declareExchange(exchange: string, kind: string): boolean {
    if (kind !== 'direct' && kind !== 'fanout' && kind !== 'topic') return false
    if (!this.#exchanges.has(exchange)) this.#exchanges.set(exchange, kind)
    return true
  }

  /** @param queue empty: a name is made. @param owner of an exclusive queue. @returns the name. */
  declareQueue(queue: string, owner: object | null, autoDelete: boolean): string {
    const name = queue === '' ? `amq.gen-${++this.#made}` : queue
    if ((owner !== null || autoDelete) && !this.#queues.has(name)) {
      this.#queues.set(name, { name, owner, autoDelete, bindings: new Map(), consumers: new Set() })
    }
    return name
  }

  /** False: no such exchange. */
  bind(queue: string, exchange: string, routingKey: string): boolean {
    const kind = this.#exchanges.get(exchange)
    if (kind === undefined) return false
    const { bindings } = this.#recordOf(queue)
    const topic = topicName(exchange, kind, routingKey)
    if (!bindings.has(topic)) {
      bindings.set(topic, new Binding(this.#broker, topic, queue, { exchange, routingKey }))
    }
    return true
  }

  unbind(queue: string, exchange: string, routingKey: string): void {
    const topic = topicName(exchange, this.#exchanges.get(exchange) ?? 'topic', routingKey)
    const record = this.#queues.get(queue)
    record?.bindings.get(topic)?.end()
    record?.bindings.delete(topic)
  }

  /** What deliveries from the queue say of their way: that of its first binding, else the default exchange. */
  addressOf(queue: string): { readonly exchange: string; readonly routingKey: string } {
    const [first] = this.#queues.get(queue)?.bindings.values() ?? []
    return first?.address ?? { exchange: '', routingKey: queue }
  }

  depthOf(queue: string): { readonly messages: number; readonly consumers: number } {
    const destination = this.#broker.destination('queue', queue)
    const messages = destination.depth
    this.#broker.deleteIfUnused(destination)
    return { messages, consumers: this.#queues.get(queue)?.consumers.size ?? 0 }
  }

  /** Throws away what waits in the queue. @returns number of messages. */
  purge(queue: string): number {
    const destination = this.#broker.destination('queue', queue)
    const bin = new Bin(this.#broker)
    destination.unsubscribe(bin, destination.subscribe(bin), [])
    this.#broker.deleteIfUnused(destination)
    return bin.messages
  }

  /** @returns number of messages that went with it. */
  deleteQueue(queue: string): number {
    const record = this.#queues.get(queue)
    this.#queues.delete(queue)
    for (const binding of record?.bindings.values() ?? []) binding.end()
    for (const consumer of record?.consumers ?? []) consumer.cancel()
    return this.purge(queue)
  }

  addConsumer(queue: string, consumer: QueueConsumer): void {
    this.#recordOf(queue).consumers.add(consumer)
  }

  /** The last consumer of an auto-delete queue takes it away. @returns whether it did. */
  removeConsumer(queue: string, consumer: QueueConsumer): boolean {
    const record = this.#queues.get(queue)
    if (record?.consumers.delete(consumer) !== true || record.consumers.size > 0) return false
    if (record.autoDelete) this.deleteQueue(queue)
    else if (record.owner === null && record.bindings.size === 0) this.#queues.delete(queue)
    return record.autoDelete
  }

  /** Deletes the exclusive queues of a session that has ended. */
  leave(owner: object): void {
    for (const record of [...this.#queues.values()]) if (record.owner === owner) this.deleteQueue(record.name)
  }

  #recordOf(queue: string): QueueRecord {
    const known = this.#queues.get(queue)
    if (known !== undefined) return known
    const made = {
      name: queue,
      owner: null,
      autoDelete: false,
      bindings: new Map(),
      consumers: new Set<QueueConsumer>(),
    }
    this.#queues.set(queue, made)
    return made
  }
}

function topicName(exchange: string, kind: ExchangeKind, routingKey: string): string {
  if (exchange === 'amq.topic') return routingKey
  return kind === 'fanout' ? exchange : `${exchange}/${routingKey}`
}

/** Takes messages and forgets them. */
class Bin implements Subscriber {
  readonly #broker: EmbeddedBroker
  messages = 0

  constructor(broker: EmbeddedBroker) {
    this.#broker = broker
  }

  canTake(): boolean {
    return true
  }

  take(message: StoredMessage): void {
    this.messages++
    this.#broker.add(-storedBytes(message))
  }
}
