import { totalCounters, type CounterTotals } from '../measure/counters.ts'
import { subtractCounts, type LatencyCounts } from '../measure/latency-recorder.ts'
import { totalCount, valueAtQuantile } from '../measure/latency-summary.ts'
import { countersOf, readLatency, type Metric } from '../measure/shared-measurements.ts'
import type { Probe, UsageReading } from '../probe/probe.ts'
import type { Interval, PhaseName } from '../result/result.ts'
import { UNMONITORED } from '../result/unmonitored.ts'
import type { PhaseTimes } from '../worker/phase-plan.ts'

interface Snapshot {
  readonly atUs: number
  readonly counters: CounterTotals
  readonly latency: readonly [LatencyCounts, LatencyCounts]
  readonly usage: UsageReading | null
  readonly generatorCpuUs: number
}

/**
 * Makes one interval about every second out of the differences of cumulative counts (method.md R3.1), on the main
 * thread. Intervals are cut where a phase ends, so that none belongs to two.
 */
export class IntervalRecorder {
  readonly #memories: readonly SharedArrayBuffer[]
  readonly #metric: Metric
  readonly #phases: PhaseTimes
  readonly #probe: Probe | null
  readonly #cores: number
  readonly #deliveriesPerMessage: number
  readonly #intervals: Interval[] = []
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
    const seconds = Math.max(1e-6, (after.atUs - before.atUs) / 1e6)
    const latency = after.latency.map((counts, phase) => subtractCounts(counts, before.latency[phase] ?? counts).counts)
    const merged = Float64Array.from(latency[0] ?? [], (count, index) => count + (latency[1]?.[index] ?? 0))
    const samples = totalCount(merged)
    const interval: Interval = {
      ...UNMONITORED,
      phase: this.#phaseAt((before.atUs + after.atUs) / 2, isDraining),
      atSeconds: round((after.atUs - this.#phases.startUs) / 1e6),
      seconds: round(seconds),
      sent: after.counters.sent - before.counters.sent,
      confirmed: after.counters.confirmed - before.counters.confirmed,
      delivered: after.counters.delivered - before.counters.delivered,
      backlog: this.#backlog(after.counters),
      p50Us: valueAtQuantile(merged, samples, 0.5),
      p99Us: valueAtQuantile(merged, samples, 0.99),
      maxUs: valueAtQuantile(merged, samples, 1),
      brokerCpuPercent: brokerPercent(before.usage, after.usage, this.#probe?.cores ?? 1),
      brokerMemoryBytes: after.usage?.memoryBytes ?? null,
      generatorCpuPercent: round(((after.generatorCpuUs - before.generatorCpuUs) / 1e6 / seconds / this.#cores) * 100),
    }
    this.#intervals.push(interval)
    return interval
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
      latency: [
        readLatency(this.#memories, 'warm-up', this.#metric),
        readLatency(this.#memories, 'measure', this.#metric),
      ],
      usage: this.#probe?.read() ?? null,
      generatorCpuUs: cpu.user + cpu.system,
    }
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
