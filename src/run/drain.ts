/**
 * The drain (method.md R6.3, design.md section 10): after the last publish, wait until everything that was confirmed
 * has arrived and it has been quiet for a moment; only when something is missing, wait long.
 */
import type { CounterTotals } from '../measure/counters.ts'
import type { Reconciliation } from '../measure/reconcile.ts'

const POLL_MS = 20
/** Quiet after which a complete cell is over: 20 x p99.9, at least this. */
const QUIET_MIN_US = 200_000
const QUIET_P999_FACTOR = 20
/** Deliveries that are still under way when the user interrupts are waited for no longer than this. */
const INTERRUPTED_US = 2_000_000
/** After the producers have been stopped at the deadline: for confirms and deliveries that are under way. */
const STOPPED_US = 2_000_000
/** Quiet that counts as empty when messages are missing and nobody can say how deep the destinations are. */
const SILENCE_MIN_US = 5_000_000

export interface DrainView {
  nowUs(): number
  sleep(milliseconds: number): Promise<void>
  counters(): CounterTotals
  /** p99.9 of the headline latency so far, microseconds; null when unknown. */
  p999Us(): number | null
  /** Exact, but costs a message to each worker. */
  reconcile(): Promise<Reconciliation>
  /** Messages still lying in the destinations; null when nobody can say. */
  depth(): Promise<number | null>
  /** No further message: what a slow generator still owes its schedule when the drain's time is up stays unsent. */
  stop(): void
  /** True: stop waiting at once (a lost connection, a dead worker). */
  isOver(): boolean
  /** True: the user wants it to end (Ctrl-C), so producers stop and the wait is short. */
  isInterrupted(): boolean
}

export interface DrainOutcome {
  /** False: missing messages may still come, so they are not lost. */
  readonly drained: boolean
  readonly reconciliation: Reconciliation
}

/**
 * @param producers of the cell: as long as one of them has messages to send, nothing is complete.
 * @param deadlineUs the end of the long wait, on the clock of `view.nowUs`.
 * @param deliveriesPerMessage 1 for queues, the number of subscriptions for topics, 0 without consumers.
 */
export async function drain(
  view: DrainView,
  producers: number,
  deadlineUs: number,
  deliveriesPerMessage: number,
): Promise<DrainOutcome> {
  let untilUs = deadlineUs
  let isStopped = false
  let isInterrupted = false
  const isLate = (): boolean => {
    if (!isInterrupted && view.isInterrupted()) {
      isInterrupted = true
      isStopped = true
      view.stop()
      untilUs = Math.min(untilUs, view.nowUs() + INTERRUPTED_US)
    }
    return view.nowUs() >= untilUs
  }
  for (;;) {
    const quietUs = Math.max(QUIET_MIN_US, QUIET_P999_FACTOR * (view.p999Us() ?? 0))
    await untilQuiet(view, producers, quietUs, isLate, deliveriesPerMessage)
    const late = isLate()
    if (late && !view.isOver() && view.counters().producersDone < producers && !isStopped) {
      // A ledger of messages that are still being sent would be of no instant.
      isStopped = true
      view.stop()
      untilUs = view.nowUs() + STOPPED_US
      continue
    }
    const reconciliation = await view.reconcile()
    if (reconciliation.missing === 0 && (isSettled(view.counters(), producers) || late))
      return { drained: true, reconciliation }
    if (view.isOver()) return { drained: false, reconciliation }
    if (late) return { drained: await isEmpty(view, quietUs), reconciliation }
    await view.sleep(POLL_MS)
  }
}

/** Returns when all seems to be there and it is quiet, or at the deadline, or when the view says that it is over. */
async function untilQuiet(
  view: DrainView,
  producers: number,
  quietUs: number,
  isLate: () => boolean,
  deliveriesPerMessage: number,
): Promise<void> {
  while (!view.isOver() && !isLate()) {
    const counters = view.counters()
    const seemsComplete =
      isSettled(counters, producers) && counters.delivered >= counters.confirmed * deliveriesPerMessage
    if (seemsComplete && view.nowUs() - counters.lastEventUs >= quietUs) return
    await view.sleep(POLL_MS)
  }
}

function isSettled(counters: CounterTotals, producers: number): boolean {
  return counters.outstanding === 0 && counters.producersDone >= producers
}

/** Whether what is missing will not come any more. */
async function isEmpty(view: DrainView, quietUs: number): Promise<boolean> {
  const depth = await view.depth()
  if (depth !== null) return depth === 0
  return view.nowUs() - view.counters().lastEventUs >= Math.max(SILENCE_MIN_US, quietUs)
}
