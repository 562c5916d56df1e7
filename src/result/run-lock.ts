/**
 * The lock that keeps two processes from writing the same run: a file `lock` in the run's folder, which names its
 * owner. It appears whole (hard link of a finished file), so nobody can read half of it; a lock whose owner is gone is
 * taken over.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { StoreError } from './store-error.ts'
import { storeError } from './system-reason.ts'

const ownerSchema = z.object({
  host: z.string(),
  pid: z.number(),
  /** Start of the process in clock ticks since boot, because pids are used again; null where there is no /proc. */
  startTicks: z.number().nullable(),
  token: z.string(),
})
type LockOwner = z.infer<typeof ownerSchema>

/** A lock that is held; `release` is idempotent and never throws. */
export interface RunLock {
  release(): void
}

/** @throws StoreError when a living process holds the run, or the folder cannot be written. */
export function lockRun(runFolderPath: string): RunLock {
  const path = lockPath(runFolderPath)
  const owner: LockOwner = {
    host: hostname(),
    pid: process.pid,
    startTicks: processStat(process.pid)?.startTicks ?? null,
    token: token(),
  }
  const own = join(runFolderPath, `.lock.${owner.token}.tmp`)
  try {
    fs.writeFileSync(own, JSON.stringify(owner))
    try {
      if (!linked(own, path)) {
        removeStale(runFolderPath)
        if (!linked(own, path)) throw heldError(runFolderPath, readOwner(path))
      }
    } finally {
      fs.rmSync(own, { force: true })
    }
  } catch (cause) {
    throw storeError('lock', runFolderPath, cause)
  }
  return { release: () => releaseLock(path, owner.token) }
}

/** Whether a process that lives (or may live: another host's) is writing this run. */
export function isRunLocked(runFolderPath: string): boolean {
  const owner = readOwner(lockPath(runFolderPath))
  return owner !== null && !isGone(owner)
}

function lockPath(runFolderPath: string): string {
  return join(runFolderPath, 'lock')
}

function token(): string {
  return randomBytes(8).toString('hex')
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to)
    return true
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    if (code === 'EEXIST') return false
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw cause
    return copied(from, to)
  }
}

/** For file systems without hard links: exclusive all the same, though a reader may see it half written. */
function copied(from: string, to: string): boolean {
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  }
}

/** Moves a dead owner's lock away. What was moved is looked at again: it may be a lock that came in between. */
function removeStale(runFolderPath: string): void {
  const path = lockPath(runFolderPath)
  const owner = readOwner(path)
  if (owner !== null && !isGone(owner)) throw heldError(runFolderPath, owner)
  const aside = join(runFolderPath, `.lock.${token()}.stale`)
  try {
    fs.renameSync(path, aside)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return
    throw cause
  }
  const moved = readOwner(aside)
  if (moved !== null && !isGone(moved)) linked(aside, path)
  fs.rmSync(aside, { force: true })
}

function releaseLock(path: string, ownToken: string): void {
  try {
    if (readOwner(path)?.token === ownToken) fs.rmSync(path, { force: true })
  } catch {
    // The process is about to end or has finished the run: a lock that stays behind is stale from then on.
  }
}

/** null: no lock there, or one that says nothing (which only a foreign hand can have written). */
function readOwner(path: string): LockOwner | null {
  try {
    return ownerSchema.parse(JSON.parse(fs.readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

function isGone(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return false
  try {
    process.kill(owner.pid, 0)
  } catch (cause) {
    // EPERM: it lives and belongs to somebody else.
    return (cause as NodeJS.ErrnoException).code === 'ESRCH'
  }
  const now = processStat(owner.pid)
  if (now === null || owner.startTicks === null) return false
  return now.state === 'Z' || now.startTicks !== owner.startTicks
}

/** Fields 3 and 22 of /proc/PID/stat, after the last parenthesis because a process name may contain anything. */
function processStat(pid: number): { state: string; startTicks: number } | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTicks: Number(fields[19]) }
  } catch {
    return null
  }
}

function heldError(runFolderPath: string, owner: LockOwner | null): StoreError {
  const path = lockPath(runFolderPath)
  if (owner === null) return new StoreError(`the run in ${runFolderPath} is being written by another process`)
  if (owner.host === hostname()) {
    return new StoreError(`the run in ${runFolderPath} is being written by process ${owner.pid}`)
  }
  return new StoreError(
    `the run in ${runFolderPath} is locked by process ${owner.pid} on host ${owner.host}; if that process is gone, remove ${path}`,
  )
}
