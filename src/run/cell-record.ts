/** The record of one cell as it goes into the result: from everything that was collected, or from nothing. */
import { availableParallelism } from 'node:os'
import type { CellResult, GeneratorUsage, LatencyGroup } from '../result/result.ts'
import { CrewError } from '../worker/crew.ts'
import type { WorkerEnd } from '../worker/messages.ts'
import { threadSecondsOf } from '../worker/second-ring.ts'
import type { DriverError } from '../driver/driver-error.ts'
import type { Cell } from '../workload/cell.ts'
import { messageTimes } from '../workload/message-times.ts'
import {
  brokerUsageOf,
  integrityOf,
  latencyGroup,
  measuredMessages,
  modelOf,
  throughputOf,
  type CellShape,
} from './cell-result.ts'
import { shapeOf } from './cell-plan.ts'
import { closedLoopOf } from './closed-loop.ts'
import { effectiveCounts } from './effective-counts.ts'
import { littlesLawOf } from './flight-check.ts'
import { messageTimesNotes } from './message-times-notes.ts'
import type { CellContext, Collected } from './run-cell.ts'
import { withThreadSeconds } from './second-monitors.ts'
import type { CellEvidence } from './verdict/evidence.ts'
import { maxOfKnown } from '../measure/statistics/max-of-known.ts'
import { judge } from './verdict/judge.ts'
import { idleBesideSpinners } from './verdict/load-host.ts'
import { withheldPercentiles } from './verdict/seconds.ts'
import { withhold, withoutFigures } from './verdict/withheld.ts'

/** A cell that was measured, wholly or until it broke. */
export function completeCell(
  cell: Cell,
  context: CellContext,
  startedAtMs: number,
  collected: Collected,
  ends: readonly WorkerEnd[],
): CellResult {
  const { window, outcome, ledgers, lost } = collected
  const shape = shapeOf(cell)
  const totals = window.recorder.totals
  const seconds = windowSeconds(cell, collected)
  const messages = measuredMessages(totals, shape)
  const integrity = integrityOf(
    totals,
    outcome.reconciliation,
    outcome.drained,
    refusalsOf(collected),
    cell.delivery,
    shape.hasProducers && shape.hasConsumers,
  )
  const latencyUs = latencyGroup(collected.latencies, shape)
  // Judged by the best estimate of every percentile; reported are those that the independent samples carry.
  const carried = latencyGroup(
    collected.latencies,
    shape,
    effectiveCounts(collected.latencies, window.recorder.course.means),
  )
  const intervals = withThreadSeconds(
    window.recorder.intervals,
    ends.map((end) => threadSecondsOf(end.seconds)),
  )
  const attempted = ledgers.flatMap((ledger) => ledger.producers).reduce((sum, producer) => sum + producer.attempted, 0)
  const missedSlots = Math.max(0, totals.offered - totals.skipped - attempted)
  const throughput = throughputOf(totals, seconds, shape)
  const generator = generatorUsage(context, collected, ends, messages)
  const littlesLaw = littlesLawOf(cell, collected.flight)
  const evidence: CellEvidence = {
    failure: lost === null ? null : { code: `broker-${lost.code}`, text: lost.message },
    interrupted: context.signal.aborted,
    isOpen: shape.isOpen,
    hasConsumers: shape.hasConsumers,
    hasProducers: shape.hasProducers,
    confirm: shape.confirm,
    promise: cell.delivery,
    constantRatePerSecond: constantRateOf(cell),
    skippedSlots: totals.skipped,
    intervals,
    measureSeconds: seconds,
    profile: cell.profile,
    isEmbedded: context.session.target.kind !== 'broker',
    closedLoop: closedLoopOf(cell, throughput, latencyUs),
    littlesLaw,
    threadBusyPercentMax: generator.threadBusyPercentMax,
    integrity,
    latencyUs,
    measuredMessages: messages,
    offeredMeasured: totals.offeredMeasured,
    offered: totals.offered - totals.skipped,
    missedSlots,
    missedWhileBlocked: totals.unsentHeldBack > missedSlots / 2,
    floor: context.floor?.floor ?? null,
    clockProof: context.threads.clockProof,
    eventLoopDelayP99Ms: generator.eventLoopDelayP99Ms,
    gcPauseMaxMs: generator.gcPauseMaxMs,
    stealPercent: window.stealPercent,
    hostIdlePercent: idleBesideSpinners(window.hostIdlePercent, availableParallelism(), spinning(cell, ends)),
    hostCores: availableParallelism(),
    spinningThreads: spinning(cell, ends),
    coLocated: generator.coLocated,
    handledPerSecond: ((throughput.sentPerSecond ?? 0) + (throughput.deliveredPerSecond ?? 0)) / 2,
  }
  const verdict = judge(evidence)
  return {
    ...commonFields(cell, context, startedAtMs),
    measureSeconds: seconds,
    throughput,
    latencyUs:
      verdict.kind === 'unsustainable' ? withoutFigures(carried) : withhold(carried, withheldPercentiles(evidence)),
    integrity,
    broker: brokerUsageOf(
      context.session.probe,
      window.brokerBefore,
      window.brokerAfter,
      window.brokerMemoryBytesMax,
      messages,
    ),
    generator,
    verdict,
    notes: notesOf(cell, context, shape, latencyUs, window.wallClockStepMs, totals.untimed),
    intervals,
    littlesLaw,
    soak: collected.soak,
  }
}

/**
 * A cell of which nothing was measured: it could not begin.
 * @param cause null when the user interrupted it.
 */
export function emptyCell(
  cell: Cell,
  context: CellPlace,
  startedAtMs: number,
  cause: CrewError | DriverError | null,
): CellResult {
  const code =
    cause === null
      ? 'interrupted'
      : cause instanceof CrewError && cause.code.startsWith('worker-')
        ? cause.code
        : `broker-${cause.code}`
  return {
    ...commonFields(cell, context, startedAtMs),
    measureSeconds: null,
    throughput: null,
    latencyUs: null,
    integrity: null,
    broker: null,
    generator: null,
    verdict: {
      kind: cause === null ? 'interrupted' : 'failed',
      reasons: cause === null ? [] : [{ code, text: cause.message, figure: null, limit: null }],
      checks: ['connections'],
    },
    notes: [],
    intervals: [],
  }
}

/** What is known of a cell before anything is measured. */
export type CellPlace = Pick<CellContext, 'driver' | 'consumerDriver' | 'order' | 'threadCount' | 'floor'>

type CommonFields = Omit<
  CellResult,
  | 'measureSeconds'
  | 'throughput'
  | 'latencyUs'
  | 'integrity'
  | 'broker'
  | 'generator'
  | 'verdict'
  | 'notes'
  | 'intervals'
>

function commonFields(cell: Cell, context: CellPlace, startedAtMs: number): CommonFields {
  return {
    id: cell.id,
    target: cell.target,
    protocol: cell.protocol,
    client: cell.client,
    clientVersion: context.driver.clientVersion,
    consumer: cell.consumer === null ? null : { ...cell.consumer, clientVersion: context.consumerDriver.clientVersion },
    axes: { ...cell.axes },
    model: modelOf(cell.load),
    layout: cell.layout.kind === 'count' ? `${cell.layout.count} destinations` : cell.layout.kind,
    repetition: cell.repetition,
    sentinel: cell.sentinel,
    order: context.order,
    startedAt: new Date(startedAtMs).toISOString(),
    clock: cell.layout.kind === 'per-pair' || context.threadCount === 1 ? 'same-thread' : 'same-process',
    floor: context.floor?.floor ?? null,
    histogramFile: null,
    littlesLaw: null,
    soak: null,
    messageTimes:
      cell.crew.producers > 0 && cell.crew.consumers > 0 ? messageTimes(cell.load, cell.messageBytes) : null,
  }
}

/** By time: what passed of the planned window. By count: until the last event of a measured message. */
function windowSeconds(cell: Cell, { window }: Collected): number {
  const isByCount = cell.phases.messagesPerProducer !== null && cell.crew.producers > 0
  const toUs = isByCount ? window.recorder.totals.lastMeasuredEventUs : window.toUs
  return Math.max(0, (toUs - window.fromUs) / 1e6)
}

function refusalsOf({ ledgers }: Collected): Record<string, number> {
  const total: Record<string, number> = {}
  for (const { refusals } of ledgers) {
    for (const [code, count] of Object.entries(refusals)) total[code] = (total[code] ?? 0) + count
  }
  return total
}

function generatorUsage(
  context: CellContext,
  { window }: Collected,
  ends: readonly WorkerEnd[],
  messages: number,
): GeneratorUsage {
  const delays = ends.flatMap((end) => (end.eventLoopDelayP99Ms === null ? [] : [end.eventLoopDelayP99Ms]))
  const writes = ends.map((end) => end.publisherWrites)
  const totalWrites = writes.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  )
  const sent = window.recorder.totals.sent
  return {
    cpuPercent:
      window.generatorSeconds > 0
        ? (window.generatorCpuUs / 1e6 / window.generatorSeconds / availableParallelism()) * 100
        : null,
    cpuMicrosPerMessage: messages > 0 ? window.generatorCpuUs / messages : null,
    messagesPerWrite: totalWrites === null || totalWrites === 0 ? null : sent / totalWrites,
    coLocated: context.session.coLocated,
    threads: context.threadCount,
    eventLoopDelayP99Ms: delays.length === 0 ? null : Math.max(...delays),
    gcPauseMaxMs: ends.length === 0 ? null : Math.max(...ends.map((end) => end.gcPauseMaxMs)),
    stealPercent: window.stealPercent,
    residentBytesMax: window.generatorResidentBytesMax,
    threadBusyPercentMax: maxOfKnown(ends.map((end) => end.busyPercent)),
    processId: process.pid,
    clientWarmupSeconds: context.clientWarmupSeconds ?? null,
  }
}

/** Threads that turn without rest to keep time: of them no busy share is known. */
function spinning({ load }: Cell, ends: readonly WorkerEnd[]): number {
  return load.model === 'open' ? ends.filter((end) => end.busyPercent === null).length : 0
}

function constantRateOf({ load, phases }: Cell): number | null {
  const isConstant = load.model === 'open' && load.arrivals.kind === 'constant' && phases.messagesPerProducer === null
  return isConstant ? load.ratePerSecond : null
}

function notesOf(
  cell: Cell,
  context: CellContext,
  shape: CellShape,
  latencyUs: LatencyGroup,
  wallClockStepMs: number | null,
  untimed: number,
): string[] {
  const { capabilities } = context.driver
  const consuming = context.consumerDriver
  const notes: string[] = []
  if (context.session.probe === null) notes.push(`The broker's CPU is not sampled: ${context.session.cpuSource}.`)
  if (context.floor !== null && context.floor.floor === null) notes.push(`No floor: ${context.floor.why}.`)
  if (cell.destination.kind === 'queue' && capabilities.queues === 'imitated') {
    notes.push(
      `${cell.protocol} has no queues: each is imitated by a topic, a session that the broker keeps, and QoS 1.`,
    )
  }
  notes.push(...messageTimesNotes(shape, untimed))
  if (shape.hasProducers && !shape.confirm && cell.load.model === 'closed') {
    notes.push('Without confirms nothing limits the messages in flight but the socket: the closed model is open-ended.')
  }
  if (!consuming.capabilities.prefetch)
    notes.push(`${consuming.protocol} by this client cannot set the prefetch: the broker's own limit holds.`)
  if (latencyUs.endToEnd === null && latencyUs.publish === null && shape.hasProducers)
    notes.push('No latency was measured.')
  if (wallClockStepMs !== null)
    notes.push(
      `The wall clock of this host was set by ${Math.round(wallClockStepMs)} ms while the cell ran: times of day are wrong by that, latencies and rates are not.`,
    )
  return notes
}
