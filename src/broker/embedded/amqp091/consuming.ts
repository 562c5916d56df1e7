import { basicCancel, consumerOk } from '../../../protocol/amqp091/broker-frames.ts'
import type { ConsumeAsk } from '../../../protocol/amqp091/client-arguments.ts'
import { METHOD } from '../../../protocol/amqp091/method.ts'
import { Unacknowledged } from '../unacknowledged.ts'
import type { ChannelHost } from './channel-host.ts'
import { Amqp091Consumer } from './consumer.ts'

/** What one channel consumes: its consumers, and what they have been given and not acknowledged. */
export class Consuming {
  readonly #host: ChannelHost
  readonly #channel: number
  readonly #consumers = new Map<string, Amqp091Consumer>()
  readonly #unacknowledged = new Unacknowledged<Amqp091Consumer>()
  /** Everything below is acknowledged. */
  #lowest = 1
  /** Of consumers to come; 0: no limit. */
  #prefetch = 0
  #made = 0

  constructor(host: ChannelHost, channel: number) {
    this.#host = host
    this.#channel = channel
  }

  get isConsuming(): boolean {
    return this.#consumers.size > 0
  }

  has(consumerTag: string): boolean {
    return this.#consumers.has(consumerTag)
  }

  /** basic.qos: for each consumer that comes after it. */
  limit(prefetch: number): void {
    this.#prefetch = prefetch
  }

  /** Answers basic.consume and begins to deliver. @throws RangeError for a tag that is too long. */
  consume(ask: ConsumeAsk): void {
    const consumerTag = ask.consumerTag === '' ? `amq.ctag-${this.#channel}-${++this.#made}` : ask.consumerTag
    const { connection, frameBytesMax } = this.#host
    const prefetch = ask.noAck || this.#prefetch === 0 ? Infinity : this.#prefetch
    const settings = {
      channel: this.#channel,
      queue: ask.queue,
      consumerTag,
      noAck: ask.noAck,
      prefetch,
      frameBytesMax,
    }
    const consumer = new Amqp091Consumer(settings, {
      broker: this.#host.broker,
      topology: this.#host.topology,
      connection,
      unacknowledged: this.#unacknowledged,
      onCancelled: (tag) => this.#onCancelled(tag),
    })
    this.#consumers.set(consumerTag, consumer)
    this.#host.reconsider()
    if (!ask.noWait) connection.write(consumerOk(this.#channel, METHOD.basicConsumeOk, consumerTag))
    consumer.begin()
  }

  cancel(consumerTag: string): void {
    const consumer = this.#consumers.get(consumerTag)
    this.#consumers.delete(consumerTag)
    consumer?.end()
    this.#host.reconsider()
  }

  /** basic.ack. @param tag 0 with `isMultiple`: all so far. @returns false: no such delivery waits for it. */
  acknowledge(tag: number, isMultiple: boolean): boolean {
    if (isMultiple) return this.#acknowledgeUpTo(tag)
    const owner = this.#unacknowledged.ownerOf(tag)
    const message = owner === null ? null : this.#unacknowledged.remove(tag)
    if (owner === null || message === null) return false
    if (tag === this.#lowest) this.#lowest++
    owner.forget(message)
    owner.dispatch()
    return true
  }

  /** basic.nack and basic.reject. @param requeue false: the messages are thrown away. */
  reject(tag: number, isMultiple: boolean, requeue: boolean): boolean {
    if (!requeue) return this.acknowledge(tag, isMultiple)
    const last = isMultiple && tag === 0 ? this.#unacknowledged.next - 1 : tag
    if (isMultiple ? last >= this.#unacknowledged.next : this.#unacknowledged.ownerOf(tag) === null) return false
    for (const owner of this.#owners(isMultiple ? this.#lowest : tag, last)) {
      const alone = isMultiple ? null : this.#unacknowledged.remove(tag)
      owner.giveBack(alone === null ? this.#unacknowledged.removeUpTo(last, owner) : [alone])
    }
    return true
  }

  /** The connection takes bytes again. */
  resume(): void {
    for (const consumer of this.#consumers.values()) consumer.dispatch()
  }

  /** Everything unacknowledged goes back to its queue. */
  end(): void {
    const consumers = new Set([...this.#consumers.values(), ...this.#owners(this.#lowest, this.#unacknowledged.next)])
    this.#consumers.clear()
    for (const consumer of consumers) {
      const given = this.#unacknowledged.removeUpTo(Infinity, consumer)
      // Before its end: a queue that ends with its last consumer takes the messages along.
      consumer.stop()
      consumer.giveBack(given)
      consumer.end()
    }
  }

  #acknowledgeUpTo(tag: number): boolean {
    const end = tag === 0 ? this.#unacknowledged.next : tag + 1
    if (end > this.#unacknowledged.next) return false
    const from = this.#lowest
    this.#lowest = Math.max(from, end)
    let last: Amqp091Consumer | null = null
    for (let candidate = from; candidate < end; candidate++) {
      const owner = this.#unacknowledged.ownerOf(candidate)
      const message = owner === null ? null : this.#unacknowledged.remove(candidate)
      if (owner === null || message === null) continue
      if (last !== null && last !== owner) last.dispatch()
      last = owner
      owner.forget(message)
    }
    last?.dispatch()
    return true
  }

  /** Whom the deliveries from `first` to `last` belong to. */
  #owners(first: number, last: number): Set<Amqp091Consumer> {
    const owners = new Set<Amqp091Consumer>()
    for (let tag = first; tag <= last; tag++) {
      const owner = this.#unacknowledged.ownerOf(tag)
      if (owner !== null) owners.add(owner)
    }
    return owners
  }

  #onCancelled(consumerTag: string): void {
    this.cancel(consumerTag)
    this.#host.connection.write(basicCancel(this.#channel, consumerTag))
  }
}
