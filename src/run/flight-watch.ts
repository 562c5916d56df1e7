/** The timer behind `FlightFollower`, on the main thread: the edge of Little's check (method.md R5.6). */
import type { LittleCheck } from '../measure/statistics/littles-law.ts'
import type { PhaseTimes } from '../worker/phase-plan.ts'
import type { Cell } from '../workload/cell.ts'
import { SeededRandom } from '../workload/seeded-random.ts'
import { followedFlow } from './cell-plan.ts'
import { FlightFollower, STRETCH_US } from './flight-follower.ts'
import { FlightMoments } from './flight-moments.ts'

/** Any: no load has it. */
const SEED = 1961

/**
 * Follows what is in flight in a cell while it is measured and drained.
 * @param memories of its workers.
 * @param work until nothing moves any more; what it throws is thrown on.
 * @returns what `work` returned, and Little's check; null in a closed model, and where the law says nothing.
 */
export async function whileFollowing<T>(
  cell: Cell,
  memories: readonly SharedArrayBuffer[],
  phases: PhaseTimes,
  nowUs: () => number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly flight: LittleCheck | null }> {
  const flow = followedFlow(cell)
  if (flow === null) return { result: await work(), flight: null }
  const follower = new FlightFollower(memories, flow, phases, nowUs)
  const watch = new FlightWatch(follower, phases.measureFromUs, nowUs)
  try {
    const result = await work()
    return { result, flight: follower.check() }
  } finally {
    watch.stop()
  }
}

/** Has a follower look at its moments, until it is stopped. */
class FlightWatch {
  readonly #follower: FlightFollower
  readonly #nowUs: () => number
  readonly #moments: FlightMoments
  #timer: NodeJS.Timeout | undefined

  /** @param fromUs when the measured time begins: the first look is after it. */
  constructor(follower: FlightFollower, fromUs: number, nowUs: () => number) {
    this.#follower = follower
    this.#nowUs = nowUs
    this.#moments = new FlightMoments(fromUs, STRETCH_US, new SeededRandom(SEED))
    this.#waitFor(fromUs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** To the millisecond: what that misses of a load at whole milliseconds is less than the 1 ms that the check allows. */
  #waitFor(atUs: number): void {
    this.#timer = setTimeout(
      () => {
        this.#follower.look()
        this.#waitFor(this.#moments.nextUs(this.#nowUs()))
      },
      Math.max(1, (atUs - this.#nowUs()) / 1_000),
    )
  }
}
