import { setTimeout as sleep } from 'node:timers/promises'
import { availableParallelism } from 'node:os'
import { totalCounters } from '../measure/counters.ts'
import { maxOfKnown } from '../measure/statistics/max-of-known.ts'
import { countersOf, type Metric } from '../measure/shared-measurements.ts'
import { readHostCpu, type HostCpuReading } from '../probe/host-cpu.ts'
import type { Probe, UsageReading } from '../probe/probe.ts'
import type { Interval } from '../result/result.ts'
import type { Crew } from '../worker/crew.ts'
import { nextCutUs, type PhaseTimes } from '../worker/phase-plan.ts'
import { hostSharesOf } from './host-shares.ts'
import { IntervalRecorder } from './interval-recorder.ts'
import { WallClockWatch } from './wall-clock-watch.ts'

/** How often the main thread looks whether the cell has to end early. */
const LOOK_EVERY_US = 100_000

/** What the main thread needs to watch one cell. */
export interface Watch {
  readonly crew: Crew
  readonly phases: PhaseTimes
  readonly memories: readonly SharedArrayBuffer[]
  readonly probe: Probe | null
  /** The headline latency: end-to-end or, without consumers, publish. */
  readonly metric: Metric
  readonly deliveriesPerMessage: number
  /** Producers of the cell; when all are done and the cell is limited by count, the measurement is over. */
  readonly producers: number
  readonly limitedByCount: boolean
  readonly nowUs: () => number
  readonly signal: AbortSignal
  readonly onInterval: (interval: Interval) => void
}

/** Readings at the two ends of the measured window. */
export interface WindowReading {
  readonly recorder: IntervalRecorder
  readonly brokerBefore: UsageReading | null
  readonly brokerAfter: UsageReading | null
  readonly brokerMemoryBytesMax: number | null
  readonly generatorCpuUs: number
  /** Wall time between the two generator readings, seconds. */
  readonly generatorSeconds: number
  readonly generatorResidentBytesMax: number
  /** Time that the hypervisor took from this host inside the window, percent of all its cores; null where unknown. */
  readonly stealPercent: number | null
  /** Time that this host's cores had nothing to do inside the window, percent of all of them; null where unknown. */
  readonly hostIdlePercent: number | null
  /** By how much the wall clock was set while the cell ran (R2.7), milliseconds; null where it was not. */
  readonly wallClockStepMs: number | null
  /** When the window really began and ended, microseconds since the epoch; `toUs` lies early for a broken cell. */
  readonly fromUs: number
  readonly toUs: number
}

/** What is read where the measured window begins and where it ends; all cumulative. */
interface EdgeReading {
  readonly atUs: number
  readonly broker: UsageReading | null
  readonly host: HostCpuReading | null
  /** Of this process, user + system. */
  readonly cpuUs: number
}

function readEdge({ probe, nowUs }: Watch): EdgeReading {
  const broker = probe?.read() ?? null
  const { user, system } = process.cpuUsage()
  return { atUs: nowUs(), broker, host: readHostCpu(), cpuUs: user + system }
}

/** Lets warm-up and measurement pass, cutting intervals and reading usage at the edges. */
export async function watchWindow(watch: Watch): Promise<WindowReading> {
  const { phases, nowUs } = watch
  const recorder = new IntervalRecorder(
    watch.memories,
    watch.metric,
    phases,
    watch.probe,
    availableParallelism(),
    watch.deliveriesPerMessage,
  )
  const wallClock = new WallClockWatch(nowUs)
  const memory = { broker: null as number | null, generator: 0 }
  const cutUntil = async (endUs: number): Promise<EdgeReading> => {
    for (;;) {
      const cutAtUs = Math.min(endUs, nextCutUs(phases, nowUs()))
      const isEarly = await waitUntil(watch, cutAtUs)
      // First of all: the load goes on while an interval is made, and the first one of a process takes its time.
      const edge = readEdge(watch)
      watch.onInterval(recorder.cut(nowUs(), false))
      wallClock.look()
      memory.broker = maxOfKnown([memory.broker, edge.broker?.memoryBytes ?? null])
      memory.generator = Math.max(memory.generator, process.memoryUsage.rss())
      if (isEarly || cutAtUs >= endUs) return edge
    }
  }
  const hasWarmup = phases.measureFromUs > phases.startUs
  if (!hasWarmup) await waitUntil(watch, phases.measureFromUs)
  const before = hasWarmup ? await cutUntil(phases.measureFromUs) : readEdge(watch)
  const after = mustEnd(watch) ? readEdge(watch) : await cutUntil(phases.measureToUs)
  return {
    recorder,
    brokerBefore: before.broker,
    brokerAfter: after.broker,
    brokerMemoryBytesMax: memory.broker,
    generatorCpuUs: after.cpuUs - before.cpuUs,
    generatorSeconds: (after.atUs - before.atUs) / 1e6,
    generatorResidentBytesMax: memory.generator,
    ...hostSharesOf(before.host, after.host),
    wallClockStepMs: wallClock.stepMs,
    fromUs: phases.measureFromUs,
    toUs: Math.min(nowUs(), phases.measureToUs),
  }
}

/** @returns true when the cell has to end before `untilUs`. */
async function waitUntil(watch: Watch, untilUs: number): Promise<boolean> {
  for (;;) {
    if (mustEnd(watch) || isCountReached(watch)) return true
    const leftUs = untilUs - watch.nowUs()
    if (leftUs <= 0) return false
    await sleep(Math.max(1, Math.min(leftUs, LOOK_EVERY_US) / 1_000))
  }
}

function mustEnd({ crew, signal }: Watch): boolean {
  return signal.aborted || crew.failure !== null || crew.lost !== null
}

function isCountReached(watch: Watch): boolean {
  return watch.limitedByCount && totalCounters(watch.memories.map(countersOf)).producersDone >= watch.producers
}
