import { randomBytes } from 'node:crypto'
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type {
  Admin,
  ConnectOptions,
  Consumer,
  ConsumerSpec,
  Destination,
  Driver,
  KeptSubscription,
  PublisherSpec,
} from '../../src/driver/driver.ts'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import type { ContractFacts } from './contract-clause.ts'
import { ConsumerRecorder } from './contract-consumer.ts'
import { PublisherRecorder } from './contract-publisher.ts'
import { startCutProxy, type CutProxy } from './cut-proxy.ts'

export const CONNECT_OPTIONS: ConnectOptions = { timeoutMs: 60_000 }

const AGAIN_MS = 20

/** One test's view of a driver and a broker: opens what it is asked for, and takes it all away again at the end. */
export class ContractSession {
  readonly driver: Driver
  readonly endpoint: Endpoint
  readonly facts: ContractFacts
  readonly #prefix = `contract-${randomBytes(4).toString('hex')}`
  readonly #publishers: PublisherRecorder[] = []
  readonly #consumers: ConsumerRecorder[] = []
  readonly #destinations: { readonly destination: Destination; readonly endpoint: Endpoint }[] = []
  readonly #clientIds = new Set<string>()
  readonly #kept: { readonly topic: string; readonly subscription: KeptSubscription }[] = []
  readonly #ends: (() => Promise<unknown>)[] = []
  #names = 0

  constructor(driver: Driver, endpoint: Endpoint, facts: ContractFacts) {
    this.driver = driver
    this.endpoint = endpoint
    this.facts = facts
  }

  /** A name that no other test and no other run uses; the destination is declared and will be removed. */
  async destination(kind: Destination['kind'] = 'queue', endpoint: Endpoint = this.endpoint): Promise<Destination> {
    const destination = { kind, name: this.clientId(kind) }
    const admin = await this.admin(endpoint)
    await admin.declare(destination, { arguments: {}, durable: true })
    await admin.close()
    this.#destinations.push({ destination, endpoint })
    return destination
  }

  clientId(purpose: string): string {
    return `${this.#prefix}-${purpose}-${this.#names++}`
  }

  async admin(endpoint: Endpoint = this.endpoint): Promise<Admin> {
    const admin = await this.driver.openAdmin(endpoint, CONNECT_OPTIONS)
    this.#ends.push(() => admin.close())
    return admin
  }

  /** Opens a producer: persistent, confirmed, 1 KB (or as the facts say), 100 in flight where `over` does not say otherwise. */
  async publisher(
    destination: Destination,
    over: Partial<PublisherSpec> = {},
    endpoint: Endpoint = this.endpoint,
  ): Promise<PublisherRecorder> {
    const spec: PublisherSpec = {
      destination,
      clientId: this.clientId('producer'),
      persistent: true,
      confirm: this.driver.capabilities.confirms,
      inFlightMax: this.driver.capabilities.pipelining ? 100 : 1,
      bodyBytesMax: this.facts.largestBody?.usualBytes ?? 1024,
      ...over,
    }
    const recorder = new PublisherRecorder(this.#publishers.length, spec.bodyBytesMax, spec.inFlightMax)
    recorder.publisher = await this.driver.openPublisher(endpoint, CONNECT_OPTIONS, spec, recorder)
    this.#publishers.push(recorder)
    this.#clientIds.add(spec.clientId)
    this.#ends.push(() => recorder.publisher.close())
    return recorder
  }

  /** Opens a consumer that acknowledges at once; `hold` leaves acknowledging to the test, `properties` asks for them. */
  async consumer(
    destination: Destination,
    over: Partial<ConsumerSpec> & { readonly hold?: boolean; readonly properties?: boolean } = {},
    endpoint: Endpoint = this.endpoint,
  ): Promise<ConsumerRecorder> {
    const { hold = false, properties = false, ...rest } = over
    const spec: ConsumerSpec = {
      destination,
      clientId: this.clientId('consumer'),
      acknowledge: { kind: 'each' },
      prefetch: 1000,
      persistent: true,
      competing: false,
      bodyBytesMax: 1024,
      ...rest,
    }
    const recorder = new ConsumerRecorder(spec.clientId, !hold)
    if (properties) recorder.recordProperties()
    const open = (): Promise<Consumer> => this.driver.openConsumer(endpoint, CONNECT_OPTIONS, spec, recorder)
    const again = this.#clientIds.has(spec.clientId)
    this.#clientIds.add(spec.clientId)
    this.#consumers.push(recorder)
    this.#keep(spec)
    recorder.consumer = again ? await onceForgotten(open) : await open()
    this.#ends.push(() => recorder.consumer.close())
    return recorder
  }

  /** Subscriptions to this topic that the broker keeps when their consumers have gone. */
  keptOf(topic: Destination): readonly KeptSubscription[] {
    return this.#kept.filter((each) => each.topic === topic.name).map(({ subscription }) => subscription)
  }

  /** A proxy in front of the broker, and the endpoint that goes through it. */
  async proxy(): Promise<{ proxy: CutProxy; endpoint: Endpoint }> {
    const proxy = await startCutProxy(this.endpoint.host, this.endpoint.port)
    this.#ends.unshift(() => proxy.close())
    return { proxy, endpoint: { ...this.endpoint, host: '127.0.0.1', port: proxy.port } }
  }

  /**
   * Gives a message that should not come the chance to come, without a sleep: 50 messages go the whole way over the same
   * broker, one after the other; 10 over one that takes its time for each.
   */
  async roundTrips(): Promise<void> {
    const aside = await this.destination('queue')
    const consumer = await this.consumer(aside)
    const publisher = await this.publisher(aside)
    const trips = this.facts.largestBody?.usualBytes === undefined ? 50 : 10
    for (let count = 1; count <= trips; count++) {
      await publisher.send(count)
      await consumer.received(count)
    }
  }

  /** The first `total` messages of this producer came to this consumer once each, and in order unless the broker reorders. */
  assertEachOnce(consumer: ConsumerRecorder, publisher: PublisherRecorder, total: number): void {
    const sequences = consumer.sequences(publisher.producer)
    if (this.facts.reorders !== undefined) sequences.sort((a, b) => a - b)
    assert.deepEqual(
      sequences,
      Array.from({ length: total }, (_, index) => index),
    )
  }

  assertNoViolations(): void {
    const violations = [...this.#publishers, ...this.#consumers].flatMap((each) => each.violations)
    assert.deepEqual(violations.slice(0, 10), [], `${violations.length} rules of the seam were broken`)
  }

  #keep({ destination, clientId, subscription = { kind: 'plain' } }: ConsumerSpec): void {
    if (subscription.kind !== 'durable' && subscription.kind !== 'shared-durable') return
    this.#kept.push({ topic: destination.name, subscription: { clientId, subscription } })
  }

  /** Closes everything and removes the destinations. */
  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) await end()
    for (const endpoint of new Set(this.#destinations.map((each) => each.endpoint))) {
      const admin = await this.driver.openAdmin(endpoint, CONNECT_OPTIONS)
      const declaredThere = this.#destinations.filter((each) => each.endpoint === endpoint)
      // Sessions belong to no destination, so they are ended with one of them; at a time, as a run does it.
      const removals = declaredThere.map(({ destination }, index) =>
        admin.remove(destination, index === 0 ? [...this.#clientIds] : [], this.keptOf(destination)),
      )
      await Promise.all(removals)
      await admin.close()
    }
  }
}

/**
 * Opens under a client id that was used before. A broker that has not yet noticed the end of the earlier connection says
 * that the name, or its subscription, is taken: ActiveMQ does so for some milliseconds, longer on a busy machine.
 */
async function onceForgotten(open: () => Promise<Consumer>): Promise<Consumer> {
  const attempts = CONNECT_OPTIONS.timeoutMs / AGAIN_MS
  for (let attempt = 1; ; attempt++) {
    try {
      return await open()
    } catch (error) {
      const isTaken = error instanceof DriverError && /already connected|is in use/i.test(error.message)
      if (!isTaken || attempt >= attempts) throw error
      await delay(AGAIN_MS)
    }
  }
}
