/** One producer and one consumer on one queue, driven at the seam: no payload header, no clock, no histogram. */
import type { Consumer, ConsumerEvents, Driver, Publisher, PublisherEvents } from '../../../src/driver/driver.ts'
import type { Endpoint } from '../../../src/driver/endpoint.ts'
import { Completion } from './completion.ts'
import type { Exchange, Traffic } from './exchange.ts'

export interface PairSettings {
  /** Plain name, unique on the broker. */
  readonly queue: string
  /** Unconfirmed messages that the producer keeps under way. */
  readonly window: number
  readonly bodyBytes: number
  readonly connectTimeoutMs: number
  /** For one run of the exchange. */
  readonly runTimeoutMs: number
}

/** Persistent, confirmed, acknowledged each. The queue is declared before. @throws DriverError */
export async function openPair(
  driver: Driver,
  endpoint: Endpoint,
  settings: PairSettings,
): Promise<Exchange & { close(): Promise<void> }> {
  const { queue, window, bodyBytes } = settings
  const options = { timeoutMs: settings.connectTimeoutMs }
  const destination = { kind: 'queue', name: queue } as const
  const admin = await driver.openAdmin(endpoint, options)
  await admin.declare(destination, { arguments: {}, durable: true })
  await admin.close()
  const load = new PairLoad(window, new Uint8Array(bodyBytes).fill(120), settings.runTimeoutMs)
  const shared = { destination, persistent: true, bodyBytesMax: bodyBytes }
  const consumer = await driver.openConsumer(
    endpoint,
    options,
    { ...shared, clientId: `${queue}-consumer`, acknowledge: { kind: 'each' }, prefetch: 1000, competing: false },
    load.consumerEvents,
  )
  const publisher = await driver.openPublisher(
    endpoint,
    options,
    { ...shared, clientId: `${queue}-producer`, confirm: true, inFlightMax: window },
    load.publisherEvents,
  )
  load.attach(publisher, consumer)
  return {
    run: (messages) => load.run(messages),
    traffic: () => trafficOf(publisher, consumer),
    close: async () => {
      await publisher.close()
      await consumer.close()
    },
  }
}

class PairLoad {
  readonly consumerEvents: ConsumerEvents
  readonly publisherEvents: PublisherEvents
  readonly #window: number
  readonly #body: Uint8Array
  readonly #completion: Completion
  #publisher: Publisher | null = null
  #consumer: Consumer | null = null
  #target = 0
  #published = 0
  #confirmed = 0
  #delivered = 0
  #isFull = false
  #isFilling = false

  constructor(window: number, body: Uint8Array, runTimeoutMs: number) {
    this.#window = window
    this.#body = body
    this.#completion = new Completion(runTimeoutMs)
    const onClosed = (cause: Error): void => this.#completion.fail(cause)
    this.consumerEvents = {
      onClosed,
      onDelivery: (_body, _redelivered, token) => {
        this.#consumer?.acknowledge(token)
        this.#delivered++
        this.#check()
      },
    }
    this.publisherEvents = {
      onClosed,
      onSettled: (first, last, outcome, code) => {
        if (outcome !== 'confirmed') this.#completion.fail(new Error(`message ${first} is ${outcome}: ${code ?? ''}`))
        this.#confirmed += last - first + 1
        this.#fill()
        this.#check()
      },
      onBlocked: () => undefined,
      onUnblocked: () => {
        this.#isFull = false
        this.#fill()
      },
    }
  }

  attach(publisher: Publisher, consumer: Consumer): void {
    this.#publisher = publisher
    this.#consumer = consumer
  }

  run(messages: number): Promise<void> {
    this.#target += messages
    const ended = this.#completion.begin(
      () => `${this.#published} published, ${this.#confirmed} confirmed, ${this.#delivered} delivered`,
    )
    try {
      this.#fill()
    } catch (thrown) {
      this.#completion.fail(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
    return ended
  }

  #fill(): void {
    if (this.#isFilling || this.#publisher === null) return
    this.#isFilling = true
    while (!this.#isFull && this.#published < this.#target && this.#published - this.#confirmed < this.#window) {
      const result = this.#publisher.publish(this.#body, this.#published)
      if (result !== 'accepted') this.#isFull = true
      if (result !== 'not-taken') this.#published++
    }
    this.#isFilling = false
  }

  #check(): void {
    if (this.#confirmed >= this.#target && this.#delivered >= this.#target) this.#completion.done()
  }
}

function trafficOf(publisher: Publisher, consumer: Consumer): Traffic | null {
  const out = publisher.counters()
  const back = consumer.counters()
  if (out.bytesWritten === null || out.bytesRead === null || out.writes === null) return null
  if (back.bytesWritten === null || back.bytesRead === null || back.writes === null) return null
  return {
    publishedBytes: out.bytesWritten,
    confirmBytes: out.bytesRead,
    deliveryBytes: back.bytesRead,
    acknowledgementBytes: back.bytesWritten,
    writes: out.writes + back.writes,
  }
}
