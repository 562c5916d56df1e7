import { parseFaultConfig } from '../../src/broker/embedded/fault-config.ts'
import { FaultModel, type FaultCounts } from '../../src/broker/embedded/fault-model.ts'
import { PLAIN_DELIVERY } from '../support/delivery-plan.ts'
import type { Endpoint } from '../../src/driver/endpoint.ts'
import type { Timing } from '../../src/pacing/timing.ts'
import { totalCounters, type CounterTotals } from '../../src/measure/counters.ts'
import { reconcile, type Reconciliation } from '../../src/measure/reconcile.ts'
import { allocateMeasurements, countersOf, METRICS, readLatency } from '../../src/measure/shared-measurements.ts'
import { latencyGroup, type MeasuredLatencies } from '../../src/run/cell-result.ts'
import {
  deliveriesPerMessage,
  followedFlow,
  headlineMetric,
  receiverScopes,
  shapeOf,
  tasksOf,
} from '../../src/run/cell-plan.ts'
import { FlightFollower, STRETCH_US } from '../../src/run/flight-follower.ts'
import { FlightMoments } from '../../src/run/flight-moments.ts'
import { IntervalRecorder } from '../../src/run/interval-recorder.ts'
import type { LittleCheck } from '../../src/measure/statistics/littles-law.ts'
import { SeededRandom } from '../../src/workload/seeded-random.ts'
import type { LatencyGroup } from '../../src/result/result.ts'
import { CellLoad } from '../../src/worker/cell-load.ts'
import type { CrewTask } from '../../src/worker/crew.ts'
import type { WorkerLedger } from '../../src/worker/messages.ts'
import type { PhaseTimes } from '../../src/worker/phase-plan.ts'
import type { Cell } from '../../src/workload/cell.ts'
import type { Load } from '../../src/workload/workload.ts'
import { VirtualBroker } from './virtual-driver.ts'
import { VirtualTime } from './virtual-timing.ts'

/** What a virtual cell is made of; the rest is as `cellOf` says. */
export interface VirtualCell {
  readonly load: Load
  readonly producers?: number
  readonly consumers?: number
  readonly shared?: boolean
  readonly messageBytes?: number
  readonly measureSeconds?: number
  readonly warmupSeconds?: number
  readonly messagesPerProducer?: number | null
  readonly confirm?: boolean
  readonly transactionMessages?: number
  readonly traceUs?: Float64Array
  readonly workers?: number
  /** How far the consumers' clock is ahead of the producers', microseconds; unless 0, consumers get a thread of their own. */
  readonly consumerClockAheadUs?: number
  /** Workers that compute for so long at the beginning of so much time, and are deaf meanwhile; not when null. */
  readonly busy?: Busy | null
  /** Called at so many seconds after the start, between two events. */
  readonly at?: readonly { readonly seconds: number; readonly run: () => void }[]
  /** Of the moments at which what is in flight is looked at. */
  readonly lookSeed?: number
  /** Switches of the stub. */
  readonly faults?: Readonly<Record<string, string>>
}

/** So many milliseconds at the beginning of so many; in the whole cell, or in one second of it, counted from 0. */
export interface Busy {
  readonly forMs: number
  readonly everyMs: number
  readonly onlySecond?: number
}

export interface VirtualOutcome {
  readonly cell: Cell
  readonly phases: PhaseTimes
  readonly totals: CounterTotals
  readonly latencyUs: LatencyGroup
  /** What `latencyUs` was made from. */
  readonly latencies: MeasuredLatencies
  readonly ledgers: readonly WorkerLedger[]
  readonly reconciliation: Reconciliation
  /** What was in flight against the latencies, looked at as a run does. */
  readonly flight: LittleCheck | null
  /** Its seconds, cut as a run cuts them. What it says of this host is of no second. */
  readonly recorder: IntervalRecorder
  readonly injected: FaultCounts
  /** Messages left in the stub. */
  readonly depth: number
  readonly deliveriesPerMessage: number
  /** Messages of each transaction, in the order of their commits. */
  readonly transactions: readonly number[]
}

/** Where the loopback and virtual drivers are: nowhere. */
export const MEMORY_ENDPOINT: Endpoint = {
  protocol: 'loopback',
  transport: 'memory',
  host: '',
  port: 0,
  path: '/',
  options: {},
  username: null,
  password: null,
  tls: null,
}

/** After the end of the measurement: longer than anything is under way in tests that ask. */
const FOLLOWED_SECONDS = 20
/** The common start. */
const START_US = 1_000_000

/** A cell in the shape of the tests: 1,000 bytes, one pair, confirmed, acknowledged each, no warm-up. */
export function cellOf(wish: VirtualCell): Cell {
  const producers = wish.producers ?? 1
  const consumers = wish.consumers ?? 1
  const messageBytes = wish.messageBytes ?? 1_000
  return {
    id: 'cell',
    targetIndex: 0,
    target: 'loopback:',
    protocol: 'loopback',
    client: 'wire',
    consumer: null,
    messageBytes,
    crew: { producers, consumers },
    axes: { messageBytes, producers, consumers },
    load: wish.load,
    destination: { kind: 'queue', layout: null, name: null, declare: true, arguments: {} },
    layout: wish.shared === true ? { kind: 'shared' } : { kind: 'per-pair' },
    delivery: {
      ...PLAIN_DELIVERY,
      confirm: wish.confirm ?? true,
      transactionMessages: wish.transactionMessages ?? null,
    },
    payload: { content: { kind: 'zeros' } },
    connect: { timeoutSeconds: 1, perSecond: 1e9 },
    phases: {
      clientWarmupSeconds: 0,
      brokerWarmupSeconds: 0,
      warmupSeconds: wish.warmupSeconds ?? 0,
      measureSeconds: wish.measureSeconds ?? 5,
      measureMessagesMin: null,
      drainSeconds: 30,
      messagesPerProducer: wish.messagesPerProducer ?? null,
      repeats: 1,
      order: 'listed',
      orderSeed: 1,
      sentinel: 'off',
    },
    profile: null,
    repetition: 1,
    sentinel: null,
  }
}

/** Runs a cell, with the loops, recorders and ledgers of production, on the stub in virtual time. */
export async function runVirtualCell(wish: VirtualCell, drainSeconds = 60): Promise<VirtualOutcome> {
  const cell = cellOf(wish)
  const time = new VirtualTime()
  const model = new FaultModel(parseFaultConfig(wish.faults ?? {}))
  const broker = new VirtualBroker(time, model)
  const memories: SharedArrayBuffer[] = []
  const tasks = tasksOf(cell, {
    endpoint: MEMORY_ENDPOINT,
    consumerEndpoint: MEMORY_ENDPOINT,
    threads: wish.workers ?? 1,
    headerRun: 42,
    epochNs: 0n,
    payloadFile: null,
    traceUs: wish.traceUs ?? null,
    allocate: () => {
      const memory = allocateMeasurements()
      memories.push(memory)
      return memory
    },
  })
  const drivers = { producer: broker.driver, consumer: broker.driver }
  const loads = clockedTasks(tasks, wish.consumerClockAheadUs ?? 0).map(
    ({ task, aheadUs }) =>
      new CellLoad(
        task,
        drivers,
        { ...busyTiming(time, wish.busy ?? null), nowUs: () => time.nowUs() + aheadUs },
        (cause) => {
          throw cause
        },
      ),
  )
  for (const load of loads) await load.connect()
  const startUs = START_US
  const measureFromUs = startUs + cell.phases.warmupSeconds * 1e6
  const measureToUs = measureFromUs + cell.phases.measureSeconds * 1e6
  model.startAt(startUs)
  for (const { seconds, run } of wish.at ?? []) time.at(startUs + seconds * 1e6, run)
  const phases = { startUs, measureFromUs, measureToUs }
  for (const load of loads) load.start(phases)
  const recorder = new IntervalRecorder(memories, headlineMetric(cell), phases, null, 1, deliveriesPerMessage(cell))
  for (let atUs = startUs + 1e6; atUs <= measureToUs; atUs += 1e6) time.at(atUs, () => recorder.cut(atUs, false))
  const follower = followFlight(cell, time, memories, phases, wish.lookSeed ?? 1)
  time.run(measureToUs + drainSeconds * 1e6)
  // As a run does when the drain's time is up; who has sent everything has nothing left to stop.
  for (const load of loads) load.stop()
  const ledgers = loads.map((load) => load.ledger())
  const latencies = Object.fromEntries(
    METRICS.map((metric) => [metric, readLatency(memories, 'measure', metric)]),
  ) as unknown as MeasuredLatencies
  return {
    cell,
    phases,
    flight: follower?.check() ?? null,
    recorder,
    ledgers,
    totals: totalCounters(memories.map(countersOf)),
    latencyUs: latencyGroup(latencies, shapeOf(cell)),
    latencies,
    reconciliation: reconcile(
      ledgers.flatMap((ledger) => ledger.producers),
      ledgers.flatMap((ledger) => ledger.received),
      receiverScopes(cell),
    ),
    injected: model.counts(),
    depth: broker.depth,
    deliveriesPerMessage: deliveriesPerMessage(cell),
    transactions: broker.transactions,
  }
}

/** Looks at its moments, some seconds beyond the end. Null where nothing is followed. */
function followFlight(
  cell: Cell,
  time: VirtualTime,
  memories: readonly SharedArrayBuffer[],
  phases: PhaseTimes,
  seed: number,
): FlightFollower | null {
  const flow = followedFlow(cell)
  if (flow === null) return null
  const follower = new FlightFollower(memories, flow, phases, () => time.nowUs())
  const { measureFromUs: fromUs, measureToUs } = phases
  const moments = new FlightMoments(fromUs, STRETCH_US, new SeededRandom(seed))
  const untilUs = measureToUs + FOLLOWED_SECONDS * 1e6
  const look = () => {
    follower.look()
    const nextUs = moments.nextUs(time.nowUs())
    if (nextUs < untilUs) time.at(nextUs, look)
  }
  time.at(fromUs, look)
  return follower
}

/** The timing of a worker that comes to what is due only when it has done computing. */
function busyTiming(time: VirtualTime, busy: VirtualCell['busy']): Timing {
  const timing = time.timing()
  if (busy === null || busy === undefined) return timing
  const everyUs = busy.everyMs * 1_000
  const freeAt = (atUs: number): number => {
    const second = Math.floor((atUs - START_US) / 1e6)
    if (busy.onlySecond !== undefined && busy.onlySecond !== second) return atUs
    return Math.max(atUs, atUs - (atUs % everyUs) + busy.forMs * 1_000)
  }
  return {
    ...timing,
    wakeAt: (atUs, wake) => timing.wakeAt(freeAt(atUs), wake),
    soon: (run) => time.at(freeAt(time.nowUs()), run),
  }
}

/** Each task with its clock's error. Where consumers have a clock of their own, their share is a task of its own, first. */
function clockedTasks(
  tasks: readonly CrewTask[],
  consumerClockAheadUs: number,
): readonly { readonly task: CrewTask; readonly aheadUs: number }[] {
  if (consumerClockAheadUs === 0) return tasks.map((task) => ({ task, aheadUs: 0 }))
  return tasks.flatMap((task) => [
    { task: { ...task, share: { ...task.share, producers: [] } }, aheadUs: consumerClockAheadUs },
    { task: { ...task, share: { ...task.share, consumers: [] } }, aheadUs: 0 },
  ])
}
