import type { ClockProof } from '../../measure/clock-offset.ts'
import type { Profile } from '../../workload/profile.ts'
import type { DeliveryPromise } from '../guarantee.ts'
import type { Floor, Integrity, Interval, LatencyGroup, LittlesLaw } from '../../result/result.ts'

/** What a verdict is made from. */
export interface CellEvidence {
  /** Why the cell came to an early end, or null: `broker-closed`, `connect-failed`, `worker-died` ... */
  readonly failure: { readonly code: string; readonly text: string } | null
  readonly interrupted: boolean
  readonly isOpen: boolean
  readonly hasConsumers: boolean
  readonly hasProducers: boolean
  readonly confirm: boolean
  /** What the delivery has to keep. */
  readonly promise: DeliveryPromise
  readonly integrity: Integrity
  readonly latencyUs: LatencyGroup
  /** Messages that count as TPS inside `measure`. */
  readonly measuredMessages: number
  readonly offeredMeasured: number
  /** In the whole cell, those left out by the catch-up policy not counted. */
  readonly offered: number
  /** Of `offered`, how many never left, the drain included. */
  readonly missedSlots: number
  /** Messages that come due in each second; null where that changes, or a number of messages ends it. */
  readonly constantRatePerSecond: number | null
  /** Slots left out by the catch-up policy `skip`. */
  readonly skippedSlots: number
  /** One second each, warm-up included. */
  readonly intervals: readonly Interval[]
  readonly measureSeconds: number
  /** What the run is for; null where that was not said. */
  readonly profile: Profile | null
  /** The broker inside: its figures are the harness's own. */
  readonly isEmbedded: boolean
  /** Closed models with confirms: messages in flight over all producers, confirms per second, mean time to a confirm. */
  readonly closedLoop: {
    readonly inFlight: number
    readonly ratePerSecond: number
    readonly meanLatencyUs: number
  } | null
  /** Open models; null where the law says nothing. */
  readonly littlesLaw: LittlesLaw | null
  /** The busiest generator thread, percent of a core; null where unknown, or where it spins to keep time. */
  readonly threadBusyPercentMax: number | null
  /** Whether most of the missed ones waited because the broker held their producers back: then it is the broker that cannot. */
  readonly missedWhileBlocked: boolean
  /** What the harness costs by itself; null where that was not measured. */
  readonly floor: Floor | null
  /** Messages per second through the generator, sending and receiving each one half; null where nothing was measured. */
  readonly handledPerSecond: number | null
  /** Of the worker thread whose clock fares worst against the main thread's; null where that was not looked into. */
  readonly clockProof: ClockProof | null
  /** Of the worst worker, the sampling period taken off, milliseconds; null where unknown. */
  readonly eventLoopDelayP99Ms: number | null
  /** Of the worst worker, milliseconds; null where unknown. */
  readonly gcPauseMaxMs: number | null
  /** Of all cores of this host; null where unknown. */
  readonly stealPercent: number | null
  /** Of the cores on which no pacer spins; null where unknown. */
  readonly hostIdlePercent: number | null
  /** Of this host. */
  readonly hostCores: number
  /** Threads that turn without rest to keep time, each on a core. */
  readonly spinningThreads: number
  /** Broker and generator share a host. */
  readonly coLocated: boolean
}
