import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'

/** Sampling period of the event-loop delay; included in every value that Node reports, so it is subtracted (R8.5). */
const RESOLUTION_MS = 1

/** Watches this thread: event-loop delay and garbage-collection pauses. Only `gc` is observed, as observers cost. */
export interface ThreadMonitor {
  /** Forgets what came before: called when the measurement begins. */
  reset(): void
  /** Keeps what was seen until now, whatever comes after: called when the measurement ends. */
  end(): void
  /** What was seen until `end`, or until now where it was not called. */
  stop(): ThreadReading
}

export interface ThreadReading {
  /** Null where nothing was sampled. */
  readonly eventLoopDelayP99Ms: number | null
  readonly gcPauseMaxMs: number
}

export function startThreadMonitor(): ThreadMonitor {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let gcPauseMaxMs = 0
  let kept: ThreadReading | null = null
  const see = (pauses: readonly { readonly duration: number }[]) => {
    for (const { duration } of pauses) gcPauseMaxMs = Math.max(gcPauseMaxMs, duration)
  }
  const observer = new PerformanceObserver((list) => see(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  const read = (): ThreadReading => {
    see(observer.takeRecords())
    const p99Ms = delay.count === 0 ? null : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
    return { eventLoopDelayP99Ms: p99Ms, gcPauseMaxMs }
  }
  return {
    reset: () => {
      observer.takeRecords()
      delay.reset()
      gcPauseMaxMs = 0
    },
    end: () => {
      kept ??= read()
    },
    stop: () => {
      const reading = kept ?? read()
      delay.disable()
      observer.disconnect()
      return reading
    },
  }
}
