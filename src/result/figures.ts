/** The groups of figures of one cell, and its verdict, as Zod schemas: the first part of `result.ts`. */
import { z } from 'zod'

const count = z.number().int().nonnegative()
const figure = z.number()
const optionalFigure = figure.nullable()

/** A latency distribution in microseconds. Percentiles are null below 368 / 3,688 / 36,887 effective samples (p99 / p99.9 / p99.99). */
export const latencySchema = z.strictObject({
  count,
  mean: optionalFigure,
  p50: optionalFigure,
  p90: optionalFigure,
  p99: optionalFigure,
  p999: optionalFigure,
  p9999: optionalFigure,
  max: optionalFigure,
  /** Latencies below zero: counted, never dropped (R2.5); they are not in the percentiles. */
  negative: count,
  /** Values above the recorder's range of one hour, held at its top. */
  overflow: count,
  /**
   * How many independent samples `count` is worth: divided by the autocorrelation time (R3.2). Percentiles that it does
   * not carry are null. Null itself where the distribution was not followed second by second, or for under ten
   * seconds.
   */
  effectiveCount: count.nullable().default(null),
})
export type Latency = z.infer<typeof latencySchema>

/**
 * response = from the intended time, service = from the actual send. Response is null in a closed model, and so is the
 * end-to-end service where messages are too small to carry the time of their sending.
 */
const latencyPairSchema = z.strictObject({ response: latencySchema.nullable(), service: latencySchema.nullable() })

export const latencyGroupSchema = z.strictObject({
  /** Null where there is no consumer, no message time (`messageTimes`: unknown), or no measurement. */
  endToEnd: latencyPairSchema.nullable(),
  /** Null without confirms. */
  publish: latencyPairSchema.nullable(),
  /** Null in a closed model: there is no schedule to be late for. */
  sendLag: z.strictObject({ generator: latencySchema, blocked: latencySchema }).nullable(),
})
export type LatencyGroup = z.infer<typeof latencyGroupSchema>

export const throughputSchema = z.strictObject({
  /** What the schedule asked for; null in a closed model. */
  offeredPerSecond: optionalFigure,
  sentPerSecond: optionalFigure,
  confirmedPerSecond: optionalFigure,
  /** First deliveries; null without consumers. */
  deliveredPerSecond: optionalFigure,
  /** Bodies only, 10^6 bytes. */
  deliveredMegabytesPerSecond: optionalFigure,
})
export type Throughput = z.infer<typeof throughputSchema>

/** Jepsen's categories (method.md section 6) over warm-up, measure and drain together. */
export const integritySchema = z.strictObject({
  attempted: count,
  confirmed: count,
  /** Refused by the broker (nack, rejected, error), with the first reason codes in `refusals`. */
  refused: count,
  refusals: z.record(z.string(), count),
  /** Distinct messages received; with topics, the sum over subscriptions. */
  received: count,
  /** Confirmed (or, without confirms, sent) and never received, after a complete drain. */
  lost: count,
  duplicated: count,
  /** Received after a later one of the same producer on the same consumer. */
  late: count,
  /** Neither confirmed nor refused when the connection went or time ran out. */
  unknown: count,
  /** Unknown or refused outcome, and received all the same. */
  recovered: count,
  /** Of another run, or with an impossible sequence number. */
  unexpected: count,
  corrupt: count,
  /** False: the drain ended by its time-out with messages missing; then missing ones are `indeterminate`, not lost. */
  drained: z.boolean(),
  /** Missing when the drain gave up. */
  indeterminate: count,
  /** Refused by the broker and received all the same. */
  aborted: count.default(0),
  /** What was promised and whether it was kept (method.md R6.4); null where there are not both ends. */
  guarantee: z
    .strictObject({
      declared: z.enum(['none', 'at-most-once', 'at-least-once', 'exactly-once']),
      ordered: z.boolean(),
      kept: z.boolean(),
      /** Messages that the judgement rests on. */
      messages: count,
      /** With none broken among so many: below this share, in a million, at 95 % confidence (3/N). Null where it was broken. */
      brokenPerMillionMax: optionalFigure,
    })
    .nullable()
    .default(null),
})
export type Integrity = z.infer<typeof integritySchema>

export const brokerUsageSchema = z.strictObject({
  /** 0 to 100 of the whole machine, or of the limit named in `base`. */
  cpuPercent: optionalFigure,
  /** Core-microseconds per first delivery (else per confirm). */
  cpuMicrosPerMessage: optionalFigure,
  memoryBytesMax: optionalFigure,
  /** `pid 1234 (java), 3 processes`, `cgroup /x`, `published`: where the figures come from. */
  source: z.string(),
  /** What 100 % is: `2 cores of the machine`, `1.5 cores (cgroup limit)`. */
  base: z.string(),
})
export type BrokerUsage = z.infer<typeof brokerUsageSchema>

export const generatorUsageSchema = z.strictObject({
  cpuPercent: optionalFigure,
  cpuMicrosPerMessage: optionalFigure,
  messagesPerWrite: optionalFigure,
  coLocated: z.boolean(),
  threads: count,
  eventLoopDelayP99Ms: optionalFigure,
  gcPauseMaxMs: optionalFigure,
  stealPercent: optionalFigure,
  residentBytesMax: optionalFigure,
  /** CPU of the busiest worker thread, percent of a core; null where unknown, or where it spins to keep time. */
  threadBusyPercentMax: optionalFigure.default(null),
  /** Of the process that measured the cell: one per repetition where there are several (R3.3). */
  processId: count.nullable().default(null),
  /** How long this client ran against the broker inside before it touched another one (R8.8); null where it did not. */
  clientWarmupSeconds: optionalFigure.default(null),
})
export type GeneratorUsage = z.infer<typeof generatorUsageSchema>

/** Little's law in an open model (method.md R5.6): messages in flight by the counters against rate times latency. */
export const littlesLawSchema = z.strictObject({
  /** What was followed: from sending to delivery, or from sending to confirm. */
  flow: z.enum(['endToEnd', 'publish']),
  /** L: by the counters alone, read at random moments, from the beginning of the measured time to the end of the drain. */
  inFlightMean: figure,
  /** X W: over the same time, messages that arrived times their mean latency from the actual send. */
  expectedInFlight: figure,
  /** W, microseconds. */
  latencyMeanUs: figure,
  /** (L - X W) / the larger. Above 0: time passed that is in no latency. */
  deviation: figure,
  /** How far `deviation` may be off, 99.9 %: by the readings, and by how long the first messages had been in flight. */
  uncertainty: figure,
  /** What the deviation beyond its uncertainty is held against: 0.1, or 1 ms of W where that is more. */
  limit: figure,
  readings: count,
  /** False where the uncertainty is above the limit: then it decides nothing. */
  judged: z.boolean(),
})
export type LittlesLaw = z.infer<typeof littlesLawSchema>

export const verdictKindSchema = z.enum([
  'valid',
  'invalid',
  'unsustainable',
  'not-steady',
  'indeterminate',
  'failed',
  'interrupted',
  'published',
])
export type VerdictKind = z.infer<typeof verdictKindSchema>

export const reasonSchema = z.strictObject({
  /** Stable, kebab-case: `generator-lag`, `lossy`, `clock`, `broker-closed` ... */
  code: z.string(),
  text: z.string(),
  figure: optionalFigure,
  limit: optionalFigure,
})
export type Reason = z.infer<typeof reasonSchema>

export const verdictSchema = z.strictObject({
  kind: verdictKindSchema,
  reasons: z.array(reasonSchema),
  /** Codes of the checks that were made, passed or not. A check that is not named here was not made. */
  checks: z.array(z.string()),
})
export type Verdict = z.infer<typeof verdictSchema>
