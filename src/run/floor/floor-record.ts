/**
 * The floor: what a client costs when the broker costs nothing, measured on the embedded broker of this host (method.md
 * R1.7). Zod is the source, because records come back from a file that anybody may have touched.
 */
import { z } from 'zod'
import type { ClientKind, Protocol } from '../../driver/driver.ts'
import type { PacerMode } from '../../pacing/pacer.ts'

const percentile = z.number().nonnegative().nullable()

/** Service latency, from the actual send, in microseconds. */
const latencySchema = z.strictObject({ p50Us: percentile, p99Us: percentile, p999Us: percentile })

const pacerModeSchema = z.enum(['spin', 'timer']) satisfies z.ZodType<PacerMode>

/**
 * The flow in which the latencies of a floor are measured, as it was asked for. Open: one pair at a constant rate, in the
 * pacer mode that the plan will use. Closed: what one thread of the plan does, so many pairs with so many in flight each.
 */
const flowSchema = z.discriminatedUnion('model', [
  z.strictObject({
    model: z.literal('open'),
    /** The run is slower where this is over 60 % of the ceiling. */
    wantedPerSecond: z.number().positive(),
    pacer: pacerModeSchema,
  }),
  z.strictObject({
    model: z.literal('closed'),
    pairs: z.number().int().positive(),
    /** Per producer. */
    inFlight: z.number().int().positive(),
  }),
])
export type FloorFlow = Readonly<z.infer<typeof flowSchema>>

/** For no plan in particular, and what every floor was measured in before there was a choice. */
export const PLAIN_FLOW: FloorFlow = { model: 'open', wantedPerSecond: 2_000, pacer: 'spin' }

/** Where and with what a floor was measured: a floor holds only for the same. */
export const floorHostSchema = z.strictObject({
  cpuModel: z.string(),
  cores: z.number().int().positive(),
  toolVersion: z.string(),
  /** Null for an installed package. */
  toolCommit: z.string().nullable(),
  nodeVersion: z.string(),
})
export type FloorHost = z.infer<typeof floorHostSchema>

export const floorRecordSchema = z.strictObject({
  host: floorHostSchema,
  protocol: z.enum(['stomp', 'mqtt', 'amqp10', 'amqp091', 'openwire']),
  client: z.enum(['wire', 'library']),
  messageBytes: z.number().int().positive(),
  /** Messages of this size per second through one thread with one pair, closed model. */
  ceilingPerSecond: z.number().positive(),
  flow: flowSchema.default(PLAIN_FLOW),
  /** Messages per second of the run in which the latencies were measured: as it was set, or as it came to. */
  ratePerSecond: z.number().positive(),
  endToEnd: latencySchema,
  publish: latencySchema,
  /** Null in a closed flow, which has no schedule to be late for. */
  pacer: z.strictObject({ mode: pacerModeSchema, lagP50Us: percentile, lagP99Us: percentile }).nullable(),
  /**
   * What other programs took of the host while it was measured, percent of all cores; null where unknown. Much of it makes
   * the floor too high and the ceiling too low.
   */
  othersPercent: z.number().nonnegative().nullable().default(null),
  /** ISO 8601, UTC. */
  measuredAt: z.string(),
})
export type FloorRecord = z.infer<typeof floorRecordSchema>

/** A protocol by a client: what a floor is of. */
export interface FloorPair {
  readonly protocol: Exclude<Protocol, 'loopback'>
  readonly client: ClientKind
}

/** Floors of one pair at one size: they share a ceiling, and are measured in one go. */
export interface FloorWish {
  readonly pair: FloorPair
  readonly messageBytes: number
  /** At least one. */
  readonly flows: readonly FloorFlow[]
}

/** `stomp by wire`. */
export function pairName({ protocol, client }: FloorPair): string {
  return `${protocol} by ${client}`
}

export function isOfPair(record: FloorRecord, { protocol, client }: FloorPair): boolean {
  return record.protocol === protocol && record.client === client
}

/** Whether the record is what measuring this flow at this size would give. */
export function isOfFlow(record: FloorRecord, pair: FloorPair, messageBytes: number, flow: FloorFlow): boolean {
  return isOfPair(record, pair) && record.messageBytes === messageBytes && flowName(record.flow) === flowName(flow)
}

/** Names the flow, and tells it from every other: `2000/s, spin`, `25 x 1 in flight`. */
export function flowName(flow: FloorFlow): string {
  return flow.model === 'open'
    ? `${flow.wantedPerSecond}/s, ${flow.pacer}`
    : `${flow.pairs} x ${flow.inFlight} in flight`
}

export function isSameHost(a: FloorHost, b: FloorHost): boolean {
  return (
    a.cpuModel === b.cpuModel &&
    a.cores === b.cores &&
    a.toolVersion === b.toolVersion &&
    a.toolCommit === b.toolCommit &&
    a.nodeVersion === b.nodeVersion
  )
}
