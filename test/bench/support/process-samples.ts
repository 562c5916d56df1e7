/** CPU and memory of another process over time, from /proc. */
import { kernelUnits } from '../../../src/probe/kernel-units.ts'
import { readProcessStat } from '../../../src/probe/proc-stat.ts'

export interface ProcessSample {
  /** `Date.now()`, milliseconds. */
  readonly atMs: number
  /** User + system time of all its threads since its start, microseconds; children are not counted. */
  readonly cpuUs: number
  readonly residentBytes: number
}

/** @returns null when there is no such process (any more). */
export function sampleProcess(pid: number): ProcessSample | null {
  const stat = readProcessStat(pid)
  if (stat === null || stat.state === 'Z') return null
  const { ticksPerSecond, pageBytes } = kernelUnits()
  return {
    atMs: Date.now(),
    cpuUs: (stat.ownTicks * 1e6) / ticksPerSecond,
    residentBytes: stat.residentPages * pageBytes,
  }
}

/**
 * CPU time spent between two instants, in microseconds per second of them, from the samples next to them.
 * @throws RangeError where fewer than two samples lie between them
 */
export function cpuMicrosPerSecond(samples: readonly ProcessSample[], fromMs: number, toMs: number): number {
  const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
  const [first] = within
  const last = within.at(-1)
  if (first === undefined || last === undefined || first === last) {
    throw new RangeError(`the process was not seen between ${fromMs} and ${toMs}`)
  }
  return (last.cpuUs - first.cpuUs) / ((last.atMs - first.atMs) / 1000)
}

/** Least squares of the resident set over time, bytes per minute; 0 for fewer than two samples. */
export function residentSlope(samples: readonly ProcessSample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const minutes = samples.map(({ atMs }) => atMs / 60_000)
  const meanMinutes = mean(minutes)
  const meanBytes = mean(samples.map(({ residentBytes }) => residentBytes))
  let above = 0
  let below = 0
  samples.forEach(({ residentBytes }, index) => {
    const apart = (minutes[index] ?? meanMinutes) - meanMinutes
    above += apart * (residentBytes - meanBytes)
    below += apart * apart
  })
  return below === 0 ? 0 : above / below
}
