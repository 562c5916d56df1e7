/**
 * A broker's CPU and memory from its control group: a container, a systemd unit. Everything in the group counts, also
 * what has ended. Memory is what the group is charged with, page cache included.
 */
import { isAbsolute, join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { CGROUP_MOUNT, cgroupAncestors, parseCpuStat } from './cgroup-files.ts'
import { baseOf, type CpuBase } from './cpu-base.ts'
import { readText } from './system-file.ts'
import type { Probe, UsageReading } from './probe.ts'

/** Reads the files of one version of control groups. */
interface CgroupReader {
  /** The folders whose limits bind the group. */
  readonly limitFolders: readonly string[]
  cpuUs(): number | null
  memoryBytes(): number | null
}

/**
 * @param path a folder below /sys/fs/cgroup, or the path of a group as /proc/PID/cgroup has it (`/system.slice/x`).
 * @returns null when there is no group with CPU accounting at that path.
 */
export function openCgroupProbe(path: string): Probe | null {
  const group = isAbsolute(path) && path.startsWith(`${CGROUP_MOUNT}/`) ? path.slice(CGROUP_MOUNT.length) : path
  const reader = [
    versionTwo(join(CGROUP_MOUNT, group)),
    versionTwo(resolve(path)),
    versionOne(group),
    versionOne(group.replace(/^\/(cpuacct|cpu,cpuacct)(?=\/|$)/, '')),
  ].find((candidate) => candidate.cpuUs() !== null)
  return reader === undefined ? null : new CgroupProbe(group, reader)
}

class CgroupProbe implements Probe {
  readonly source: string
  readonly base: string
  readonly cores: number
  readonly #reader: CgroupReader

  constructor(group: string, reader: CgroupReader) {
    const base: CpuBase = baseOf(reader.limitFolders)
    this.source = `cgroup ${group} (memory with page cache)`
    this.base = base.text
    this.cores = base.cores
    this.#reader = reader
  }

  read(): UsageReading | null {
    const atUs = performance.now() * 1000
    const cpuUs = this.#reader.cpuUs()
    return cpuUs === null ? null : { atUs, cpuUs, memoryBytes: this.#reader.memoryBytes() }
  }
}

function versionTwo(folder: string): CgroupReader {
  return {
    limitFolders: cgroupAncestors(folder),
    cpuUs: () => parseCpuStat(readText(join(folder, 'cpu.stat')) ?? '')?.usageUs ?? null,
    memoryBytes: () => readCount(join(folder, 'memory.current')),
  }
}

/** Version 1 keeps each controller in a hierarchy of its own: the same group, three folders. */
function versionOne(group: string): CgroupReader {
  return {
    limitFolders: cgroupAncestors(join(CGROUP_MOUNT, 'cpu', group)),
    cpuUs: () => {
      const nanoseconds = readCount(join(CGROUP_MOUNT, 'cpuacct', group, 'cpuacct.usage'))
      return nanoseconds === null ? null : nanoseconds / 1000
    },
    memoryBytes: () => readCount(join(CGROUP_MOUNT, 'memory', group, 'memory.usage_in_bytes')),
  }
}

function readCount(path: string): number | null {
  const text = readText(path)
  return text === null || !/^\d+\s*$/.test(text) ? null : Number(text)
}
