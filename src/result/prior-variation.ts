/** What earlier results say of the variation between runs: the history that R3.5 and R3.7 fall back on. */
import fs from 'node:fs'
import { listRunFolders } from './load-result.ts'
import type { PriorVariation } from './point.ts'
import { pointsOf } from './points.ts'
import type { Result } from './result.ts'
import { readResultFile, runPaths } from './run-files.ts'
import { runNameOf } from './run-id.ts'
import { StoreError } from './store-error.ts'

/** Runs that are looked at, the newest first. */
const RUNS_MAX = 20

/** What a run must have in common with the one to come. */
export interface SoughtRun {
  readonly title: string
  /** As resolved, plain JSON. */
  readonly workload: Result['workload']
  /** Labels of its targets. */
  readonly targets: readonly string[]
}

/**
 * For each target, the newest complete run of the same workload that repeated its points. What is damaged is passed over:
 * it is only history.
 */
export function findPriorVariation(resultsFolder: string, sought: SoughtRun): PriorVariation[] {
  const folders = listRunFolders(resultsFolder)
    .filter((folder) => folder.includes(`-${runNameOf(sought.title)}-`))
    .toReversed()
    .slice(0, RUNS_MAX)
  const found = new Map<string, readonly PriorVariation[]>()
  for (const folder of folders) {
    if (sought.targets.every((target) => found.has(target))) break
    const earlier = readComplete(runPaths.result(folder))
    if (earlier === null || !isAlike(earlier.workload, sought.workload)) continue
    for (const target of sought.targets) {
      if (found.has(target)) continue
      const variation = variationOf(earlier, target)
      if (variation.length > 0) found.set(target, variation)
    }
  }
  return [...found.values()].flat()
}

function readComplete(path: string): Result | null {
  if (!fs.existsSync(path)) return null
  try {
    const result = readResultFile(path)
    return result.status === 'complete' ? result : null
  } catch (cause) {
    if (cause instanceof StoreError) return null
    throw cause
  }
}

function variationOf(earlier: Result, target: string): PriorVariation[] {
  const points = earlier.points.length > 0 ? earlier.points : pointsOf(earlier)
  return points.flatMap((point) => {
    const cv = point.throughputPerSecond?.cvOverRunsPercent ?? null
    if (point.target !== target || cv === null) return []
    return [{ pointId: point.id, target, runId: earlier.runId, runs: point.counted, cvOverRunsPercent: cv }]
  })
}

/** Whether both measure the same for as long: what is sent, and the phases; not how often and in which order. */
function isAlike(one: Result['workload'], other: Result['workload']): boolean {
  return JSON.stringify(essenceOf(one)) === JSON.stringify(essenceOf(other))
}

function essenceOf(workload: Result['workload']): unknown {
  if (typeof workload !== 'object' || workload === null || Array.isArray(workload)) return null
  const { variants, phases, threads } = workload
  if (typeof phases !== 'object' || phases === null || Array.isArray(phases)) return null
  const { warmupSeconds, measureSeconds, messagesPerProducer } = phases
  return [variants, threads, warmupSeconds, measureSeconds, messagesPerProducer]
}
