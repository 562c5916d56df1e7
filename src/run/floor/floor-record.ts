/**
 * The floor: what a client costs when the broker costs nothing, measured on the embedded broker of this host (method.md
 * R1.7). Zod is the source, because records come back from a file that anybody may have touched.
 */
import { z } from 'zod'
import type { ClientKind, Protocol } from '../../driver/driver.ts'

const percentile = z.number().nonnegative().nullable()

/** Service latency, from the actual send, in microseconds. */
const latencySchema = z.strictObject({ p50Us: percentile, p99Us: percentile, p999Us: percentile })

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
  /** Messages per second through one thread with one pair, closed model. */
  ceilingPerSecond: z.number().positive(),
  /** Of the open run in which the latencies and the pacer were measured. */
  ratePerSecond: z.number().positive(),
  endToEnd: latencySchema,
  publish: latencySchema,
  pacer: z.strictObject({ mode: z.enum(['spin', 'timer']), lagP50Us: percentile, lagP99Us: percentile }),
  /** ISO 8601, UTC. */
  measuredAt: z.string(),
})
export type FloorRecord = z.infer<typeof floorRecordSchema>

/** A protocol by a client: what a floor is of. */
export interface FloorPair {
  readonly protocol: Exclude<Protocol, 'loopback'>
  readonly client: ClientKind
}

/** `stomp by wire`. */
export function pairName({ protocol, client }: FloorPair): string {
  return `${protocol} by ${client}`
}

export function isOfPair(record: FloorRecord, { protocol, client }: FloorPair): boolean {
  return record.protocol === protocol && record.client === client
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
