/** /proc/PID/stat (proc_pid_stat(5)): what Linux counts of one process. */
import { readFileSync } from 'node:fs'
import { readText } from './system-file.ts'

export interface ProcessStat {
  readonly pid: number
  /** At most 15 characters; may hold spaces and parentheses. */
  readonly name: string
  /** `Z` is a zombie: dead, its times not yet taken by its parent. */
  readonly state: string
  readonly parentPid: number
  /** User + system time of its own threads, ticks. */
  readonly ownTicks: number
  /** The same of children that ended and were waited for, and of theirs. */
  readonly waitedChildrenTicks: number
  /** Since boot: tells a process from a later one with the same pid. */
  readonly startTicks: number
  readonly residentPages: number
}

/** Pure. @returns null for a text that is no such line. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text.slice(close + 2).split(' ')
  // The first one behind the name is field 3 of the manual page.
  const field = (number: number): number => Number(fields[number - 3])
  const stat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parentPid: field(4),
    ownTicks: field(14) + field(15),
    waitedChildrenTicks: field(16) + field(17),
    startTicks: field(22),
    residentPages: field(24),
  }
  return Number.isNaN(stat.residentPages) ? null : stat
}

/** @returns null when there is no such process (any more). Never throws. */
export function readProcessStat(pid: number): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return null
  }
}

/**
 * The same under the name of the program as it was started. The kernel's own name is that of the main thread, which
 * some programs change (Node 24 calls it MainThread). Costs another file, so it is not for every reading. Never throws.
 */
export function withProgramName(stat: ProcessStat): ProcessStat {
  return { ...stat, name: programName(readText(`/proc/${stat.pid}/cmdline`) ?? '') ?? stat.name }
}

/** Pure. The last part of the first word of a command line, whose words end in NUL; null for an empty one. */
export function programName(commandLine: string): string | null {
  const program = commandLine.split('\0', 1)[0]?.split(' ', 1)[0] ?? ''
  const name = program.slice(program.lastIndexOf('/') + 1)
  return name === '' ? null : name
}
