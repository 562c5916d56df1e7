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

/** Follows the descendants of some processes. All of /proc is read only when a process was started since. */
export class ProcessTree {
  readonly #rootPids: readonly number[]
  #members: readonly number[] = []
  #newestPid: string | null = null

  constructor(rootPids: readonly number[]) {
    this.#rootPids = rootPids
  }

  /** The roots that live and all their descendants; empty when the roots are gone. Never throws. */
  read(): ProcessStat[] {
    const newestPid = readNewestPid()
    const isComplete = newestPid !== null && newestPid === this.#newestPid
    const processes = (isComplete ? this.#members : allPids()).flatMap((pid) => readProcessStat(pid) ?? [])
    const members = descendantsOf(this.#rootPids, processes)
    this.#members = members.map(({ pid }) => pid)
    this.#newestPid = newestPid
    return members
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
