import { busyPercent, stealPercent, type HostCpuReading } from '../probe/host-cpu.ts'

/** What became of the time of all cores of this host between two readings, percent; null where unknown. */
export interface HostShares {
  /** Taken by the hypervisor for others. */
  readonly stealPercent: number | null
  readonly hostIdlePercent: number | null
}

export function hostSharesOf(before: HostCpuReading | null, after: HostCpuReading | null): HostShares {
  if (before === null || after === null) return { stealPercent: null, hostIdlePercent: null }
  const stolen = stealPercent(before, after)
  const busy = busyPercent(before, after)
  if (stolen === null || busy === null) return { stealPercent: stolen, hostIdlePercent: null }
  return { stealPercent: stolen, hostIdlePercent: Math.max(0, 100 - busy - stolen) }
}
