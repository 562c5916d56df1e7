/** CPU of the whole machine from /proc/stat: how busy it was, and what the hypervisor took from it. */
import { performance } from 'node:perf_hooks'
import { readText } from './system-file.ts'
import { kernelUnits, type KernelUnits } from './kernel-units.ts'

/** Cumulative since boot, over all cores, microseconds. */
export interface HostCpuReading {
  /** Microseconds of the harness's monotonic clock. */
  readonly atUs: number
  readonly busyUs: number
  /** Wanted by this machine and given to another one by the hypervisor; not part of `busyUs`. */
  readonly stealUs: number
  /** Busy, idle, waiting for a disk, and stolen. */
  readonly totalUs: number
  readonly cores: number
}

/** Pure. @returns null for a text that is not /proc/stat. */
export function parseHostCpu(text: string, units: KernelUnits, atUs: number): HostCpuReading | null {
  const line = /^cpu +(.*)$/m.exec(text)
  const [user, nice, system, idle, waiting, irq, softIrq, steal] = (line?.[1] ?? '').split(' ').map(Number)
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return null
  const usPerTick = 1_000_000 / units.ticksPerSecond
  // Guest time is in user time already (proc_stat(5)).
  const busyUs = (user + nice + system + (irq ?? 0) + (softIrq ?? 0)) * usPerTick
  const stealUs = (steal ?? 0) * usPerTick
  const totalUs = busyUs + stealUs + (idle + (waiting ?? 0)) * usPerTick
  return { atUs, busyUs, stealUs, totalUs, cores: (text.match(/^cpu\d/gm) ?? []).length }
}

/** @returns null where there is no /proc/stat. Never throws. */
export function readHostCpu(): HostCpuReading | null {
  const atUs = performance.now() * 1000
  return parseHostCpu(readText('/proc/stat') ?? '', kernelUnits(), atUs)
}

/** Pure. Stolen time between two readings, percent of all cores; null where no time passed. */
export function stealPercent(before: HostCpuReading, after: HostCpuReading): number | null {
  const totalUs = after.totalUs - before.totalUs
  return totalUs > 0 ? ((after.stealUs - before.stealUs) / totalUs) * 100 : null
}

/** Pure. Busy time between two readings, percent of all cores; null where no time passed. */
export function busyPercent(before: HostCpuReading, after: HostCpuReading): number | null {
  const totalUs = after.totalUs - before.totalUs
  return totalUs > 0 ? ((after.busyUs - before.busyUs) / totalUs) * 100 : null
}
