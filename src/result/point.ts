/**
 * What several measurements say together, as Zod schemas: the points of the matrix over their repetitions, and the
 * sentinels. All of it follows from the cells; nothing here is measured.
 */
import { z } from 'zod'
import { reasonSchema, verdictKindSchema } from './figures.ts'

const count = z.number().int().nonnegative()
const figure = z.number()
const optionalFigure = figure.nullable()
const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Holds the true median over runs in `confidencePercent` of campaigns; bounds in the unit of the figure. */
export const runIntervalSchema = z.strictObject({
  low: figure,
  high: figure,
  /** Exact: 95 or more from 6 runs on; of 5, 4, 3 and 2 runs 93.75, 87.5, 75 and 50. */
  confidencePercent: figure,
  /** Two of the sorted runs, lowest and highest below 9; assumes nothing but that runs are independent. */
  method: z.literal('order-statistics'),
})
export type RunInterval = z.infer<typeof runIntervalSchema>

/** One figure over the repetitions that count. */
export const figureOverRunsSchema = z.strictObject({
  median: figure,
  lowest: figure,
  highest: figure,
  /** Repetitions that have this figure. */
  runs: count,
  /** Standard deviation over mean of those runs; null of a single one. */
  cvOverRunsPercent: optionalFigure,
  /** Null of a single run: what its own seconds say of it is too narrow to print (method.md section 3). */
  interval: runIntervalSchema.nullable(),
})
export type FigureOverRuns = z.infer<typeof figureOverRunsSchema>

/** One point of the matrix on one target: every repetition of it, those that do not count by name. */
export const pointSchema = z.strictObject({
  /** Id of its cell in the first repetition. */
  id: z.string(),
  target: z.string(),
  axes: z.record(z.string(), scalar),
  /** Ids of all repetitions that were measured or tried. */
  cellIds: z.array(z.string()),
  /** How many of them are in the figures. */
  counted: count,
  /** The others: `invalid`, `failed` and `interrupted` ones, with the codes of their reasons. */
  leftOut: z.array(
    z.strictObject({ cellId: z.string(), verdict: verdictKindSchema, reasonCodes: z.array(z.string()) }),
  ),
  /** What `throughputPerSecond` counts. */
  throughputBasis: z.enum(['delivered', 'confirmed', 'sent']).nullable(),
  throughputPerSecond: figureOverRunsSchema.nullable(),
  /** Distribution that the latencies are of, as it is called in the `.hlog`: `endToEnd.service`. */
  latencyDistribution: z.string(),
  latencyP50Us: figureOverRunsSchema.nullable(),
  latencyP99Us: figureOverRunsSchema.nullable(),
  latencyP999Us: figureOverRunsSchema.nullable(),
  brokerCpuPercent: figureOverRunsSchema.nullable(),
  brokerCpuMicrosPerMessage: figureOverRunsSchema.nullable(),
  /** Of the throughput, each second against the mean of its own run (R3.6). */
  cvOverSecondsPercent: optionalFigure,
  /** Smallest difference in throughput that as many runs on either side show with 80 % power (R3.5); null of one run. */
  minimumDetectableEffectPercent: optionalFigure,
  /** Runs per side that a difference of 5 % needs at this variation; null of one run. */
  runsPerSideFor5Percent: count.nullable(),
  /** `noisy`, `drifted`: what must be read beside the figures. */
  flags: z.array(reasonSchema),
})
export type PointResult = z.infer<typeof pointSchema>

/** The same cell again and again within the block of a target: whether the machine stayed the same (R3.7). */
export const sentinelSchema = z.strictObject({
  target: z.string(),
  axes: z.record(z.string(), scalar),
  /** In the order of measurement; those that do not count are left out of everything below. */
  cellIds: z.array(z.string()),
  counted: count,
  /** Throughput at each place, messages per second, one value per repetition. */
  startPerSecond: z.array(figure),
  middlePerSecond: z.array(figure),
  endPerSecond: z.array(figure),
  /** Between two of the three places. */
  movedPercent: optionalFigure,
  /** Between two thirds of the campaign, in the order of measurement; null of a single repetition. */
  movedOverCampaignPercent: optionalFigure,
  /** What each of the two may move by chance. */
  minimumDetectableEffectPercent: optionalFigure,
  minimumDetectableEffectOverCampaignPercent: optionalFigure,
  /** Of the sentinel over runs, and where it is from. */
  cvOverRunsPercent: optionalFigure,
  /**
   * `repetitions` of this campaign; `history`: an earlier result; `own-seconds`: of the cell itself, corrected for
   * autocorrelation and optimistic all the same.
   */
  cvSource: z.enum(['repetitions', 'history', 'own-seconds']).nullable(),
  /** Null: it could not be judged. */
  drifted: z.boolean().nullable(),
})
export type SentinelResult = z.infer<typeof sentinelSchema>

/** Variation of a point's throughput over the repetitions of an earlier result. */
export const priorVariationSchema = z.strictObject({
  pointId: z.string(),
  target: z.string(),
  runId: z.string(),
  runs: count,
  cvOverRunsPercent: figure,
})
export type PriorVariation = z.infer<typeof priorVariationSchema>
