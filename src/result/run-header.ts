/** `run.json`: what is known of a run before its first cell, and what `--resume` needs to go on with it. */
import { z } from 'zod'
import { resultSchema, type Result } from './result.ts'

/** Everything of a Result but its status, its cells and what follows from them. */
export type RunHeader = Omit<Result, 'cells' | 'status' | 'points' | 'sentinels'>

/** What the campaign set out to do. */
export interface PlannedRun {
  /** Ids of all cells, in the order of running. */
  readonly cellIds: readonly string[]
  /** What a resumed run is rebuilt from: plain JSON, opaque to the store, without any secret. */
  readonly plan: z.infer<ReturnType<typeof z.json>>
}

export const runFileSchema = resultSchema.omit({ cells: true, points: true, sentinels: true }).extend({
  status: z.literal('running'),
  planned: z.strictObject({ cellIds: z.array(z.string()), plan: z.json() }),
})
export type RunFile = z.infer<typeof runFileSchema>

/** The header in a run file, without status and plan. */
export function headerOf(file: RunFile): RunHeader {
  const { schemaVersion, runId, title, createdAt, tool, environment, workload, profile, targets } = file
  const { priorVariation, source, cautions } = file
  return {
    ...{ schemaVersion, runId, title, createdAt, tool, environment, workload, profile, targets },
    ...{ priorVariation, source, cautions },
  }
}
