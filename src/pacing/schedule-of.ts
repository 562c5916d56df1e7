import type { OpenLoad } from '../workload/workload.ts'
import { poisson } from './poisson.ts'
import { after, constantRate, ramp, steps, trace } from './rate-curves.ts'
import { inTurn, type OffsetUs, type Schedule } from './schedule.ts'

/** What a schedule has to know beside the load. */
export interface ScheduleSpan {
  /** Of the whole cell, over all workers. */
  readonly producers: number
  readonly warmupSeconds: number
  readonly measureSeconds: number
  /** Times of a trace file in microseconds; null where the arrivals are no trace. */
  readonly traceUs: Float64Array | null
}

/** The schedule of an open model from the common start on, the warm-up included. */
export function scheduleOf(load: OpenLoad, span: ScheduleSpan): Schedule {
  const { arrivals, ratePerSecond } = load
  if (arrivals.kind === 'poisson') return poisson(ratePerSecond, arrivals.seed, span.producers)
  return inTurn(curveOf(load, span), span.producers)
}

function curveOf({ arrivals, ratePerSecond }: OpenLoad, span: ScheduleSpan): OffsetUs {
  const { warmupSeconds, measureSeconds, traceUs } = span
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return constantRate(ratePerSecond)
    case 'ramp':
      return after(warmupSeconds, ratePerSecond, ramp(ratePerSecond, arrivals.toPerSecond, measureSeconds))
    case 'steps':
      return after(warmupSeconds, ratePerSecond, steps(arrivals.steps))
    case 'trace':
      return after(warmupSeconds, ratePerSecond, trace(traceUs ?? new Float64Array(0)))
  }
}

/** The highest rate that the schedule comes to, messages per second of the whole cell; of a trace, its nominal one. */
export function peakRateOf({ arrivals, ratePerSecond }: OpenLoad): number {
  switch (arrivals.kind) {
    case 'ramp':
      return Math.max(ratePerSecond, arrivals.toPerSecond)
    case 'steps':
      return Math.max(...arrivals.steps.map((step) => step.ratePerSecond))
    case 'constant':
    case 'poisson':
    case 'trace':
      return ratePerSecond
  }
}
