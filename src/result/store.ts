/**
 * The result store: one folder per run, and nothing in it is ever half written.
 *
 *     <results>/<runId>/run.json           the header and the plan, before the first cell
 *                       cells/<cell>.json  one per finished cell, on disk before the next one starts
 *                       <cell>.hlog        its histograms
 *                       result.json        put together at the end; from then on the run never changes
 *                       lock               while a process writes the run
 *
 * A run that was killed has no result.json: `loadResult` puts it together from its cells.
 */
import fs from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseWith } from './parse-result.ts'
import { cellResultSchema, type CellResult, type Result } from './result.ts'
import { problemsSentence, readCellFile, readResultFile, readRunFile, runPaths } from './run-files.ts'
import { headerOf, runFileSchema, type PlannedRun, type RunFile, type RunHeader } from './run-header.ts'
import { checkRunId } from './run-id.ts'
import { lockRun, type RunLock } from './run-lock.ts'
import { assembleRun } from './load-result.ts'
import { StoreError } from './store-error.ts'
import { storeError } from './system-reason.ts'
import { writeWhole } from './write-whole.ts'

export { loadResult, listRuns, resultPath, readHistogramText, type RunSummary } from './load-result.ts'
export { newRunId } from './run-id.ts'
export type { PlannedRun, RunHeader } from './run-header.ts'

/** A run opened for going on with it. */
export interface OpenedRun {
  readonly folder: RunFolder
  readonly header: RunHeader
  readonly planned: PlannedRun
  /** Cells that need not be measured again: every stored one but those that were interrupted. */
  readonly doneCellIds: ReadonlySet<string>
}

/**
 * Starts a run: makes `<resultsFolder>/<header.runId>`, locks it and writes the header, so that a folder that cannot
 * be written is found out before any load.
 * @throws StoreError when the folder exists, or cannot be made or written.
 */
export function createRun(resultsFolder: string, header: RunHeader, planned: PlannedRun): RunFolder {
  checkRunId(header.runId)
  const path = join(resultsFolder, header.runId)
  try {
    makeFolders(resolve(resultsFolder))
  } catch (cause) {
    throw storeError('create', resultsFolder, cause)
  }
  try {
    fs.mkdirSync(path)
    fs.mkdirSync(runPaths.cells(path))
  } catch (cause) {
    throw storeError('create', path, cause)
  }
  const file: RunFile = { ...header, status: 'running', planned: { ...planned, cellIds: [...planned.cellIds] } }
  return new RunFolder(path, file, lockRun(path), new Set(), 'write-header')
}

/**
 * Opens a run that was killed or interrupted, for measuring what is missing. What is stored stays as it is; only the
 * `result.json` of an interrupted run goes, until the run finishes again.
 * @throws StoreError when there is no such run, it is complete already, or another process is writing it.
 */
export function openRun(resultsFolder: string, runId: string): OpenedRun {
  checkRunId(runId)
  const path = join(resultsFolder, runId)
  if (!fs.existsSync(runPaths.header(path))) throw new StoreError(`there is no run ${runId} in ${resultsFolder}`)
  const lock = lockRun(path)
  try {
    refuseFinal(path)
    const file = readRunFile(path)
    const done = new Set(file.planned.cellIds.filter((id) => isDone(readCellFile(path, id))))
    fs.rmSync(runPaths.result(path), { force: true })
    const folder = new RunFolder(path, file, lock, done, 'header-is-written')
    return { folder, header: headerOf(file), planned: file.planned, doneCellIds: done }
  } catch (cause) {
    lock.release()
    throw storeError('read', path, cause)
  }
}

/** The folder of one run that is being written, by this process alone. Made by `createRun` and `openRun`. */
export class RunFolder {
  /** Path of the folder. */
  readonly path: string
  readonly runId: string
  #file: RunFile
  readonly #lock: RunLock
  readonly #done: Set<string>
  #closed = false

  constructor(
    path: string,
    file: RunFile,
    lock: RunLock,
    done: ReadonlySet<string>,
    headerState: 'write-header' | 'header-is-written',
  ) {
    this.path = path
    this.runId = file.runId
    this.#file = file
    this.#lock = lock
    this.#done = new Set(done)
    if (headerState === 'header-is-written') return
    try {
      this.#writeHeader()
    } catch (cause) {
      this.close()
      throw cause
    }
  }

  /**
   * Puts a finished cell on disk, its histograms first; on return both are synced. A cell that is done is never
   * written again; one that was interrupted is replaced.
   * @param histogramLog text of its `.hlog`, null where it has no histograms.
   * @returns the cell as stored, `histogramFile` filled in.
   * @throws StoreError when the disk refuses (what was stored before stays), or the run is finished; Error when the
   *   cell was not planned, is done already, or is no valid cell.
   */
  writeCell(cell: CellResult, histogramLog: string | null): CellResult {
    this.#refuseClosed()
    if (!this.#file.planned.cellIds.includes(cell.id)) throw new Error(`cell ${cell.id} is not one of this run`)
    if (this.#done.has(cell.id)) throw new Error(`cell ${cell.id} is stored already`)
    const histogramPath = runPaths.histograms(this.path, cell.id)
    const histogramFile = histogramLog === null ? null : histogramPath.slice(this.path.length + 1)
    const stored: CellResult = { ...cell, histogramFile }
    const parsed = parseWith(cellResultSchema, stored)
    if (parsed.kind === 'problems')
      throw new Error(`cell ${cell.id} is not valid: ${problemsSentence(parsed.problems)}`)
    if (histogramLog !== null) writeWhole(histogramPath, histogramLog)
    writeWhole(runPaths.cell(this.path, cell.id), json(stored))
    if (isDone(stored)) this.#done.add(cell.id)
    return stored
  }

  /** Replaces parts of the header that are only found out on the way. @throws StoreError. */
  updateHeader(changes: Partial<Pick<RunHeader, 'targets' | 'environment' | 'cautions'>>): void {
    this.#refuseClosed()
    this.#file = { ...this.#file, ...changes }
    this.#writeHeader()
  }

  /**
   * Writes `result.json` from what is on disk and gives the lock back. Cells are in the planned order.
   * @throws StoreError when it cannot be written or the run is finished; Error for `complete` with cells missing.
   */
  finish(status: 'complete' | 'interrupted'): Result {
    this.#refuseClosed()
    const missing = this.#file.planned.cellIds.filter((id) => !this.#done.has(id))
    if (status === 'complete' && missing.length > 0) {
      throw new Error(`the run is not complete: ${missing.length} cells are missing, the first is ${missing[0] ?? ''}`)
    }
    const result = assembleRun(this.path, status)
    writeWhole(runPaths.result(this.path), json(result))
    this.close()
    return result
  }

  /** Gives the lock back without finishing: the run can be resumed. Idempotent, never throws. */
  close(): void {
    this.#closed = true
    this.#lock.release()
  }

  #writeHeader(): void {
    const parsed = parseWith(runFileSchema, this.#file)
    if (parsed.kind === 'problems') throw new Error(`the header is not valid: ${problemsSentence(parsed.problems)}`)
    writeWhole(runPaths.header(this.path), json(this.#file))
  }

  #refuseClosed(): void {
    if (this.#closed) throw new StoreError(`run ${this.runId} is finished: it does not change any more`)
  }
}

/** Not mkdir's own `recursive`: Node 20 goes round for ever where the system answers ENOENT (below /proc). */
function makeFolders(path: string): void {
  if (fs.existsSync(path)) return
  makeFolders(dirname(path))
  try {
    fs.mkdirSync(path)
  } catch (cause) {
    // Another run has made it at the same moment.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
  }
}

function isDone(cell: CellResult | null): boolean {
  return cell !== null && cell.verdict.kind !== 'interrupted'
}

/** @throws StoreError where the run in the folder `path` has come to its end: it never changes again. */
export function refuseFinal(path: string): void {
  const resultFile = runPaths.result(path)
  if (!fs.existsSync(resultFile)) return
  const { runId, status } = readResultFile(resultFile)
  if (status !== 'interrupted') throw new StoreError(`run ${runId} is ${status} already: there is nothing to resume`)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
