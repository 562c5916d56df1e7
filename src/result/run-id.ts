/** Names of runs and of the files of their cells: readable, sortable by time, safe on every file system. */
import { createHash } from 'node:crypto'
import { StoreError } from './store-error.ts'

const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

function slug(text: string, lengthMax: number): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, lengthMax)
    .replace(/^[-.]+|[-.]+$/g, '')
}

/**
 * `20261121T101500Z-quick-3f2a`: two runs of the same second differ by their last four hex digits.
 * @param nowIso ISO 8601 in UTC, as `Date.toISOString` gives it.
 * @param name of the workload; becomes lower case with dashes, 40 characters at most, `run` when nothing is left.
 * @param random 0 <= random < 1.
 */
export function newRunId(nowIso: string, name: string, random: number): string {
  const instant = nowIso.replace(/[-:]/g, '').replace(/\.\d+/, '')
  const suffix = Math.floor(random * 0x10000)
    .toString(16)
    .padStart(4, '0')
  return `${instant}-${runNameOf(name)}-${suffix}`
}

/** The part of a run's id that comes from the name of its workload. */
export function runNameOf(name: string): string {
  return slug(name, 40) || 'run'
}

/** @throws StoreError when `runId` could name anything but a folder directly under the results folder. */
export function checkRunId(runId: string): void {
  if (!SAFE_NAME.test(runId)) {
    throw new StoreError(`${JSON.stringify(runId)} is not a run id: letters, digits, dots, dashes and underscores only`)
  }
}

/** File name without extension for a cell: the id itself where it is a safe name, else a slug with 8 digits of its hash. */
export function cellFileName(cellId: string): string {
  if (SAFE_NAME.test(cellId)) return cellId
  const digest = createHash('sha256').update(cellId).digest('hex').slice(0, 8)
  return `${slug(cellId, 80) || 'cell'}-${digest}`
}
