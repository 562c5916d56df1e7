import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'

/** Sampling period of the event-loop delay; included in every value that Node reports, so it is subtracted (R8.5). */
const RESOLUTION_MS = 1
/** After so long a timer of one millisecond has come on a loop that nothing holds up. */
const TIMER_MS_MAX = 2

/** Watches this thread: event-loop delay and garbage-collection pauses. Only `gc` is observed, as observers cost. */
export interface ThreadMonitor {
  /** Forgets what came before: called when the measurement begins. */
  reset(): void
  /** What was seen since the last cut (or reset); called about once a second. */
  cut(): ThreadReading
  /** Keeps what was seen until now, whatever comes after: called when the measurement ends. */
  end(): void
  /** What was seen from `reset` until `end`, or until now where it was not called. */
  stop(): ThreadReading
}

export interface ThreadReading {
  /** Null where nothing was sampled. */
  readonly eventLoopDelayP99Ms: number | null
  readonly eventLoopDelayMaxMs: number | null
  /** Pauses are those that Node has told by now: it does so in the loop's next turn. */
  readonly gcPauseMaxMs: number
  readonly gcPauseTotalMs: number
}

/** What has been seen in one stretch of time. */
interface Seen {
  /** Longest delay that the histogram cannot have seen, milliseconds. */
  firstDelayMs: number
  gcPauseMaxMs: number
  gcPauseTotalMs: number
}

const nothing = (): Seen => ({ firstDelayMs: 0, gcPauseMaxMs: 0, gcPauseTotalMs: 0 })

export function startThreadMonitor(): ThreadMonitor {
  // Two, because Node 20 can neither add such histograms up nor tell their difference: one is emptied at every cut. Their
  // timers come due together, so that the second one wakes nobody.
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  const windowDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  windowDelay.enable()
  let [window, since] = [nothing(), nothing()]
  let kept: ThreadReading | null = null
  let firstTurns: NodeJS.Timeout | undefined
  const see = (pauses: readonly { readonly duration: number }[]) => {
    for (const { duration } of pauses) {
      since.gcPauseMaxMs = Math.max(since.gcPauseMaxMs, duration)
      since.gcPauseTotalMs += duration
    }
  }
  const observer = new PerformanceObserver((list) => see(list.getEntries()))
  observer.observe({ entryTypes: ['gc'] })
  /** An emptied monitor takes its first sample for a beginning, so delays are timed here until it has its second. */
  const empty = () => {
    delay.reset()
    since = nothing()
    const into = since
    let lastMs = performance.now()
    const look = () => {
      const nowMs = performance.now()
      into.firstDelayMs = Math.max(into.firstDelayMs, nowMs - lastMs - TIMER_MS_MAX)
      lastMs = nowMs
      if (delay.count === 0) wait()
    }
    const wait = () => {
      clearTimeout(firstTurns)
      firstTurns = setTimeout(look, 1).unref()
    }
    wait()
  }
  const fold = () => {
    see(observer.takeRecords())
    window = {
      firstDelayMs: Math.max(window.firstDelayMs, since.firstDelayMs),
      gcPauseMaxMs: Math.max(window.gcPauseMaxMs, since.gcPauseMaxMs),
      gcPauseTotalMs: window.gcPauseTotalMs + since.gcPauseTotalMs,
    }
  }
  const cut = (): ThreadReading => {
    fold()
    const reading = readingOf(delay, since)
    empty()
    return reading
  }
  const readWindow = (): ThreadReading => {
    cut()
    return readingOf(windowDelay, window)
  }
  return {
    reset: () => {
      observer.takeRecords()
      windowDelay.reset()
      window = nothing()
      empty()
    },
    cut,
    end: () => {
      kept ??= readWindow()
    },
    stop: () => {
      const reading = kept ?? readWindow()
      clearTimeout(firstTurns)
      delay.disable()
      windowDelay.disable()
      observer.disconnect()
      return reading
    },
  }
}

function readingOf(
  delay: { readonly count: number; readonly max: number; percentile(percentile: number): number },
  { firstDelayMs, gcPauseMaxMs, gcPauseTotalMs }: Seen,
): ThreadReading {
  const gc = { gcPauseMaxMs, gcPauseTotalMs }
  if (delay.count === 0)
    return { eventLoopDelayP99Ms: null, eventLoopDelayMaxMs: firstDelayMs > 0 ? firstDelayMs : null, ...gc }
  const lessPeriod = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  return {
    eventLoopDelayP99Ms: lessPeriod(delay.percentile(99)),
    eventLoopDelayMaxMs: Math.max(firstDelayMs, lessPeriod(delay.max)),
    ...gc,
  }
}
