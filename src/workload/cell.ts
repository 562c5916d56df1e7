import type { ClientKind, Protocol } from '../driver/driver.ts'
import type {
  ConnectPlan,
  CrewSize,
  DeliveryPlan,
  DestinationPlan,
  Layout,
  Load,
  PayloadContent,
  PhasePlan,
} from './workload.ts'
import type { Profile } from './profile.ts'

/** One end of a cell: where and how producers or consumers reach the broker. */
export interface CellEnd {
  readonly target: string
  readonly protocol: Protocol
  readonly client: ClientKind
}

/**
 * One point of the matrix on one target in one repetition: all that is needed to run it, and nothing that varies.
 * `id` is stable over runs of the same workload (`t1-1024B-25x25`), so that `--resume` knows what is done.
 */
export interface Cell {
  readonly id: string
  /** Index into the campaign's targets. */
  readonly targetIndex: number
  /** As the user knows it, credentials removed: `stomp://127.0.0.1:61613`. Column head in reports. */
  readonly target: string
  /** Of the producers, and of the consumers where `consumer` is null. */
  readonly protocol: Protocol
  readonly client: ClientKind
  /** The consumers' end where the target names one of its own. */
  readonly consumer: CellEnd | null
  readonly messageBytes: number
  readonly crew: CrewSize
  /** messageBytes, producers, consumers and the variant's own axes, for tables. */
  readonly axes: Readonly<Record<string, string | number | boolean>>
  readonly load: Load
  readonly destination: DestinationPlan
  readonly layout: Layout
  readonly delivery: DeliveryPlan
  readonly payload: { readonly content: PayloadContent }
  readonly connect: ConnectPlan
  readonly phases: PhasePlan
  readonly profile: Profile | null
  /** From 1. */
  readonly repetition: number
  /** Where in its block a sentinel is measured; null for a cell of the matrix. */
  readonly sentinel: 'start' | 'middle' | 'end' | null
}
