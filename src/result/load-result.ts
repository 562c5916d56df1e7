/** Reading results: finished ones, those of runs that were killed, and the list of what a folder holds. */
import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withConclusions } from './conclusions.ts'
import type { CellResult, Result } from './result.ts'
import { readCellFile, readResultFile, readRunFile, runPaths } from './run-files.ts'
import { headerOf } from './run-header.ts'
import { isRunLocked } from './run-lock.ts'
import { StoreError } from './store-error.ts'
import { storeError } from './system-reason.ts'

/** One line of a list of runs. */
export type RunSummary =
  | {
      readonly kind: 'run'
      readonly runId: string
      readonly folder: string
      readonly title: string
      readonly createdAt: string
      readonly status: Result['status']
      readonly cellsStored: number
      readonly cellsPlanned: number
    }
  | { readonly kind: 'unreadable'; readonly folder: string; readonly why: string }

/**
 * Loads a result.
 * @param path the folder of a run, or a `result.json` itself. A run without `result.json` is put together from its
 *   cells: status `running` while a process writes it, else `interrupted`.
 * @throws StoreError with the path, and the key that is wrong or the system's reason.
 */
export function loadResult(path: string): Result {
  const result = loadCells(path)
  // A result that was finished by this version holds its points already.
  return result.points.length > 0 ? result : withConclusions(result)
}

/** As stored: of a run that is not finished, the cells alone. */
function loadCells(path: string): Result {
  let isFolder: boolean
  try {
    isFolder = fs.statSync(path).isDirectory()
  } catch (cause) {
    throw storeError('read', path, cause)
  }
  if (!isFolder) return readResultFile(path)
  if (fs.existsSync(runPaths.result(path))) return readResultFile(runPaths.result(path))
  if (!fs.existsSync(runPaths.header(path)))
    throw new StoreError(`${path} holds no result: no result.json, no run.json`)
  return assembledCells(path, isRunLocked(path) ? 'running' : 'interrupted')
}

/** The result as far as its cells are on disk, in the planned order. @throws StoreError when a file is no good. */
export function assembleRun(folder: string, status: 'running' | 'complete' | 'interrupted'): Result {
  return withConclusions(assembledCells(folder, status))
}

function assembledCells(folder: string, status: 'running' | 'complete' | 'interrupted'): Result {
  const file = readRunFile(folder)
  const cells = file.planned.cellIds.flatMap((id): CellResult[] => {
    const cell = readCellFile(folder, id)
    return cell === null ? [] : [cell]
  })
  const { schemaVersion, runId, ...header } = headerOf(file)
  return { schemaVersion, runId, status, ...header, cells, points: [], sentinels: [] }
}

/**
 * What `report` and `compare` take for a result: a path, or the id of a run in the results folder, or the beginning of
 * an id that only one run has.
 * @throws StoreError when nothing or more than one thing is meant.
 */
export function resultPath(resultsFolder: string, runIdOrPath: string): string {
  const inResults = join(resultsFolder, runIdOrPath)
  if (fs.existsSync(inResults)) return inResults
  if (fs.existsSync(runIdOrPath)) return runIdOrPath
  const candidates = runFolderNames(resultsFolder).filter((name) => name.startsWith(runIdOrPath))
  const [only, ...others] = candidates
  if (only === undefined) throw new StoreError(`there is no run ${runIdOrPath} in ${resultsFolder}, and no such path`)
  if (others.length > 0) throw new StoreError(`${runIdOrPath} may be any of ${candidates.join(', ')}`)
  return join(resultsFolder, only)
}

/**
 * The text of a cell's `.hlog`.
 * @param path what the result was loaded from.
 * @returns null where the cell has no histograms, or the file is not beside the result (any more).
 * @throws StoreError when it is there and cannot be read.
 */
export function readHistogramText(path: string, cell: CellResult): string | null {
  if (cell.histogramFile === null) return null
  const folder = fs.statSync(path).isDirectory() ? path : dirname(path)
  // A result may come from anywhere: its file names stay inside its folder.
  const file = join(folder, basename(cell.histogramFile))
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw storeError('read', file, cause)
  }
}

/** The runs directly in `resultsFolder`, oldest first; none where the folder does not exist. Other folders are skipped. */
export function listRuns(resultsFolder: string): RunSummary[] {
  return listRunFolders(resultsFolder).map(summarise)
}

/** Paths of the runs directly in `resultsFolder`, oldest first; none where the folder does not exist. */
export function listRunFolders(resultsFolder: string): string[] {
  return runFolderNames(resultsFolder).map((name) => join(resultsFolder, name))
}

function runFolderNames(resultsFolder: string): string[] {
  let names: string[]
  try {
    names = fs.readdirSync(resultsFolder)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw storeError('read', resultsFolder, cause)
  }
  const isRun = (folder: string): boolean =>
    fs.existsSync(runPaths.header(folder)) || fs.existsSync(runPaths.result(folder))
  return names.filter((name) => isRun(join(resultsFolder, name))).sort()
}

function summarise(folder: string): RunSummary {
  try {
    const { runId, title, createdAt, status, cells } = loadCells(folder)
    const hasPlan = fs.existsSync(runPaths.header(folder))
    const cellsPlanned = hasPlan ? readRunFile(folder).planned.cellIds.length : cells.length
    return { kind: 'run', runId, folder, title, createdAt, status, cellsStored: cells.length, cellsPlanned }
  } catch (cause) {
    if (cause instanceof StoreError) return { kind: 'unreadable', folder, why: cause.message }
    throw cause
  }
}
