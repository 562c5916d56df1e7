import { DriverError, toDriverError } from '../driver/driver-error.ts'
import type { Destination, Driver, MessageProperties, Subscription } from '../driver/driver.ts'
import { DeliveryLedger } from '../measure/delivery-ledger.ts'
import { payloadBody } from '../measure/payload-body.ts'
import { PayloadHeader } from '../measure/payload-header.ts'
import { SequenceSet } from '../measure/sequence-set.ts'
import { measurementWriter } from '../measure/shared-measurements.ts'
import { peakRateOf, scheduleOf } from '../pacing/schedule-of.ts'
import type { Timing } from '../pacing/timing.ts'
import { messageTimes } from '../workload/message-times.ts'
import { subscriptionName } from '../workload/subscription.ts'
import type { DeliveryPlan, OpenLoad } from '../workload/workload.ts'
import { rampUp } from './connect-ramp.ts'
import { ConsumeLoop } from './consume-loop.ts'
import type { CellTask, TaskEnd, WorkerLedger } from './messages.ts'
import type { PhaseTimes } from './phase-plan.ts'
import type { Producer } from './producer.ts'
import { PublishLoop, type ArrivalSettings } from './publish-loop.ts'

/** What `CellLoad` needs of a task: everything but the thread's own affairs, so that tests can run it in one thread. */
export type CellLoadTask = Omit<CellTask, 'port' | 'epochNs' | 'memory'> & {
  readonly memory: SharedArrayBuffer | ArrayBuffer
}

/** The drivers of both ends, which are one and the same unless the target names an end for consumers alone. */
export interface EndDrivers {
  readonly producer: Driver
  readonly consumer: Driver
}

/** One worker's share of one cell, from connecting to closing: producers, consumers, their loops and their ledgers. */
export class CellLoad {
  readonly #task: CellLoadTask
  readonly #drivers: EndDrivers
  readonly #publishLoop: PublishLoop
  readonly #consumeLoop: ConsumeLoop
  readonly #ledger: DeliveryLedger

  /** @param onConnectionLost called for every connection that ends and was not closed by us. */
  constructor(task: CellLoadTask, drivers: EndDrivers, timing: Timing, onConnectionLost: (cause: DriverError) => void) {
    this.#task = task
    this.#drivers = drivers
    const { load, delivery } = task
    const writer = measurementWriter(task.memory)
    const bytes = payloadBody(task.payload, task.messageBytes, task.payloadFile)
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#ledger = new DeliveryLedger(task.perSubscription)
    this.#publishLoop = new PublishLoop(
      {
        inFlight: load.inFlight,
        arrivals: load.model === 'open' ? arrivalsOf(task, load) : null,
        confirm: delivery.confirm,
        transactionMessages: delivery.transactionMessages,
        messagesPerProducer: task.messagesPerProducer,
        onConnectionLost,
      },
      timing,
      new PayloadHeader(task.headerRun, task.messageBytes),
      body,
      writer,
    )
    this.#consumeLoop = new ConsumeLoop(
      {
        producersTotal: task.producersTotal,
        isOpen: load.model === 'open',
        recomputed:
          load.model === 'open' && messageTimes(load, task.messageBytes) === 'recomputed'
            ? { schedule: arrivalsOf(task, load).schedule, heard: heardProducers(task) }
            : null,
        acknowledges: delivery.acknowledge.kind !== 'auto',
        onConnectionLost,
      },
      timing,
      new PayloadHeader(task.headerRun, task.messageBytes),
      body,
      this.#ledger,
      writer,
    )
  }

  /**
   * Consumers first, so that nothing is published into the void of a topic.
   * @param signal aborted: what is not begun yet stays unopened. @throws DriverError
   */
  async connect(signal?: AbortSignal): Promise<void> {
    const { share, connectionsPerSecond, consumerEnd, producerEnd } = this.#task
    await rampUp(
      share.consumers.map((index) => () => naming(consumerEnd, this.#openConsumer(index))),
      connectionsPerSecond,
      signal,
    )
    await rampUp(
      share.producers.map((index) => () => naming(producerEnd, this.#openPublisher(index))),
      connectionsPerSecond,
      signal,
    )
  }

  start(phases: PhaseTimes): void {
    this.#consumeLoop.start(phases)
    this.#publishLoop.start(phases)
  }

  stop(): void {
    this.#publishLoop.stop()
  }

  ledger(): WorkerLedger {
    return {
      producers: this.#publishLoop.producers.map((producer) => ({
        producer: producer.index,
        attempted: producer.next,
        due: (this.#task.delivery.confirm ? producer.confirmed : everythingSent(producer)).toChunks(),
        refused: producer.refused.toChunks(),
      })),
      received: this.#ledger.toReceivedSets(),
      refusals: Object.fromEntries(this.#publishLoop.refusals),
    }
  }

  /** Writes of all publishers; null where a library hides them. */
  publisherWrites(): number | null {
    let total = 0
    for (const { publisher } of this.#publishLoop.producers) {
      const writes = publisher?.counters().writes ?? null
      if (writes === null) return null
      total += writes
    }
    return total
  }

  /** Publishers before consumers; never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#publishLoop.producers.map(async ({ publisher }) => publisher?.close()))
    await Promise.all(this.#consumeLoop.slots.map(async ({ consumer }) => consumer?.close()))
  }

  async #openConsumer(index: number): Promise<void> {
    const { consumerEnd, connectTimeoutMs, delivery, competing, clientIdPrefix, messageBytes } = this.#task
    const { slot, events } = this.#consumeLoop.addConsumer(index)
    const consumer = await this.#drivers.consumer.openConsumer(
      consumerEnd.endpoint,
      { timeoutMs: connectTimeoutMs },
      {
        destination: destinationOf(consumerEnd, index),
        clientId: `${clientIdPrefix}-c${index}`,
        acknowledge: delivery.acknowledge,
        prefetch: delivery.prefetch,
        persistent: delivery.persistent,
        competing,
        bodyBytesMax: messageBytes,
        ...subscriptionOf(this.#task, index),
        ...(delivery.transactionMessages === null ? {} : { transactionMessages: delivery.transactionMessages }),
      },
      events,
    )
    this.#consumeLoop.opened(slot, consumer)
  }

  async #openPublisher(index: number): Promise<void> {
    const { producerEnd, connectTimeoutMs, delivery, load, clientIdPrefix, messageBytes } = this.#task
    const { producer, events } = this.#publishLoop.addProducer(index)
    producer.publisher = await this.#drivers.producer.openPublisher(
      producerEnd.endpoint,
      { timeoutMs: connectTimeoutMs },
      {
        destination: destinationOf(producerEnd, index),
        clientId: `${clientIdPrefix}-p${index}`,
        persistent: delivery.persistent,
        confirm: delivery.confirm,
        inFlightMax: load.inFlight,
        bodyBytesMax: messageBytes,
        transacted: delivery.transactionMessages !== null,
        messagePerWrite: delivery.messagePerWrite,
        ...propertiesOf(delivery),
      },
      events,
    )
  }
}

function arrivalsOf(task: CellLoadTask, load: OpenLoad): ArrivalSettings {
  const { catchUp } = load
  const factor = catchUp.kind === 'limited' ? catchUp.factor : 1
  return {
    schedule: ({ startUs, measureFromUs, measureToUs }) =>
      scheduleOf(load, {
        producers: task.producersTotal,
        warmupSeconds: (measureFromUs - startUs) / 1e6,
        measureSeconds: (measureToUs - measureFromUs) / 1e6,
        traceUs: task.traceUs,
      }),
    catchUp,
    limitedGapUs: (1e6 * task.producersTotal) / (peakRateOf(load) * factor),
  }
}

/** The producers whose messages this worker's consumers can be sent. */
function heardProducers({ share, producersTotal, consumerEnd }: CellLoadTask): number[] {
  const destinations = consumerEnd.destinations.length
  const consumed = new Set(share.consumers.map((consumer) => consumer % destinations))
  const producers = Array.from({ length: producersTotal }, (_, index) => index)
  return producers.filter((producer) => consumed.has(producer % destinations))
}

/** Nothing where messages carry nothing, so that drivers keep their shortest path. */
function propertiesOf({ ttlMs, priority, headers }: DeliveryPlan): { properties?: MessageProperties } {
  if (ttlMs === null && priority === null && Object.keys(headers).length === 0) return {}
  return { properties: { ttlMs, priority, headers } }
}

function subscriptionOf(task: CellLoadTask, index: number): { subscription?: Subscription } {
  const { clientIdPrefix, consumerEnd, delivery } = task
  const kind = delivery.subscription
  if (kind === 'plain') return {}
  const name = subscriptionName(kind, clientIdPrefix, index, consumerEnd.destinations.length)
  return { subscription: { kind, name } }
}

/** What failed on its way to an end says where that is. */
function naming({ endpoint }: TaskEnd, opening: Promise<void>): Promise<void> {
  return opening.catch((error: unknown) => {
    throw toDriverError(error, `connecting to ${endpoint.host}:${endpoint.port}`)
  })
}

function destinationOf({ destinations }: TaskEnd, index: number): Destination {
  const destination = destinations[index % destinations.length]
  if (destination === undefined) throw new DriverError('unsupported', 'a cell needs at least one destination')
  return destination
}

/** Where nothing is confirmed, all that was sent is due. */
function everythingSent(producer: Producer): SequenceSet {
  const sent = new SequenceSet()
  if (producer.next > 0) sent.addRange(0, producer.next - 1)
  return sent
}
