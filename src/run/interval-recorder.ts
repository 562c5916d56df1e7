import { totalCounters, type CounterTotals } from '../measure/counters.ts'
import { SAMPLES_NEEDED } from '../measure/latency-summary.ts'
import { countersOf, type Metric } from '../measure/shared-measurements.ts'
import { sparseQuantile, sparseTotal, type SparseCounts } from '../measure/sparse-counts.ts'
import { readHostCpu, type HostCpuReading } from '../probe/host-cpu.ts'
import type { Probe, UsageReading } from '../probe/probe.ts'
import type { Interval, PhaseName } from '../result/result.ts'
import { UNMONITORED } from '../result/unmonitored.ts'
import type { PhaseTimes } from '../worker/phase-plan.ts'
import { hostSharesOf } from './host-shares.ts'
import { LatencyCourse } from './latency-course.ts'

/** The kernel counts a host's CPU in ticks of 10 ms: of a shorter interval they say nothing. */
const HOST_SHARES_FROM_SECONDS = 0.5

interface Snapshot {
  readonly atUs: number
  readonly counters: CounterTotals
  readonly usage: UsageReading | null
  readonly generatorCpuUs: number
  readonly host: HostCpuReading | null
}

/**
 * Makes one interval about every second out of the differences of cumulative counts (method.md R3.1), on the main
 * thread. Intervals are cut where a phase ends, so that none belongs to two. What only the workers know of a second
 * (`withThreadSeconds`) comes when they have ended.
 */
export class IntervalRecorder {
  readonly #memories: readonly SharedArrayBuffer[]
  readonly #metric: Metric
  readonly #phases: PhaseTimes
  readonly #probe: Probe | null
  readonly #cores: number
  readonly #deliveriesPerMessage: number
  readonly #intervals: Interval[] = []
  readonly course: LatencyCourse
  #last: Snapshot

  /** @param metric the headline latency: end-to-end or, without consumers, publish. */
  constructor(
    memories: readonly SharedArrayBuffer[],
    metric: Metric,
    phases: PhaseTimes,
    probe: Probe | null,
    cores: number,
    deliveriesPerMessage: number,
  ) {
    this.#memories = memories
    this.#metric = metric
    this.#phases = phases
    this.#probe = probe
    this.#cores = cores
    this.#deliveriesPerMessage = deliveriesPerMessage
    this.course = new LatencyCourse(memories, metric)
    this.#last = this.#snapshot(phases.startUs)
  }

  get intervals(): readonly Interval[] {
    return this.#intervals
  }

  get totals(): CounterTotals {
    return totalCounters(this.#memories.map(countersOf))
  }

  /** Closes the interval that began at the last call. @param isDraining no more messages are being published. */
  cut(nowUs: number, isDraining: boolean): Interval {
    const before = this.#last
    const after = this.#snapshot(nowUs)
    this.#last = after
    const { startUs } = this.#phases
    const seconds = Math.max(1e-6, (after.atUs - before.atUs) / 1e6)
    const phase = this.#phaseAt((before.atUs + after.atUs) / 2, isDraining)
    const { headline, generatorLag } = this.course.take(
      (before.atUs - startUs) / 1e6,
      (after.atUs - startUs) / 1e6,
      phase,
    )
    const interval: Interval = {
      ...UNMONITORED,
      phase,
      atSeconds: round((after.atUs - startUs) / 1e6),
      seconds: round(seconds),
      sent: after.counters.sent - before.counters.sent,
      confirmed: after.counters.confirmed - before.counters.confirmed,
      delivered: after.counters.delivered - before.counters.delivered,
      backlog: this.#backlog(after.counters),
      p50Us: sparseQuantile(headline, 0.5),
      p99Us: sparseQuantile(headline, 0.99),
      maxUs: sparseQuantile(headline, 1),
      brokerCpuPercent: brokerPercent(before.usage, after.usage, this.#probe?.cores ?? 1),
      brokerMemoryBytes: after.usage?.memoryBytes ?? null,
      generatorCpuPercent: round(((after.generatorCpuUs - before.generatorCpuUs) / 1e6 / seconds / this.#cores) * 100),
      ...(this.#isOpen ? scheduleOf(before.counters, after.counters, generatorLag) : {}),
      residentBytes: process.memoryUsage.rss(),
      ...(seconds < HOST_SHARES_FROM_SECONDS ? {} : hostSharesOf(before.host, after.host)),
    }
    this.#intervals.push(interval)
    return interval
  }

  /** Only an open model has a response latency to head it. */
  get #isOpen(): boolean {
    return this.#metric === 'endToEndResponse' || this.#metric === 'publishResponse'
  }

  #backlog(counters: CounterTotals): number {
    switch (this.#metric) {
      case 'endToEndService':
        return Math.max(0, counters.sent * this.#deliveriesPerMessage - counters.delivered)
      case 'endToEndResponse':
        // What has come due and could not leave waits as well.
        return Math.max(0, (counters.offered - counters.skipped) * this.#deliveriesPerMessage - counters.delivered)
      case 'publishResponse':
        return Math.max(0, counters.offered - counters.skipped - counters.sent) + counters.outstanding
      default:
        return counters.outstanding
    }
  }

  #phaseAt(atUs: number, isDraining: boolean): PhaseName {
    if (isDraining || atUs >= this.#phases.measureToUs) return 'drain'
    return atUs < this.#phases.measureFromUs ? 'warm-up' : 'measure'
  }

  #snapshot(atUs: number): Snapshot {
    const cpu = process.cpuUsage()
    return {
      atUs,
      counters: this.totals,
      usage: this.#probe?.read() ?? null,
      generatorCpuUs: cpu.user + cpu.system,
      host: readHostCpu(),
    }
  }
}

/** What came due in an interval, and how late it left. Percentiles are null where too few messages left (R3.2). */
function scheduleOf(
  before: CounterTotals,
  after: CounterTotals,
  lag: SparseCounts,
): Pick<Interval, 'offered' | 'skipped' | 'generatorLagP99Us' | 'generatorLagP999Us'> {
  const left = sparseTotal(lag)
  return {
    offered: after.offered - before.offered,
    skipped: after.skipped - before.skipped,
    generatorLagP99Us: left < SAMPLES_NEEDED.p99 ? null : sparseQuantile(lag, 0.99),
    generatorLagP999Us: left < SAMPLES_NEEDED.p999 ? null : sparseQuantile(lag, 0.999),
  }
}

/** Percent of `cores` between two readings; null when either is missing. */
export function brokerPercent(before: UsageReading | null, after: UsageReading | null, cores: number): number | null {
  if (before === null || after === null || after.atUs <= before.atUs) return null
  return round(((after.cpuUs - before.cpuUs) / (after.atUs - before.atUs) / cores) * 100)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
