/** What is in flight in an open cell, read again and again beside the latencies (method.md R5.6). */
import { middleValueAt, COUNTS_LENGTH } from '../measure/bucket-layout.ts'
import { COUNTER } from '../measure/counters.ts'
import { FlightIntegral } from '../measure/flight-integral.ts'
import { mergeSlots, type LatencyCounts } from '../measure/latency-recorder.ts'
import { countersOf, latencySlots, type MeasuredPhase } from '../measure/shared-measurements.ts'
import type { PhaseTimes } from '../worker/phase-plan.ts'
import { littleCheck, type FlownLatencies, type LittleCheck } from '../measure/statistics/littles-law.ts'

/** One moment is drawn in each stretch of this length. */
export const STRETCH_US = 10_000
/** A reading that took longer was interrupted, and its counters are of different moments. */
const READING_MAX_US = 200
const READING_ATTEMPTS = 3

/** Which messages are in flight: between sending and delivery, or, where nothing consumes, between sending and confirm. */
export interface FollowedFlow {
  readonly metric: 'endToEndService' | 'publishService'
  /** Deliveries that a message makes; 1 where confirms are followed. */
  readonly perMessage: number
}

/** Where the readings stood when the measured time began. */
interface Mark {
  readonly atUs: number
  readonly inFlight: number
  readonly warmup: LatencyCounts
  readonly measured: LatencyCounts
}

/**
 * Adds up what the counters say is in flight, from the beginning of the measured time until nothing is any more, and holds
 * it against the latencies of the messages that arrived meanwhile. So nothing is cut off at the end of the window; what
 * flew at its beginning is known but for how long it had been flying.
 */
export class FlightFollower {
  readonly #memories: readonly SharedArrayBuffer[]
  readonly #counters: readonly Float64Array[]
  readonly #flow: FollowedFlow
  readonly #arrived: number
  readonly #phases: PhaseTimes
  readonly #nowUs: () => number
  readonly #integral = new FlightIntegral()
  #mark: Mark | null = null

  /** @param memories of the cell's workers, who write them meanwhile. */
  constructor(memories: readonly SharedArrayBuffer[], flow: FollowedFlow, phases: PhaseTimes, nowUs: () => number) {
    this.#memories = memories
    this.#counters = memories.map(countersOf)
    this.#flow = flow
    this.#arrived = flow.metric === 'publishService' ? COUNTER.confirmed : COUNTER.delivered
    this.#phases = phases
    this.#nowUs = nowUs
  }

  /** Reads the counters now; the warm-up is not read. */
  look(): void {
    if (this.#mark === null) {
      if (this.#nowUs() < this.#phases.measureFromUs) return
      const latencies = this.#latencies()
      this.#mark = { ...latencies, ...this.#read() }
      return
    }
    this.#read()
  }

  /**
   * Once nothing moves any more. Null where the law says nothing: not every message that was sent arrived once and has its
   * latency (lost, refused, repeated on another thread, without a time, out of the recorder's range).
   */
  check(): LittleCheck | null {
    const mark = this.#mark
    if (mark === null) return null
    this.look()
    const { warmup, measured } = this.#latencies()
    const sent = this.#sum(COUNTER.sent) * this.#flow.perMessage
    const recorded = totalOf(warmup) + totalOf(measured)
    const isOdd = [warmup, measured].some(({ negative, overflow }) => negative > 0 || overflow > 0)
    if (isOdd || sent !== recorded || sent !== this.#sum(this.#arrived)) return null
    const late = flownBetween(mark.warmup, warmup)
    const own = flownBetween(mark.measured, measured)
    // What was in flight at the mark is of the warm-up, or was sent since the measured time began; and nothing is older than the cell.
    const { startUs, measureFromUs, measureToUs } = this.#phases
    const earlyUs = Math.min(
      late.sumUs + mark.inFlight * (mark.atUs - measureFromUs),
      mark.inFlight * (mark.atUs - startUs),
    )
    const loadUs = Math.min(measureToUs, this.#lastMeasuredUs()) - mark.atUs
    return littleCheck(
      this.#integral.area,
      { count: late.count + own.count, sumUs: late.sumUs + own.sumUs },
      loadUs,
      earlyUs,
    )
  }

  #read(): { readonly atUs: number; readonly inFlight: number } {
    for (let attempt = 1; ; attempt++) {
      const beforeUs = this.#nowUs()
      const arrived = this.#sum(this.#arrived)
      const sent = this.#sum(COUNTER.sent) * this.#flow.perMessage
      const afterUs = this.#nowUs()
      if (afterUs - beforeUs > READING_MAX_US && attempt < READING_ATTEMPTS) continue
      const atUs = (beforeUs + afterUs) / 2
      this.#integral.add(atUs, sent, arrived)
      return { atUs, inFlight: sent - arrived }
    }
  }

  #sum(counter: number): number {
    let sum = 0
    for (const counters of this.#counters) sum += counters[counter] ?? 0
    return sum
  }

  /** A number of messages may end the load early. */
  #lastMeasuredUs(): number {
    return Math.max(...this.#counters.map((counters) => counters[COUNTER.lastMeasuredEventUs] ?? 0))
  }

  #latencies(): Readonly<Record<'warmup' | 'measured', LatencyCounts>> {
    const of = (phase: MeasuredPhase) => mergeSlots(latencySlots(this.#memories, phase, this.#flow.metric))
    return { warmup: of('warm-up'), measured: of('measure') }
  }
}

function totalOf({ counts }: LatencyCounts): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function flownBetween(before: LatencyCounts, after: LatencyCounts): FlownLatencies {
  let count = 0
  let sumUs = 0
  for (let index = 0; index < COUNTS_LENGTH; index++) {
    const came = (after.counts[index] ?? 0) - (before.counts[index] ?? 0)
    count += came
    sumUs += came * middleValueAt(index)
  }
  return { count, sumUs }
}
