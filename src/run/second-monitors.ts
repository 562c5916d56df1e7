/** What the workers saw of themselves, put into the intervals that the main thread cut at the same instants. Pure. */
import { maxOfKnown } from '../measure/statistics/max-of-known.ts'
import type { Interval } from '../result/result.ts'
import type { ThreadSecond } from '../worker/second-ring.ts'

/**
 * Every interval with the figures of the worker that fares worst in it (R8.5); as it was where no worker has any: in the
 * drain, and in a cell whose workers did not come to their end.
 * @param workers the seconds of each, in order of time.
 */
export function withThreadSeconds(
  intervals: readonly Interval[],
  workers: readonly (readonly ThreadSecond[])[],
): Interval[] {
  const cursors = workers.map(() => 0)
  return intervals.map((interval) => {
    if (interval.phase === 'drain') return interval
    const seconds = workers.flatMap((worker, index) => {
      const { next, within } = secondsWithin(worker, cursors[index] ?? 0, interval)
      cursors[index] = next
      return within
    })
    const worst = (field: keyof ThreadSecond): number | null => maxOfKnown(seconds.map((second) => second[field]))
    return {
      ...interval,
      eventLoopDelayP99Ms: worst('eventLoopDelayP99Ms'),
      eventLoopDelayMaxMs: worst('eventLoopDelayMaxMs'),
      eventLoopBusyPercentMax: worst('eventLoopBusyPercent'),
      threadCpuPercentMax: worst('threadCpuPercent'),
      gcPauseMaxMs: worst('gcPauseMaxMs'),
      gcPauseTotalMs: worst('gcPauseTotalMs'),
    }
  })
}

/**
 * The main thread reads its clock a few milliseconds after the cut, so ends do not meet exactly: what counts is in which
 * of the two the middle of the other lies. A thread that stood still for several intervals says the same of all of them.
 * @param from place of the first second that can lie in this interval.
 */
function secondsWithin(
  worker: readonly ThreadSecond[],
  from: number,
  { atSeconds, seconds }: Interval,
): { readonly next: number; readonly within: readonly ThreadSecond[] } {
  const startSeconds = atSeconds - seconds
  const middle = atSeconds - seconds / 2
  let next = from
  while (next < worker.length && (worker[next]?.toSeconds ?? 0) <= startSeconds) next++
  const within: ThreadSecond[] = []
  for (let place = next; place < worker.length; place++) {
    const second = worker[place]
    if (second === undefined || second.fromSeconds >= atSeconds) break
    const itsMiddle = (second.fromSeconds + second.toSeconds) / 2
    const isWithin = itsMiddle >= startSeconds && itsMiddle < atSeconds
    if (isWithin || (second.fromSeconds <= middle && second.toSeconds > middle)) within.push(second)
  }
  return { next, within }
}
