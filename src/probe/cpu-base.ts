/** What 100 % of a broker's CPU is: the whole machine, or the limit of the cgroup that it is in. */
import { cpus } from 'node:os'
import { cgroupCoresLimit, cgroupFoldersOf } from './cgroup-files.ts'

export interface CpuBase {
  /** `2 cores of the machine`, `1.5 cores (cgroup limit)`. */
  readonly text: string
  readonly cores: number
}

/** The base for a process. Never throws. */
export function cpuBase(pid: number): CpuBase {
  return baseOf(cgroupFoldersOf(pid, 'cpu'))
}

/** The base for a cgroup, given its folder and those above it. Never throws. */
export function baseOf(cgroupFolders: readonly string[]): CpuBase {
  const machineCores = Math.max(1, cpus().length)
  const limit = Math.min(...cgroupFolders.map((folder) => cgroupCoresLimit(folder) ?? Infinity))
  if (limit < machineCores) return { text: `${coresText(limit)} (cgroup limit)`, cores: limit }
  return { text: `${coresText(machineCores)} of the machine`, cores: machineCores }
}

function coresText(cores: number): string {
  return `${Number(cores.toFixed(2))} ${cores === 1 ? 'core' : 'cores'}`
}
