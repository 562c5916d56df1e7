import type { Interval } from './result.ts'

/** What of an interval only a generator that is watched second by second knows. */
export type Monitors = Pick<
  Interval,
  | 'brokerMemoryBytes'
  | 'offered'
  | 'skipped'
  | 'generatorLagP99Us'
  | 'generatorLagP999Us'
  | 'eventLoopDelayP99Ms'
  | 'eventLoopDelayMaxMs'
  | 'eventLoopBusyPercentMax'
  | 'threadCpuPercentMax'
  | 'gcPauseMaxMs'
  | 'gcPauseTotalMs'
  | 'residentBytes'
  | 'stealPercent'
  | 'hostIdlePercent'
>

/** Nothing of it is known. */
export const UNMONITORED: Monitors = {
  brokerMemoryBytes: null,
  offered: null,
  skipped: null,
  generatorLagP99Us: null,
  generatorLagP999Us: null,
  eventLoopDelayP99Ms: null,
  eventLoopDelayMaxMs: null,
  eventLoopBusyPercentMax: null,
  threadCpuPercentMax: null,
  gcPauseMaxMs: null,
  gcPauseTotalMs: null,
  residentBytes: null,
  stealPercent: null,
  hostIdlePercent: null,
}
