/** A long cell's beginning beside its end, as it stands in a result (method.md R3.2). */
import { z } from 'zod'

const optionalFigure = z.number().nullable()

/** One part of the measured time. */
export const soakPartSchema = z.strictObject({
  /** Since the cell's common start. */
  fromSeconds: z.number(),
  toSeconds: z.number(),
  /** What TPS counts. */
  messagesPerSecond: optionalFigure,
  /** Of the headline latency, from the merged histogram of the part; null where too few samples carry them. */
  p50Us: optionalFigure,
  p99Us: optionalFigure,
  /** Mean of the part. */
  brokerCpuPercent: optionalFigure,
  brokerMemoryBytesMax: optionalFigure,
  /** Of the generator's whole process. */
  generatorResidentBytesMax: optionalFigure,
})
export type SoakPart = z.infer<typeof soakPartSchema>

export const soakSchema = z.strictObject({
  /** An hour, where the measurement was two hours or longer, else a quarter of it. */
  part: z.enum(['hour', 'quarter']),
  first: soakPartSchema,
  last: soakPartSchema,
})
export type Soak = z.infer<typeof soakSchema>
