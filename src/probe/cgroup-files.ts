/** Files of control groups, version 2 (kernel: admin-guide/cgroup-v2.rst) and, as far as needed, version 1. */
import { dirname, join } from 'node:path'
import { readText } from './system-file.ts'

/** Where Linux distributions mount control groups. */
export const CGROUP_MOUNT = '/sys/fs/cgroup'

/** Version 1 has a hierarchy for each. */
export type CgroupController = 'cpu' | 'memory'

/** From `cpu.stat`. */
export interface CgroupCpu {
  readonly usageUs: number
  /** Periods in which the group ran into its limit; null where there is no CPU controller. */
  readonly throttledPeriods: number | null
}

/** Pure. @returns null when the text has no `usage_usec`: version 1, or no CPU accounting. */
export function parseCpuStat(text: string): CgroupCpu | null {
  const figures = new Map(text.split('\n').map((line) => line.split(' ') as [string, string | undefined]))
  const usage = figures.get('usage_usec')
  if (usage === undefined) return null
  const throttled = figures.get('nr_throttled')
  return { usageUs: Number(usage), throttledPeriods: throttled === undefined ? null : Number(throttled) }
}

/** Pure. `150000 100000` is 1.5 cores. @returns null for `max`, no limit. */
export function parseCpuMax(text: string): number | null {
  const [quota, period] = text.trim().split(' ').map(Number)
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null
  return quota / period
}

/**
 * Pure. Folders of a process's control group, from /proc/PID/cgroup: the one of version 2 and that of version 1's
 * `controller`, each with those above it, whose limits bind it as well.
 */
export function cgroupFolders(text: string, controller: CgroupController): string[] {
  return text.split('\n').flatMap((line) => {
    const [id, controllers, ...rest] = line.split(':')
    const path = rest.join(':')
    // `/..` is a group above what this process may see.
    if (controllers === undefined || path === '' || path.startsWith('/..')) return []
    if (id === '0' && controllers === '') return upwards(CGROUP_MOUNT, path)
    return controllers.split(',').includes(controller) ? upwards(join(CGROUP_MOUNT, controllers), path) : []
  })
}

function upwards(mount: string, path: string): string[] {
  if (path === '/') return [mount]
  return [join(mount, path), ...upwards(mount, dirname(path))]
}

/** As `cgroupFolders`, for a process of this machine; none where it is not Linux. Never throws. */
export function cgroupFoldersOf(pid: number, controller: CgroupController): string[] {
  return cgroupFolders(readText(`/proc/${pid}/cgroup`) ?? '', controller)
}

/** A group's folder and those above it up to the mount. */
export function cgroupAncestors(folder: string): string[] {
  return folder === CGROUP_MOUNT || dirname(folder) === folder
    ? [folder]
    : [folder, ...cgroupAncestors(dirname(folder))]
}

/** Cores that a group may use at most; null where it has no limit of its own. Never throws. */
export function cgroupCoresLimit(folder: string): number | null {
  const max = readText(join(folder, 'cpu.max'))
  if (max !== null) return parseCpuMax(max)
  const quota = readText(join(folder, 'cpu.cfs_quota_us'))
  const period = readText(join(folder, 'cpu.cfs_period_us'))
  return quota === null || period === null ? null : parseCpuMax(`${quota.trim()} ${period.trim()}`)
}

/** Bytes that a group may use at most; null where it has no limit. Never throws. */
export function cgroupMemoryLimitBytes(folder: string): number | null {
  const text = readText(join(folder, 'memory.max')) ?? readText(join(folder, 'memory.limit_in_bytes'))
  const limit = text === null ? Number.NaN : Number(text.trim())
  // Version 1 says "no limit" by the largest number of whole pages.
  return Number.isNaN(limit) || limit > 2 ** 60 ? null : limit
}
