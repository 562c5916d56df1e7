/**
 * The probe seam: a broker's CPU and memory from outside. One file per source. Readings are cumulative, so that the
 * caller takes differences over the window it wants and a missed sample loses nothing.
 */
export interface UsageReading {
  /** When it was read, microseconds of the harness's monotonic clock (`performance.now() * 1000`). */
  readonly atUs: number
  /** CPU time so far of all processes of the broker, user + system, microseconds. */
  readonly cpuUs: number
  /** Resident memory now, bytes; null where the source has none. */
  readonly memoryBytes: number | null
}

export interface Probe {
  /** `pid 1234 (java), 1 process`, `cgroup /system.slice/x`: printed with every figure. */
  readonly source: string
  /** `2 cores of the machine`, `1.5 cores (cgroup limit)`. */
  readonly base: string
  /** What 100 % is, in cores; may be a fraction under a cgroup limit. */
  readonly cores: number
  /** @returns null when the broker has gone. Never throws. */
  read(): UsageReading | null
}

/** Either a probe, or the sentence that the CPU column shows in its place. */
export type ProbeFinding =
  { readonly kind: 'found'; readonly probe: Probe } | { readonly kind: 'none'; readonly why: string }

/** How to find the broker. All optional; tried in this order: cgroup, pid, the listener of the port on this host. */
export interface ProbeRequest {
  readonly cgroupPath: string | null
  readonly pid: number | null
  /** Host and port as in the target; looked up only when the host is an address of this machine. */
  readonly host: string
  readonly port: number
}
