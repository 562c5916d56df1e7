/**
 * A broker's CPU and memory from /proc, by its pid.
 *
 * CPU counts user + system time of the processes named and of all their descendants: of those that live, their own
 * time; of those that ended, what their parent took over when it waited for them. A child that ends without being
 * waited for takes its time with it; the sum is then held where it was rather than let fall. Memory is the sum of the
 * resident sets, so pages that processes share count once for each.
 */
import { performance } from 'node:perf_hooks'
import { cpuBase, type CpuBase } from './cpu-base.ts'
import { kernelUnits } from './kernel-units.ts'
import type { ProcessStat } from './proc-stat.ts'
import { readProcessStat, withProgramName } from './proc-stat.ts'
import type { Probe, UsageReading } from './probe.ts'
import { ProcessTree } from './process-tree.ts'

/** @returns null when one of the processes does not exist. */
export function openPidProbe(pids: readonly [number, ...number[]]): Probe | null {
  const roots = pids.map(readProcessStat)
  if (roots.some((root) => root === null || root.state === 'Z')) return null
  const tree = new ProcessTree(pids)
  const members = tree.read()
  return new PidProbe(roots as ProcessStat[], members.length, tree, cpuBase(pids[0]))
}

class PidProbe implements Probe {
  readonly source: string
  readonly base: string
  readonly cores: number
  readonly #roots: readonly ProcessStat[]
  readonly #tree: ProcessTree
  /** CPU time of children that took it with them. */
  #vanishedTicks = 0
  #liveTicks = 0

  constructor(roots: readonly ProcessStat[], memberCount: number, tree: ProcessTree, base: CpuBase) {
    const names = roots
      .map(withProgramName)
      .map(({ pid, name }) => `${pid} (${name})`)
      .join(', ')
    this.source = `pid ${names}, ${memberCount} ${memberCount === 1 ? 'process' : 'processes'}`
    this.base = base.text
    this.cores = base.cores
    this.#roots = roots
    this.#tree = tree
  }

  read(): UsageReading | null {
    const atUs = performance.now() * 1000
    const members = this.#tree.read()
    if (!this.#roots.every((root) => members.some((member) => isSameLiving(member, root)))) return null
    const { ticksPerSecond, pageBytes } = kernelUnits()
    const ticks = sum(members.map((member) => member.ownTicks + member.waitedChildrenTicks))
    if (ticks < this.#liveTicks) this.#vanishedTicks += this.#liveTicks - ticks
    this.#liveTicks = ticks
    return {
      atUs,
      cpuUs: ((ticks + this.#vanishedTicks) * 1_000_000) / ticksPerSecond,
      memoryBytes: sum(members.map(({ residentPages }) => residentPages)) * pageBytes,
    }
  }
}

function isSameLiving(member: ProcessStat, root: ProcessStat): boolean {
  return member.pid === root.pid && member.startTicks === root.startTicks && member.state !== 'Z'
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0)
}
