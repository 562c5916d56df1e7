/** The edge to what the host allows: open files, cores, a folder that can be written. */
import fs from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { storeError } from '../result/system-reason.ts'

/** The hard limit of open files; Node raises its soft one to it. Null where the system does not tell, or has none. */
export function openFilesMax(): number | null {
  let limits: string
  try {
    limits = fs.readFileSync('/proc/self/limits', 'utf8')
  } catch {
    // Not Linux: the operating system will say it itself.
    return null
  }
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? 'unlimited'
  return hard === 'unlimited' ? null : Number(hard)
}

export function coreCount(): number {
  return availableParallelism()
}

/**
 * Makes the results folder where it is missing and tries it with a file of its own.
 * @throws StoreError before anything was measured that could then not be kept.
 */
export function proveWritable(resultsFolder: string): void {
  const trial = resolve(resultsFolder, `.writable-${process.pid}`)
  try {
    fs.mkdirSync(dirname(trial), { recursive: true })
    fs.writeFileSync(trial, '')
    fs.rmSync(trial)
  } catch (cause) {
    throw storeError('write', resultsFolder, cause)
  }
}

/** @returns null when the file can be read, else the system's error. */
export function readError(path: string): unknown {
  try {
    fs.accessSync(path, fs.constants.R_OK)
    return fs.statSync(path).isFile() ? null : Object.assign(new Error('is a folder'), { code: 'EISDIR' })
  } catch (cause) {
    return cause
  }
}
