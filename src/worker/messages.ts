/** The written protocol between the main thread and the workers: both directions, nothing per message of the load. */
import type { ClientKind, Destination } from '../driver/driver.ts'
import type { DriverErrorCode } from '../driver/driver-error.ts'
import type { Endpoint } from '../driver/endpoint.ts'
import type { ReceivedSet } from '../measure/delivery-ledger.ts'
import type { ProducerLedger } from '../measure/reconcile.ts'
import type { PacerMode } from '../pacing/pacer.ts'
import type { WorkerShare } from '../pacing/share.ts'
import type { DeliveryPlan, Load, PayloadContent } from '../workload/workload.ts'
import type { MessagePort } from 'node:worker_threads'
import type { PhaseTimes } from './phase-plan.ts'

/** How a worker reaches the broker at one end. */
export interface TaskEnd {
  readonly client: ClientKind
  /** With the protocol that is spoken there. */
  readonly endpoint: Endpoint
  /** Producer or consumer i uses destination i modulo their number; names as this end's protocol has to be told them. */
  readonly destinations: readonly Destination[]
}

/** All that a worker needs for its share of one cell. Crosses by structured clone, `port` by transfer. */
export interface CellTask {
  readonly producerEnd: TaskEnd
  /** Equal to `producerEnd` unless the target names an end for consumers alone. */
  readonly consumerEnd: TaskEnd
  readonly connectTimeoutMs: number
  /** Connections per second for this worker alone. */
  readonly connectionsPerSecond: number
  readonly share: WorkerShare
  readonly producersTotal: number
  /** Several consumers on one queue. */
  readonly competing: boolean
  /** Every consumer is owed every message of its destination: a topic whose subscriptions are not shared. */
  readonly perSubscription: boolean
  readonly clientIdPrefix: string
  readonly load: Load
  readonly delivery: DeliveryPlan
  readonly messageBytes: number
  readonly payload: PayloadContent
  /** Content of a payload file, read once on the main thread. */
  readonly payloadFile: Uint8Array | null
  /** Times of a trace file in microseconds, read once on the main thread; null where the arrivals are no trace. */
  readonly traceUs: Float64Array | null
  readonly messagesPerProducer: number | null
  /** How this worker waits for its slots; absent: as its rate has it. */
  readonly pacerMode?: PacerMode
  /** 32 random bits that mark this cell's messages. */
  readonly headerRun: number
  readonly epochNs: bigint
  readonly memory: SharedArrayBuffer
  readonly port: MessagePort
}

export type ToWorker =
  | { readonly kind: 'start'; readonly phases: PhaseTimes }
  /** No further messages; deliveries and confirms still count. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'send-ledger' }
  | { readonly kind: 'close' }

/** An error at the seam in a form that crosses threads with its code. */
export interface SeamFailure {
  readonly code: DriverErrorCode
  readonly message: string
}

export type FromWorker =
  | { readonly kind: 'connected' }
  | { readonly kind: 'connect-failed'; readonly failure: SeamFailure }
  /** The first lost connection of this worker; further ones are only counted. */
  | { readonly kind: 'connection-lost'; readonly failure: SeamFailure }
  | { readonly kind: 'ledger'; readonly ledger: WorkerLedger }

export interface WorkerLedger {
  readonly producers: readonly ProducerLedger[]
  readonly received: readonly ReceivedSet[]
  readonly refusals: Readonly<Record<string, number>>
}

/** What a worker says at its end. */
export interface WorkerEnd {
  readonly eventLoopDelayP99Ms: number | null
  readonly gcPauseMaxMs: number
  /** CPU of this thread inside the measured window, percent of a core; null where unknown, or where it spins. */
  readonly busyPercent: number | null
  /** Writes of all publishers to the operating system; null where a library hides them. */
  readonly publisherWrites: number | null
  /** What the thread was like second by second, for `threadSecondsOf` (R8.5). */
  readonly seconds: Float64Array
}
