/** Where the files of a run lie, and how each is read: with the path and the wrong key in every complaint. */
import fs from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../workload/problem.ts'
import { parseResult, parseVersioned, parseWith, type Parsed } from './parse-result.ts'
import { cellResultSchema, type CellResult, type Result } from './result.ts'
import { runFileSchema, type RunFile } from './run-header.ts'
import { cellFileName } from './run-id.ts'
import { StoreError } from './store-error.ts'
import { storeError } from './system-reason.ts'

/** Paths inside the folder of one run. */
export const runPaths = {
  header: (folder: string): string => join(folder, 'run.json'),
  result: (folder: string): string => join(folder, 'result.json'),
  cells: (folder: string): string => join(folder, 'cells'),
  cell: (folder: string, cellId: string): string => join(folder, 'cells', `${cellFileName(cellId)}.json`),
  histograms: (folder: string, cellId: string): string => join(folder, `${cellFileName(cellId)}.hlog`),
}

/** @throws StoreError when it is missing, unreadable or no run header. */
export function readRunFile(folder: string): RunFile {
  return expectParsed(runPaths.header(folder), parseRunFile(folder).parsed)
}

/** As `readRunFile`, for who says in words of their own why it is no run header. @throws StoreError where it is no JSON. */
export function parseRunFile(folder: string): { readonly value: unknown; readonly parsed: Parsed<RunFile> } {
  const value = readJson(runPaths.header(folder))
  return { value, parsed: parseVersioned(runFileSchema, value) }
}

/** @throws StoreError when it is missing, unreadable, of a newer schema, or no result. */
export function readResultFile(path: string): Result {
  return expectParsed(path, parseResult(readJson(path)))
}

/** @returns null when the cell has no file yet. @throws StoreError when the file is no cell, or another one. */
export function readCellFile(folder: string, cellId: string): CellResult | null {
  const path = runPaths.cell(folder, cellId)
  if (!fs.existsSync(path)) return null
  const cell = expectParsed(path, parseWith(cellResultSchema, readJson(path)))
  if (cell.id !== cellId) throw new StoreError(`${path} holds cell ${cell.id}, not ${cellId}`)
  return cell
}

/** `cells[3].target: is missing; and 2 more` */
export function problemsSentence(problems: readonly Problem[]): string {
  const shown = problems.slice(0, 3).map(({ path, text }) => (path === '' ? text : `${path}: ${text}`))
  const more = problems.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function readJson(path: string): unknown {
  let text: string
  try {
    text = fs.readFileSync(path, 'utf8')
  } catch (cause) {
    throw storeError('read', path, cause)
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoreError(`${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
}

function expectParsed<T>(path: string, parsed: Parsed<T>): T {
  if (parsed.kind === 'parsed') return parsed.value
  throw new StoreError(`${path} is not a result of brokermark: ${problemsSentence(parsed.problems)}`)
}
