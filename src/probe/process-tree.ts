/** Processes and their descendants, found again at each reading and as cheaply as Linux allows. */
import { readdirSync, readFileSync } from 'node:fs'
import { readProcessStat, type ProcessStat } from './proc-stat.ts'

/** Pure. The roots that are there, and all their descendants. */
export function descendantsOf(rootPids: readonly number[], processes: readonly ProcessStat[]): ProcessStat[] {
  const childrenOf = new Map<number, ProcessStat[]>()
  for (const one of processes) {
    const siblings = childrenOf.get(one.parentPid)
    if (siblings === undefined) childrenOf.set(one.parentPid, [one])
    else siblings.push(one)
  }
  const found = new Map<number, ProcessStat>()
  const waiting = processes.filter(({ pid }) => rootPids.includes(pid))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next.pid)) continue
    found.set(next.pid, next)
    waiting.push(...(childrenOf.get(next.pid) ?? []))
  }
  return [...found.values()]
}

/** What a tree is read from: /proc, or a test's own. */
export interface ProcessTable {
  /** Changes whenever a process or a thread was started; null where that cannot be told. */
  readonly newestPid: () => string | null
  readonly pids: () => number[]
  readonly stat: (pid: number) => ProcessStat | null
}

const PROC: ProcessTable = { newestPid: readNewestPid, pids: allPids, stat: readProcessStat }

/**
 * Follows the descendants of some processes. All of /proc is listed only when a process was started since, and then only
 * newcomers are read: on a busy machine each file takes its time, and a reading is for one instant.
 */
export class ProcessTree {
  readonly #rootPids: readonly number[]
  readonly #table: ProcessTable
  #members: readonly number[] = []
  #newestPid: string | null = null
  #listed: ReadonlySet<number> = new Set()

  constructor(rootPids: readonly number[], table: ProcessTable = PROC) {
    this.#rootPids = rootPids
    this.#table = table
  }

  /** The roots that live and all their descendants; empty when the roots are gone. Never throws. */
  read(): ProcessStat[] {
    const newestPid = this.#table.newestPid()
    const isComplete = newestPid !== null && newestPid === this.#newestPid
    const pids = isComplete ? this.#members : this.#candidates()
    const members = descendantsOf(
      this.#rootPids,
      pids.flatMap((pid) => this.#table.stat(pid) ?? []),
    )
    this.#members = members.map(({ pid }) => pid)
    this.#newestPid = newestPid
    return members
  }

  /**
   * The tree of the last reading and whoever was not there then. Of the others nobody joins it: who loses its parent goes
   * to one of its own ancestors, and a pid is given out again only when all have been.
   */
  #candidates(): readonly number[] {
    const listed = this.#table.pids()
    const known = new Set([...this.#rootPids, ...this.#members])
    const candidates = listed.filter((pid) => known.has(pid) || !this.#listed.has(pid))
    this.#listed = new Set(listed)
    return candidates
  }
}

/** Last field of /proc/loadavg: the pid given out last, to a process or a thread. */
function readNewestPid(): string | null {
  try {
    return readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1) ?? null
  } catch {
    return null
  }
}

/** Pids of all processes that this one can see. Never throws. */
export function allPids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))
  } catch {
    return []
  }
}
