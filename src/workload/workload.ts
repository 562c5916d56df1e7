/**
 * What a benchmark asks for, fully resolved: every default applied, every list still a list. The parser makes it from a
 * file and overrides; `expand` makes cells of it. Plain data throughout: it is stored in the result as it was run.
 */
import type { AcknowledgePolicy, ClientKind, Subscription } from '../driver/driver.ts'
import type { Profile } from './profile.ts'

/** Closed: each producer keeps `inFlight` messages unconfirmed and sends the next when one is settled. */
export interface ClosedLoad {
  readonly model: 'closed'
  /** Unsettled messages per producer, 1 or more. */
  readonly inFlight: number
}

/**
 * When messages come due. `poisson`: exponential gaps from a seed, independent for every producer. `ramp`: evenly from
 * `ratePerSecond` to another rate over the measured time. `steps`: rates one after another, the last one stays. `trace`:
 * times read from a file. The last three begin with the measurement; the warm-up runs at `ratePerSecond` before.
 */
export type Arrivals =
  | { readonly kind: 'constant' }
  | { readonly kind: 'poisson'; readonly seed: number }
  | { readonly kind: 'ramp'; readonly toPerSecond: number }
  | { readonly kind: 'steps'; readonly steps: readonly { readonly ratePerSecond: number; readonly seconds: number }[] }
  | { readonly kind: 'trace'; readonly path: string }

/**
 * What becomes of messages that came due while the broker held their producer back (R1.4). `burst`: they leave at once,
 * as real users' would. `limited`: at `factor` times the producer's rate. `skip`: while one waits, further ones are left
 * out and counted, which no latency survives as valid.
 */
export type CatchUp =
  { readonly kind: 'burst' } | { readonly kind: 'limited'; readonly factor: number } | { readonly kind: 'skip' }

/** Open: messages leave by a schedule whatever the broker does; `inFlight` is only a cap per producer. */
export interface OpenLoad {
  readonly model: 'open'
  readonly arrivals: Arrivals
  /** Total over all producers; may be below the number of producers, and need not be whole. */
  readonly ratePerSecond: number
  /** Where the rate was given per producer; `ratePerSecond` of a cell is then this times its producers. */
  readonly ratePerProducer: number | null
  readonly inFlight: number
  readonly catchUp: CatchUp
}

export type Load = ClosedLoad | OpenLoad

/** How producers and consumers share destinations. `per-pair`: producer i and consumer i on destination i. */
export type Layout =
  { readonly kind: 'per-pair' } | { readonly kind: 'shared' } | { readonly kind: 'count'; readonly count: number }

export interface DestinationPlan {
  readonly kind: 'queue' | 'topic'
  /** null: per-pair where producers = consumers, else shared. */
  readonly layout: Layout | null
  /**
   * null: names of this run's own. With a name, the destinations are NAME (shared) or NAME-0, NAME-1 ...; they are
   * never removed when `declare` is false.
   */
  readonly name: string | null
  /** False: the destination exists already and is neither declared nor removed. */
  readonly declare: boolean
  /** The broker's own declaration arguments: `x-queue-type: quorum`. */
  readonly arguments: Readonly<Record<string, string | number | boolean>>
}

export interface DeliveryPlan {
  readonly persistent: boolean
  readonly confirm: boolean
  readonly acknowledge: AcknowledgePolicy
  /** Messages delivered and not acknowledged per consumer, 1 or more. */
  readonly prefetch: number
  /** Milliseconds after which the broker may throw a message away; null: never. */
  readonly ttlMs: number | null
  /** 0 to 9, as in JMS; null: the protocol's default. */
  readonly priority: number | null
  /** Application headers of every message, name to text. */
  readonly headers: Readonly<Record<string, string>>
  /** Producers commit, and consumers acknowledge, in transactions of so many messages; null: no transactions. */
  readonly transactionMessages: number | null
  /** How consumers subscribe to a topic; without meaning for a queue. */
  readonly subscription: Subscription['kind']
  /** Each message leaves as a write of its own (R8.6) instead of with the others of its turn. */
  readonly messagePerWrite: boolean
  /**
   * What the path from producer to consumer has to keep (method.md R6.4): the run is judged by it. `none`: loss and
   * duplicates are counted and condemn nothing.
   */
  readonly guarantee: Guarantee
  /** Messages of one producer also have to arrive in their order, at each consumer. */
  readonly ordered: boolean
}

export const GUARANTEES = ['none', 'at-most-once', 'at-least-once', 'exactly-once'] as const

/** What is promised of every message: no duplicate, no loss, or neither and nothing refused that arrives all the same. */
export type Guarantee = (typeof GUARANTEES)[number]

export type PayloadContent =
  | { readonly kind: 'random' }
  | { readonly kind: 'zeros' }
  | { readonly kind: 'text' }
  | { readonly kind: 'file'; readonly path: string }

export interface ConnectPlan {
  readonly timeoutSeconds: number
  /** Connections opened per second over all workers, so that a broker is not flooded at the start. */
  readonly perSecond: number
}

export interface PhasePlan {
  /**
   * Unmeasured load on the broker inside before a client first touches another one, so that its own code is compiled by
   * then (R8.8); 0: none. Always 0 for the targets without an address.
   */
  readonly clientWarmupSeconds: number
  /** Unmeasured load before the first cell of each target (a fresh JVM is up to 5 times slower for 20 to 30 s). */
  readonly brokerWarmupSeconds: number
  readonly warmupSeconds: number
  /** Measured time; with `messagesPerProducer` it is only the limit. */
  readonly measureSeconds: number
  /** An open model is measured until its schedule holds so many messages, and `measureSeconds` at least; null: by that alone. */
  readonly measureMessagesMin: number | null
  readonly drainSeconds: number
  /** `-C`: measured messages per producer, warm-up excluded; null = by time. */
  readonly messagesPerProducer: number | null
  /**
   * How often the whole matrix is measured, each time from the start: a new client process, new connections and new
   * destinations, targets in turns.
   */
  readonly repeats: number
  /** `shuffled`: cells of a target in an order drawn from `orderSeed`, another one in each repetition (R3.7). */
  readonly order: 'shuffled' | 'listed'
  readonly orderSeed: number
  /**
   * One cell of each target is measured again at the start, in the middle and at the end of its block, which shows whether
   * the machine stayed the same (R3.7). `auto`: in blocks of 6 cells or more that measure for 10 s or more.
   */
  readonly sentinel: 'auto' | 'on' | 'off'
}

/** The axes of a matrix. Producers and consumers are kept as pairs of counts: `pairs: [25]` is {25, 25}. */
export interface CrewSize {
  readonly producers: number
  readonly consumers: number
}

/**
 * One value for every axis. `variants` are the remaining matrix keys (any leaf of the file may be a list), already
 * applied: each variant is a full setting of load, destination, delivery and payload with the labels of what varies.
 */
export interface Variant {
  /** `{ 'load.inFlight': 100 }`: the leaves that differ between variants; empty where there is only one. */
  readonly axes: Readonly<Record<string, string | number | boolean>>
  readonly load: Load
  readonly destination: DestinationPlan
  readonly delivery: DeliveryPlan
  readonly payload: { readonly content: PayloadContent }
  readonly client: ClientKind | null
}

export interface Workload {
  readonly name: string
  readonly question: string | null
  /** What the run is for: its usual lengths, and what may be claimed of it (R3.2); null: nothing is said. */
  readonly profile: Profile | null
  readonly messageBytes: readonly number[]
  readonly crews: readonly CrewSize[]
  readonly variants: readonly Variant[]
  readonly connect: ConnectPlan
  readonly phases: PhasePlan
  /** Target URLs named in the file, credentials never among them in what is stored; `--target` replaces them. */
  readonly targets: readonly string[]
  /** Generator threads; null = cores - 1, at least 1. */
  readonly threads: number | null
}
