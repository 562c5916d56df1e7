/** `brokermark report`: every figure made again from the result files. */
import fs from 'node:fs'
import { basename, join } from 'node:path'
import { findReference } from '../reference/find-reference.ts'
import { loadResult, resultPath } from '../result/load-result.ts'
import { refusalOf } from '../result/comparable.ts'
import type { Result } from '../result/result.ts'
import { StoreError } from '../result/store-error.ts'
import { UsageError } from '../workload/problem.ts'
import type { CliContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { readNamedRun } from './named-run.ts'
import { referenceFolder } from './shipped-files.ts'
import { printReport } from './show-report.ts'

export interface ReportFlags {
  readonly results: string
  readonly against?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

/**
 * @param runs ids in the results folder (or the beginning of one), folders, or paths of a `result.json`.
 * @throws UsageError where one of them is none of these, or for an unknown reference.
 */
export async function report(runs: readonly string[], flags: ReportFlags, context: CliContext): Promise<ExitCode> {
  const against = flags.against === undefined ? null : loadReference(flags.against, flags.results)
  const loaded = runs.map((run) => {
    return readNamedRun(() => {
      const path = resultPathOf(run, flags.results)
      return { path, result: loadResult(path) }
    })
  })
  const refusals = loaded.flatMap(({ result }) => refusalText(result, against))
  if (refusals.length > 0) throw new UsageError(refusals.map((text) => ({ path: '--against', text })))
  for (const [index, { path, result }] of loaded.entries()) {
    if (index > 0 && flags.json !== true && flags.quiet !== true) context.stdout.write('\n')
    await printReport({ result, path, folder: reportFolderOf(path, result), against }, flags, context)
  }
  return EXIT.fine
}

/** Why a run is not put beside another of the user's own (R1.2); beside published figures the difference is a sentence. */
function refusalText(result: Result, against: Result | null): readonly string[] {
  if (against === null || against.status === 'published' || result.status === 'published') return []
  const why = refusalOf(result, against)
  return why === null ? [] : [`not comparable: run ${result.runId} and run ${against.runId} were made with ${why}`]
}

/** A run of the user's, or a published reference by its name or its path in the repository, from any folder. */
function resultPathOf(run: string, resultsFolder: string): string {
  const name = run.replace(/^(?:\.\/)?results\/reference\//, '').replace(/\/$/, '')
  const reference = join(referenceFolder(), name)
  const isReference = name === basename(name) && fs.existsSync(join(reference, 'result.json'))
  const isOwn = fs.existsSync(run) || fs.existsSync(join(resultsFolder, run))
  return isReference && !isOwn ? reference : resultPath(resultsFolder, run)
}

/** Beside the result; nowhere for what ships with brokermark, which is not the user's to write to. */
function reportFolderOf(path: string, result: Result): string | null {
  if (result.status === 'published') return null
  return fs.statSync(path).isDirectory() ? path : join(path, '..')
}

function loadReference(name: string, resultsFolder: string): Result {
  const folder = referenceFolder()
  const folders = fs.existsSync(folder)
    ? fs.readdirSync(folder).filter((one) => fs.existsSync(join(folder, one, 'result.json')))
    : []
  const finding = findReference(name, folders)
  if (finding.kind === 'found') return loadResult(join(folder, finding.folder))
  const path = runNamed(name, resultsFolder)
  if (path !== null) return readNamedRun(() => loadResult(path))
  const hint =
    finding.nearest === null
      ? `expected a run, or one of ${finding.names.join(', ')}`
      : `did you mean ${finding.nearest}?`
  throw new UsageError([{ path: '--against', text: `there is no reference ${name}, ${hint}` }])
}

/** Another run may be held against this one just as well; null where there is none of that name. */
function runNamed(name: string, resultsFolder: string): string | null {
  try {
    return resultPath(resultsFolder, name)
  } catch (error) {
    if (error instanceof StoreError) return null
    throw error
  }
}
