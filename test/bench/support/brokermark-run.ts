/** `brokermark run` as a user starts it: a process of its own, with all of the harness in it. */
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadResult } from '../../../src/result/load-result.ts'
import type { CellResult } from '../../../src/result/result.ts'
import type { ProcessSample } from './process-samples.ts'
import { watchProgram } from './watched-program.ts'

/** Long enough for twenty connections, an order to start and the ramp of the first batch. */
const BEFORE_WARMUP_MS = 1_000

export interface WatchedRun {
  /** The only cell. */
  readonly cell: CellResult
  readonly samples: readonly ProcessSample[]
}

/**
 * One cell against one target; what it stores is removed again.
 * @param args after `run`, without the target.
 * @throws Error with the program's last words when it measured nothing
 */
export async function brokermarkRun(target: string, args: readonly string[], everyMs: number): Promise<WatchedRun> {
  const directory = await mkdtemp(join(tmpdir(), 'brokermark-bench-'))
  const results = join(directory, 'results')
  try {
    const main = fileURLToPath(new URL('../../../src/main.js', import.meta.url))
    const words = [main, 'run', '--target', target, '--quiet', '--no-floor', '--results', results, ...args]
    const { samples, failure } = await watchProgram({ executable: process.execPath, args: words, directory }, everyMs)
    // A verdict that is not `valid` has an exit code of its own, and a result all the same.
    const [runId] = existsSync(results) ? await readdir(results) : []
    const cell = runId === undefined ? undefined : loadResult(join(results, runId)).cells[0]
    if (cell === undefined || cell.throughput === null) {
      throw new Error(`brokermark run measured nothing on ${target}: ${failure ?? ''}`)
    }
    return { cell, samples }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** An instant that is surely within the measured time, counted from the first one that may be. */
export function measureStartMs(cell: CellResult, warmupSeconds: number): number {
  return Date.parse(cell.startedAt ?? '') + BEFORE_WARMUP_MS + warmupSeconds * 1000
}
