/**
 * A soak's first hour against its last, or its quarters where it is shorter than two hours (method.md R3.2). Rates and
 * usage come from the intervals of each part, percentiles from its merged histogram, never from those of its seconds
 * (R1.9).
 */
import { maxOfKnown } from '../measure/statistics/max-of-known.ts'
import { subtractCounts, type LatencyCounts } from '../measure/latency-recorder.ts'
import { summarizeLatency, totalCount } from '../measure/latency-summary.ts'
import type { Interval } from '../result/result.ts'
import type { Soak, SoakPart } from '../result/soak.ts'
import type { Cell } from '../workload/cell.ts'

const HOUR_SECONDS = 3_600

/** Length of each of the two parts of so many measured seconds. */
export function soakPartSeconds(measureSeconds: number): number {
  return measureSeconds >= 2 * HOUR_SECONDS ? HOUR_SECONDS : measureSeconds / 4
}

/** The headline latency as it stood when an interval ended. */
interface Edge {
  readonly atSeconds: number
  readonly counts: LatencyCounts
}

/** @param read the measured headline latency, cumulative, as it stands now. @returns null for every other profile. */
export function soakEdges(
  { profile, phases, crew, delivery }: Pick<Cell, 'profile' | 'phases' | 'crew' | 'delivery'>,
  read: () => LatencyCounts,
): SoakEdges | null {
  if (profile !== 'soak') return null
  const counted = crew.consumers > 0 ? 'delivered' : delivery.confirm ? 'confirmed' : 'sent'
  return new SoakEdges(phases.warmupSeconds, phases.measureSeconds, counted, read)
}

/** What of an interval counts as TPS. */
type Counted = 'delivered' | 'confirmed' | 'sent'

/** Hears of every interval, and keeps the headline latency as it was at the inner ends of the two parts. */
export class SoakEdges {
  readonly #firstToSeconds: number
  readonly #lastFromSeconds: number
  readonly #measureSeconds: number
  readonly #counted: Counted
  readonly #read: () => LatencyCounts
  #first: Edge | null = null
  #last: Edge | null = null

  /**
   * @param measureFromSeconds since the common start, as the intervals count.
   * @param read the measured headline latency, cumulative, as it stands now.
   */
  constructor(measureFromSeconds: number, measureSeconds: number, counted: Counted, read: () => LatencyCounts) {
    const part = soakPartSeconds(measureSeconds)
    this.#firstToSeconds = measureFromSeconds + part
    this.#lastFromSeconds = measureFromSeconds + measureSeconds - part
    this.#measureSeconds = measureSeconds
    this.#counted = counted
    this.#read = read
  }

  /** An interval has just ended. */
  onInterval({ atSeconds }: Pick<Interval, 'atSeconds'>): void {
    if (this.#first === null && atSeconds >= this.#firstToSeconds) this.#first = this.#edge(atSeconds)
    if (this.#last === null && atSeconds >= this.#lastFromSeconds) this.#last = this.#edge(atSeconds)
  }

  #edge(atSeconds: number): Edge {
    return { atSeconds, counts: this.#read() }
  }

  /**
   * @param final the measured headline latency after the drain.
   * @param effectiveCount how many independent samples that is worth; null: not known.
   * @returns null where the cell ended before its last part began.
   */
  compare(intervals: readonly Interval[], final: LatencyCounts, effectiveCount: number | null): Soak | null {
    const [first, last] = [this.#first, this.#last]
    const measured = intervals.filter(({ phase }) => phase === 'measure')
    if (first === null || last === null || last.atSeconds < first.atSeconds) return null
    const before = measured.filter(({ atSeconds }) => atSeconds <= first.atSeconds)
    const after = measured.filter(({ atSeconds }) => atSeconds > last.atSeconds)
    if (before.length === 0 || after.length === 0) return null
    const part = (of: readonly Interval[], counts: LatencyCounts): SoakPart =>
      partOf(of, counts, this.#counted, shareOf(effectiveCount, final))
    return {
      part: soakPartSeconds(this.#measureSeconds) === HOUR_SECONDS ? 'hour' : 'quarter',
      first: part(before, first.counts),
      last: part(after, subtractCounts(final, last.counts)),
    }
  }
}

/** Of how many messages one is independent of the others; 1 where nobody knows. */
function shareOf(effectiveCount: number | null, { counts }: LatencyCounts): number {
  const count = totalCount(counts)
  return effectiveCount === null || count === 0 ? 1 : Math.min(1, effectiveCount / count)
}

/** @param independent share of the messages that are, taken to be that of the whole cell. */
function partOf(
  intervals: readonly Interval[],
  counts: LatencyCounts,
  counted: Counted,
  independent: number,
): SoakPart {
  const seconds = sum(intervals.map((one) => one.seconds))
  const { p50, p99 } = summarizeLatency(counts, totalCount(counts.counts) * independent)
  const [begin] = intervals
  const end = intervals.at(-1)
  return {
    fromSeconds: (begin?.atSeconds ?? 0) - (begin?.seconds ?? 0),
    toSeconds: end?.atSeconds ?? 0,
    messagesPerSecond: seconds > 0 ? sum(intervals.map((one) => one[counted])) / seconds : null,
    p50Us: p50,
    p99Us: p99,
    brokerCpuPercent: meanOverTime(intervals, (one) => one.brokerCpuPercent),
    brokerMemoryBytesMax: maxOfKnown(intervals.map((one) => one.brokerMemoryBytes)),
    generatorResidentBytesMax: maxOfKnown(intervals.map((one) => one.residentBytes)),
  }
}

/** Weighed by the seconds that each interval lasted; those without the figure are left out. */
function meanOverTime(intervals: readonly Interval[], figureOf: (interval: Interval) => number | null): number | null {
  const known = intervals.flatMap((one) => {
    const figure = figureOf(one)
    return figure === null ? [] : [{ figure, seconds: one.seconds }]
  })
  const seconds = sum(known.map((one) => one.seconds))
  return seconds > 0 ? sum(known.map((one) => one.figure * one.seconds)) / seconds : null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
