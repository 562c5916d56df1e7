/**
 * The result: what every run leaves behind and what every report is made from. Zod is the source: the TypeScript types
 * and the published JSON Schema come from these definitions. Keys carry their unit; a group that was not measured is
 * null, and so is a percentile with too few samples (design.md section 7, method.md R3.2).
 */
import { z } from 'zod'
import {
  brokerUsageSchema,
  generatorUsageSchema,
  integritySchema,
  latencyGroupSchema,
  littlesLawSchema,
  throughputSchema,
  verdictSchema,
} from './figures.ts'
import { PROFILES } from '../workload/profile.ts'
import { pointSchema, priorVariationSchema, sentinelSchema } from './point.ts'

import { soakSchema } from './soak.ts'

export * from './figures.ts'
export * from './point.ts'

export const SCHEMA_VERSION = '1.0.0'

const count = z.number().int().nonnegative()
const figure = z.number()
const optionalFigure = z.number().nullable()
const scalar = z.union([z.string(), z.number(), z.boolean()])

/**
 * What the harness itself costs: the same client on the embedded broker of this host, before the campaign (method.md R1.7).
 */
export const floorSchema = z.strictObject({
  /** What the percentiles are of, always from the actual send: end to end, or publish to confirm where nothing consumes. */
  metric: z.enum(['endToEnd', 'publish']),
  p50Us: optionalFigure,
  p99Us: optionalFigure,
  p999Us: optionalFigure,
  /** Messages per second of the run that they were measured in: as it was set, or, in a closed model, as it came to. */
  ratePerSecond: figure,
  /** 1.5 times the highest rate of the plan or more; `ratePerSecond` is 60 % of a ceiling that is too low for it. */
  wantedPerSecond: optionalFigure.default(null),
  /** Of that run; on one thread. */
  pairs: count.default(1),
  /** Per producer, in a closed model; null in an open one. */
  inFlight: count.nullable().default(null),
  /** The cell's own, or the next larger one that was measured. */
  messageBytes: count,
  /** Messages sent and received per second, by the threads of the cell together, 1 pair in each (method.md R8.7). */
  ceilingPerSecond: figure,
  /** How late the pacer itself was in that run (method.md R8.4); null in a closed model. */
  pacer: z
    .strictObject({ mode: z.enum(['spin', 'timer']), lagP50Us: optionalFigure, lagP99Us: optionalFigure })
    .nullable(),
  /** ISO 8601, UTC. */
  measuredAt: z.string(),
})
export type Floor = z.infer<typeof floorSchema>

export const phaseNameSchema = z.enum(['warm-up', 'measure', 'drain'])
export type PhaseName = z.infer<typeof phaseNameSchema>

/** About one second (R3.1). Rates are per second of `seconds`; latencies are end-to-end (else publish), microseconds. */
export const intervalSchema = z.strictObject({
  phase: phaseNameSchema,
  /** Seconds since the cell's common start. */
  atSeconds: figure,
  seconds: figure,
  sent: count,
  confirmed: count,
  delivered: count,
  /** Sent and not yet delivered (else not yet settled) at the end of the interval. */
  backlog: figure,
  p50Us: optionalFigure,
  p99Us: optionalFigure,
  maxUs: optionalFigure,
  brokerCpuPercent: optionalFigure,
  brokerMemoryBytes: optionalFigure.default(null),
  generatorCpuPercent: optionalFigure,
  /** Slots of the schedule that came due, and those that the catch-up policy left out; null in a closed model. */
  offered: count.nullable().default(null),
  skipped: count.nullable().default(null),
  /** Null in a closed model, and where too few messages left in this second. */
  generatorLagP99Us: optionalFigure.default(null),
  generatorLagP999Us: optionalFigure.default(null),
  /** Monitors (R8.5), each of the worker thread that fares worst. Event-loop delays are less their sampling period. */
  eventLoopDelayP99Ms: optionalFigure.default(null),
  eventLoopDelayMaxMs: optionalFigure.default(null),
  /** Share of the time in which the event loop did not wait, percent; a pacer that spins is busy all the time. */
  eventLoopBusyPercentMax: optionalFigure.default(null),
  /** Of a core; near 100 where a pacer spins. */
  threadCpuPercentMax: optionalFigure.default(null),
  gcPauseMaxMs: optionalFigure.default(null),
  gcPauseTotalMs: optionalFigure.default(null),
  /** Of the generator's whole process. */
  residentBytes: optionalFigure.default(null),
  /** Of all cores of the load host, percent. */
  stealPercent: optionalFigure.default(null),
  hostIdlePercent: optionalFigure.default(null),
})
export type Interval = z.infer<typeof intervalSchema>

export const modelSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('closed'), inFlight: z.number().int().positive() }),
  z.strictObject({
    kind: z.literal('open'),
    arrivals: z.enum(['constant', 'poisson', 'ramp', 'steps', 'trace']),
    /** In total; where the rate changes, the one that it begins with. */
    ratePerSecond: z.number().positive(),
    inFlight: z.number().int().positive(),
    /** `seed 7`, `to 10000/s`, `1000/s for 10 s, 2000/s for 10 s`, the trace's file; null where nothing is to add. */
    detail: z.string().nullable().default(null),
    /** `burst`, `skip`, `limited 2`: what became of messages that came due while the broker held back (R1.4). */
    catchUp: z.string().default('burst'),
  }),
])
export type Model = z.infer<typeof modelSchema>

const protocolSchema = z.enum(['stomp', 'mqtt', 'amqp10', 'amqp091', 'openwire', 'loopback'])
const clientSchema = z.enum(['wire', 'library'])

export const cellResultSchema = z.strictObject({
  id: z.string(),
  /**
   * Column head: the target as the user wrote it, without credentials; `PRODUCERS -> CONSUMERS` where the ends differ,
   * `mq.m5.2xlarge` for a published figure.
   */
  target: z.string(),
  protocol: protocolSchema,
  client: clientSchema.nullable(),
  /** `rhea 3.0.5`; null for a published figure. */
  clientVersion: z.string().nullable(),
  /** Where the target names an end for consumers alone; `protocol` and `client` above are then the producers'. */
  consumer: z
    .strictObject({ target: z.string(), protocol: protocolSchema, client: clientSchema, clientVersion: z.string() })
    .nullable(),
  /** Always messageBytes, producers, consumers; further axes by their workload path (`load.inFlight`). */
  axes: z.record(z.string(), scalar),
  model: modelSchema,
  /** `per-pair`, `shared`, `3 destinations`; null where the source does not say. */
  layout: z.string().nullable(),
  repetition: z.number().int().positive(),
  /**
   * Where in its block of cells a sentinel was measured: the same cell again and again, which shows whether the machine
   * stayed the same (R3.7). Null for a cell of the matrix; sentinels are in no table.
   */
  sentinel: z.enum(['start', 'middle', 'end']).nullable().default(null),
  /** Place in the order of running, from 1. */
  order: z.number().int().nonnegative(),
  /** ISO 8601, UTC; null for a published figure. */
  startedAt: z.string().nullable(),
  measureSeconds: optionalFigure,
  /** `same-thread`, `same-process`, `same-host` (R2.1). */
  clock: z.enum(['same-thread', 'same-process', 'same-host']).nullable(),
  /**
   * How consumers knew when a message should have been sent (R2.6): it stood in it, or, in messages under 32 bytes, was
   * recomputed from the schedule of an open model. Null where there are not both ends.
   */
  messageTimes: z.enum(['carried', 'recomputed', 'unknown']).nullable().default(null),
  throughput: throughputSchema.nullable(),
  latencyUs: latencyGroupSchema.nullable(),
  integrity: integritySchema.nullable(),
  broker: brokerUsageSchema.nullable(),
  generator: generatorUsageSchema.nullable(),
  /** Null on the embedded broker (there the result is the floor), and where none was measured. */
  floor: floorSchema.nullable().default(null),
  verdict: verdictSchema,
  /** Sentences worth reading beside the figures: what was imitated, what remains on the broker, what the column lacks. */
  notes: z.array(z.string()),
  intervals: z.array(intervalSchema),
  /** Null in a closed model, and where not every message that was sent arrived once and with a latency. */
  littlesLaw: littlesLawSchema.nullable().default(null),
  /** Its beginning against its end; null unless the profile is `soak` and both were measured. */
  soak: soakSchema.nullable().default(null),
  /** File name of the histograms beside the result, null where there are none. */
  histogramFile: z.string().nullable(),
})
export type CellResult = z.infer<typeof cellResultSchema>

/** What stands behind one target, as found out at its start. */
export const targetResultSchema = z.strictObject({
  target: z.string(),
  protocol: protocolSchema,
  /** Product and version as the broker names itself: `ActiveMQ 5.18.3`; null where the protocol does not tell. */
  broker: z.string().nullable(),
  embedded: z.boolean(),
  /** Why there is no CPU figure, where there is none; else what is sampled. */
  cpuSource: z.string(),
  /** Destinations that could not be removed after the run. */
  remains: z.array(z.string()),
})
export type TargetResult = z.infer<typeof targetResultSchema>

export const resultSchema = z.strictObject({
  schemaVersion: z.string(),
  runId: z.string(),
  status: z.enum(['running', 'complete', 'interrupted', 'published']),
  title: z.string(),
  createdAt: z.string(),
  tool: z.strictObject({ name: z.literal('brokermark'), version: z.string(), commit: z.string().nullable() }),
  /** Flat facts of the host and the client (R7.1), by name; free of secrets. */
  environment: z.record(z.string(), scalar.nullable()),
  /** The workload as resolved, as plain JSON. */
  workload: z.json(),
  /** What the run was for (R3.2); null where none was named. */
  profile: z.enum(PROFILES).nullable().default(null),
  targets: z.array(targetResultSchema),
  cells: z.array(cellResultSchema),
  /** What the repetitions of each point of the matrix say together; follows from cells and histograms alone. */
  points: z.array(pointSchema).default([]),
  /** One per target that has a sentinel; follows from the cells and `priorVariation`. */
  sentinels: z.array(sentinelSchema).default([]),
  /** What an earlier result of the same workload said of the variation between runs, as it was when this run began. */
  priorVariation: z.array(priorVariationSchema).default([]),
  /** Where published figures come from; null for a measurement. */
  source: z.string().nullable(),
  /** Cautions that every report on this result must print. */
  cautions: z.array(z.string()),
})
export type Result = z.infer<typeof resultSchema>
