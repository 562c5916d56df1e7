import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'

/** Sampling period of the event-loop delay; included in every value that Node reports, so it is subtracted (R8.5). */
const RESOLUTION_MS = 1

/** Watches this thread: event-loop delay and garbage-collection pauses. Only `gc` is observed, as observers cost. */
export interface ThreadMonitor {
  /** Forgets what came before: called when the measurement begins. */
  reset(): void
  stop(): { readonly eventLoopDelayP99Ms: number | null; readonly gcPauseMaxMs: number }
}

export function startThreadMonitor(): ThreadMonitor {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  let gcPauseMaxMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) gcPauseMaxMs = Math.max(gcPauseMaxMs, entry.duration)
  })
  observer.observe({ entryTypes: ['gc'] })
  return {
    reset: () => {
      delay.reset()
      gcPauseMaxMs = 0
    },
    stop: () => {
      delay.disable()
      observer.disconnect()
      const p99Ms = delay.count === 0 ? null : Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS)
      return { eventLoopDelayP99Ms: p99Ms, gcPauseMaxMs }
    },
  }
}
