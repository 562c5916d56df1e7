/**
 * One cell from declaring to judging: open driver, declare destinations, start the crew, warm up, measure, drain, judge.
 * Whatever goes wrong on the way ends in a result that says so; only a bug is thrown.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DriverError } from '../driver/driver-error.ts'
import type { Driver } from '../driver/driver.ts'
import type { Clock } from '../measure/clock.ts'
import { reconcile, type Reconciliation } from '../measure/reconcile.ts'
import { allocateMeasurements, readLatency } from '../measure/shared-measurements.ts'
import { summarizeLatency } from '../measure/latency-summary.ts'
import type { LittleCheck } from '../measure/statistics/littles-law.ts'
import type { PacerMode } from '../pacing/pacer.ts'
import type { CellResult, Interval } from '../result/result.ts'
import type { Soak } from '../result/soak.ts'
import { Crew, CrewError, type ThreadPool } from '../worker/crew.ts'
import type { WorkerEnd, WorkerLedger } from '../worker/messages.ts'
import { phaseTimes, type PhaseTimes } from '../worker/phase-plan.ts'
import type { Cell } from '../workload/cell.ts'
import {
  clientIdsOf,
  deliveriesPerMessage,
  destinationsOf,
  headlineMetric,
  keptSubscriptionsOf,
  receiverScopes,
  tasksOf,
} from './cell-plan.ts'
import type { MeasuredLatencies } from './cell-result.ts'
import { effectiveCounts } from './effective-counts.ts'
import type { CellHistograms } from './histogram-intervals.ts'
import { completeCell, emptyCell } from './cell-record.ts'
import { keepDestinations, type DestinationKeeper, type KeeperWays } from './destination-keeper.ts'
import { drain, type DrainOutcome } from './drain.ts'
import { whileFollowing } from './flight-watch.ts'
import type { FloorFinding } from './floor/cell-floor.ts'
import { watchWindow, type WindowReading } from './measure-window.ts'
import { soakEdges } from './soak.ts'
import type { TargetSession } from './target-session.ts'
import { untilAborted } from './until-aborted.ts'

/** Between the order to start and the common start instant: every thread has the order by then. */
const START_AHEAD_US = 100_000
/** Connections that are still being opened when the user interrupts are waited for no longer than this. */
const INTERRUPTED_CLOSE_MS = 1_000

export interface CellContext {
  readonly session: TargetSession
  /** Of the producers, and of the consumers where the target has no end for them alone. */
  readonly driver: Driver
  readonly consumerDriver: Driver
  readonly threads: ThreadPool
  readonly threadCount: number
  readonly epochNs: bigint
  readonly clock: Clock
  readonly order: number
  readonly payloadFile: Uint8Array | null
  readonly traceUs: Float64Array | null
  /** How workers wait for their slots; absent: as their rates have it. */
  readonly pacerMode?: PacerMode
  /** How long a thread may take to answer before it counts as hung, milliseconds; absent: 30,000. */
  readonly answerDeadlineMs?: number
  /** What the harness costs without a broker's work, or why that is not known; null where it is what the cell measures. */
  readonly floor: FloorFinding | null
  /** Of the client in these threads, on the broker inside (R8.8); null or absent where it was not warmed up. */
  readonly clientWarmupSeconds?: number | null
  readonly signal: AbortSignal
  /** Called before the broker is told of destinations, with their names; not where the run declares none. */
  readonly onDeclare?: (destinations: readonly string[]) => void
  readonly onInterval: (interval: Interval) => void
}

/** A cell as measured, before it is stored. */
export interface MeasuredCell {
  readonly result: CellResult
  /** For the `.hlog` file; null where nothing was measured. */
  readonly histograms: CellHistograms | null
  /** Destinations that stay on the broker. */
  readonly remains: readonly string[]
}

/** Everything that was collected by the end of the drain. */
export interface Collected {
  readonly window: WindowReading
  readonly outcome: DrainOutcome
  readonly ledgers: readonly WorkerLedger[]
  readonly latencies: MeasuredLatencies
  readonly histograms: CellHistograms
  /** What was in flight, against the latencies; null where that was not followed, or the law says nothing. */
  readonly flight: LittleCheck | null
  /** Of the profile `soak`, where the cell lasted until its last part; else null. */
  readonly soak: Soak | null
  readonly lost: { readonly code: string; readonly message: string } | null
}

export async function runCell(cell: Cell, context: CellContext): Promise<MeasuredCell> {
  const startedAtMs = Date.now()
  const headerRun = randomBytes(4).readUInt32LE()
  const memories: SharedArrayBuffer[] = []
  let keeper: DestinationKeeper | null = null
  let remains: readonly string[] = []
  let measured: Omit<MeasuredCell, 'remains'>
  try {
    const timeoutMs = cell.connect.timeoutSeconds * 1_000
    const { session } = context
    const managementUrl = session.target.kind === 'broker' ? session.target.managementUrl : null
    const destinations = destinationsOf(cell, headerRun)
    const keeping = keepDestinations(
      keeperEndsOf(cell, context),
      timeoutMs,
      destinations,
      cell.destination,
      managementUrl,
    )
    keeper = await untilAborted(keeping, context.signal)
    if (keeper === null) {
      keeping.then((late) => late.close()).catch(() => undefined)
      return { result: emptyCell(cell, context, startedAtMs, null), histograms: null, remains }
    }
    if (cell.destination.declare) context.onDeclare?.(destinations.map(({ name }) => name))
    await keeper.declareAll()
    const allocate = () => {
      const memory = allocateMeasurements()
      memories.push(memory)
      return memory
    }
    const { epochNs, threadCount, payloadFile, traceUs } = context
    const tasks = tasksOf(cell, {
      endpoint: session.endpoint,
      consumerEndpoint: session.consumerEndpoint,
      threads: threadCount,
      headerRun,
      epochNs,
      payloadFile,
      traceUs,
      ...(context.pacerMode === undefined ? {} : { pacerMode: context.pacerMode }),
      allocate,
    })
    const { collected, ends } = await withCrew(
      context,
      new Crew(context.threads.pool, tasks, context.answerDeadlineMs),
      (crew) => measureCell(cell, context, crew, memories, keeper),
    )
    const result =
      collected === null
        ? emptyCell(cell, context, startedAtMs, null)
        : completeCell(cell, context, startedAtMs, collected, ends)
    measured = { result, histograms: collected?.histograms ?? null }
  } catch (error) {
    if (!(error instanceof CrewError) && !(error instanceof DriverError)) throw error
    measured = { result: emptyCell(cell, context, startedAtMs, error), histograms: null }
  }
  if (keeper !== null) {
    const left = { clientIds: clientIdsOf(cell, headerRun), kept: keptSubscriptionsOf(cell, headerRun) }
    remains = await keeper.removeAll(left, isEmptied(cell, measured.result))
    await keeper.close()
  }
  return { ...measured, remains }
}

/** Where destinations are declared and removed: one connection, or one per end where the ends differ. */
function keeperEndsOf({ consumer }: Cell, { session, driver, consumerDriver }: CellContext): KeeperWays {
  const producers = { driver, endpoint: session.endpoint }
  return {
    producers,
    consumers: consumer === null ? producers : { driver: consumerDriver, endpoint: session.consumerEndpoint },
  }
}

/** Runs `work` on a connected crew and closes it whatever happens; null when the user interrupted the connecting. */
async function withCrew(
  context: CellContext,
  crew: Crew,
  work: (crew: Crew) => Promise<Collected>,
): Promise<{ readonly collected: Collected | null; readonly ends: readonly WorkerEnd[] }> {
  let collected: Collected | null = null
  let ends: readonly WorkerEnd[] = []
  try {
    await crew.connected(context.signal)
    if (!context.signal.aborted) collected = await work(crew)
  } finally {
    const isGivenUp = collected === null && context.signal.aborted
    ends = await crew.close(isGivenUp ? INTERRUPTED_CLOSE_MS : undefined).catch(async () => {
      // Nothing more is run on them, and what they still open goes when they go.
      if (!isGivenUp) await context.threads.renew()
      return []
    })
  }
  return { collected, ends }
}

/** Warm-up, measurement and drain of a connected crew. */
async function measureCell(
  cell: Cell,
  context: CellContext,
  crew: Crew,
  memories: readonly SharedArrayBuffer[],
  keeper: DestinationKeeper | null,
): Promise<Collected> {
  const nowUs = () => context.clock.nowUs()
  const { warmupSeconds, measureSeconds } = cell.phases
  const phases = phaseTimes(nowUs() + START_AHEAD_US, warmupSeconds, measureSeconds)
  const { result, flight } = await whileFollowing(cell, memories, phases, nowUs, () =>
    watchAndDrain(cell, context, crew, memories, keeper, phases),
  )
  return { ...result, flight }
}

/** What `measureCell` measures, but for what only `whileFollowing` knows. */
async function watchAndDrain(
  cell: Cell,
  context: CellContext,
  crew: Crew,
  memories: readonly SharedArrayBuffer[],
  keeper: DestinationKeeper | null,
  phases: PhaseTimes,
): Promise<Omit<Collected, 'flight'>> {
  const nowUs = () => context.clock.nowUs()
  const commonStartMs = Date.now() + (phases.startUs - nowUs()) / 1_000
  crew.start(phases)
  const soak = soakEdges(cell, () => readLatency(memories, 'measure', headlineMetric(cell)))
  const window = await watchWindow({
    crew,
    phases,
    memories,
    probe: context.session.probe,
    metric: headlineMetric(cell),
    deliveriesPerMessage: deliveriesPerMessage(cell),
    producers: cell.crew.producers,
    limitedByCount: cell.phases.messagesPerProducer !== null,
    nowUs,
    signal: context.signal,
    onInterval: (interval) => {
      soak?.onInterval(interval)
      context.onInterval(interval)
    },
  })
  if (context.signal.aborted || cell.crew.producers === 0) crew.stop()
  let ledgers: readonly WorkerLedger[] = []
  const outcome = await drain(
    {
      nowUs,
      sleep,
      counters: () => window.recorder.totals,
      p999Us: () => summarizeLatency(readLatency(memories, 'measure', headlineMetric(cell))).p999,
      reconcile: async () => {
        ledgers = await crew.ledgers()
        return reconciliationOf(cell, ledgers)
      },
      depth: () => keeper?.depth() ?? Promise.resolve(null),
      stop: () => crew.stop(),
      isOver: () => crew.lost !== null || crew.failure !== null,
      isInterrupted: () => context.signal.aborted,
    },
    cell.crew.producers,
    nowUs() + cell.phases.drainSeconds * 1e6,
    deliveriesPerMessage(cell),
  )
  context.onInterval(window.recorder.cut(nowUs(), true))
  const { latencies, blocks, means } = window.recorder.course
  const headline = headlineMetric(cell)
  const independent = soak === null ? null : effectiveCounts(latencies, means)(headline)
  return {
    window,
    outcome,
    ledgers,
    latencies,
    histograms: { startedAtMs: commonStartMs, blocks },
    soak: soak?.compare(window.recorder.intervals, latencies[headline], independent) ?? null,
    lost: crew.lost,
  }
}

function reconciliationOf(cell: Cell, ledgers: readonly WorkerLedger[]): Reconciliation {
  const producers = ledgers.flatMap((ledger) => ledger.producers)
  const received = ledgers.flatMap((ledger) => ledger.received)
  const hasBothEnds = cell.crew.producers > 0 && cell.crew.consumers > 0
  return reconcile(producers, received, hasBothEnds ? receiverScopes(cell) : [])
}

/** The ledger shows that every message that could be there was received and acknowledged. */
function isEmptied(cell: Cell, { integrity }: CellResult): boolean {
  if (integrity === null || cell.crew.consumers === 0) return false
  return integrity.drained && integrity.lost === 0 && integrity.unknown === 0 && integrity.unexpected === 0
}
