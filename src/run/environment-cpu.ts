/** Processors, memory, and the limits of the control group that the harness runs in. */
import { readdirSync } from 'node:fs'
import { arch, availableParallelism, cpus, endianness, totalmem } from 'node:os'
import { join } from 'node:path'
import { cgroupCoresLimit, cgroupFoldersOf, cgroupMemoryLimitBytes, parseCpuStat } from '../probe/cgroup-files.ts'
import { readText } from '../probe/system-file.ts'
import type { Environment } from './environment.ts'

const CPU_FOLDER = '/sys/devices/system/cpu'

export function cpuFacts(): Environment {
  const all = cpus()
  const info = readText('/proc/cpuinfo') ?? ''
  const frequency = join(CPU_FOLDER, 'cpu0', 'cpufreq')
  return {
    cpuArchitecture: `${arch()} ${endianness()}`,
    cpuModel: all[0]?.model.trim() ?? null,
    cpuCores: all.length,
    cpuCoresUsable: availableParallelism(),
    cpuSockets: distinct(info, 'physical id'),
    cpuThreadsPerCore: threadsPerCore(readText(join(CPU_FOLDER, 'cpu0', 'topology', 'thread_siblings_list'))),
    cpuSmt: line(join(CPU_FOLDER, 'smt', 'control')),
    cpuNumaNodes: count('/sys/devices/system/node', /^node\d+$/),
    cpuGovernor: line(join(frequency, 'scaling_governor')),
    cpuFrequencyDriver: line(join(frequency, 'scaling_driver')),
    cpuMhzNow: numberOf(infoValue(info, 'cpu MHz')),
    cpuMhzMax: thousandth(line(join(frequency, 'cpuinfo_max_freq'))),
    cpuMicrocode: infoValue(info, 'microcode'),
    cpuIsolated: line(join(CPU_FOLDER, 'isolated')),
    memoryBytes: totalmem(),
    ...groupFacts(),
  }
}

function groupFacts(): Environment {
  const folders = cgroupFoldersOf(process.pid, 'cpu')
  const limits = folders.flatMap((folder) => cgroupCoresLimit(folder) ?? [])
  const memory = cgroupFoldersOf(process.pid, 'memory').flatMap((folder) => cgroupMemoryLimitBytes(folder) ?? [])
  const own = folders[0]
  return {
    cgroupVersion: readText('/sys/fs/cgroup/cgroup.controllers') !== null ? 2 : folders.length > 0 ? 1 : null,
    cgroupCoresLimit: limits.length === 0 ? null : Math.min(...limits),
    cgroupMemoryLimitBytes: memory.length === 0 ? null : Math.min(...memory),
    cgroupThrottledPeriods:
      own === undefined ? null : (parseCpuStat(readText(join(own, 'cpu.stat')) ?? '')?.throttledPeriods ?? null),
  }
}

/** Pure. `0-1`, `0,64` or `3`: how many threads share a core. */
export function threadsPerCore(list: string | null): number | null {
  if (list === null) return null
  return list
    .trim()
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((total, [from = 0, to = from]) => total + to - from + 1, 0)
}

/** Pure. The first value of a key in /proc/cpuinfo. */
export function infoValue(info: string, key: string): string | null {
  return new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(info)?.[1]?.trim() ?? null
}

function distinct(info: string, key: string): number | null {
  const values = new Set(info.match(new RegExp(`^${key}\\s*: .*$`, 'gm')) ?? [])
  return values.size === 0 ? null : values.size
}

function count(folder: string, pattern: RegExp): number | null {
  try {
    return readdirSync(folder).filter((name) => pattern.test(name)).length
  } catch {
    return null // Not Linux, or built without it.
  }
}

function line(path: string): string | null {
  const text = readText(path)?.trim() ?? ''
  return text === '' ? null : text
}

function numberOf(text: string | null): number | null {
  const value = Number(text ?? Number.NaN)
  return Number.isNaN(value) ? null : value
}

function thousandth(text: string | null): number | null {
  const value = numberOf(text)
  return value === null ? null : value / 1000
}
