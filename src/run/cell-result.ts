/** From raw counts to the figures of a result: pure. */
import { judgeGuarantee, type DeliveryPromise } from './guarantee.ts'
import type { CounterTotals } from '../measure/counters.ts'
import type { LatencyCounts } from '../measure/latency-recorder.ts'
import { summarizeLatency } from '../measure/latency-summary.ts'
import type { Metric } from '../measure/shared-measurements.ts'
import type { Reconciliation } from '../measure/reconcile.ts'
import type { Probe, UsageReading } from '../probe/probe.ts'
import type { BrokerUsage, Integrity, LatencyGroup, Model, Throughput } from '../result/result.ts'
import type { MessageTimes } from '../workload/message-times.ts'
import type { Arrivals, Load } from '../workload/workload.ts'
import { brokerPercent } from './interval-recorder.ts'

/** The measured histograms of a cell by metric. */
export type MeasuredLatencies = Readonly<Record<Metric, LatencyCounts>>

/** What of a cell decides which figures exist. */
export interface CellShape {
  readonly isOpen: boolean
  readonly hasProducers: boolean
  readonly hasConsumers: boolean
  readonly confirm: boolean
  readonly times: MessageTimes
}

/**
 * @param effective how many independent samples a distribution is worth; null where that is not known. Percentiles that
 * they do not carry are null (R3.2).
 */
export function latencyGroup(
  measured: MeasuredLatencies,
  shape: CellShape,
  effective: (metric: Metric) => number | null = () => null,
): LatencyGroup {
  const summary = (metric: Metric) => summarizeLatency(measured[metric], effective(metric))
  const open = (metric: Metric) => (shape.isOpen ? summary(metric) : null)
  const hasEndToEnd = shape.hasConsumers && shape.hasProducers && shape.times !== 'unknown'
  // A time that is made again is the intended one: when the message left, nobody wrote down.
  const service = shape.times === 'carried' ? summary('endToEndService') : null
  return {
    endToEnd: hasEndToEnd ? { response: open('endToEndResponse'), service } : null,
    publish:
      shape.hasProducers && shape.confirm
        ? { response: open('publishResponse'), service: summary('publishService') }
        : null,
    sendLag:
      shape.isOpen && shape.hasProducers
        ? { generator: summarizeLatency(measured.lagGenerator), blocked: summarizeLatency(measured.lagBlocked) }
        : null,
  }
}

/** Rates over the measured window. */
export function throughputOf(totals: CounterTotals, seconds: number, shape: CellShape): Throughput {
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : null)
  return {
    offeredPerSecond: shape.isOpen ? perSecond(totals.offeredMeasured) : null,
    sentPerSecond: shape.hasProducers ? perSecond(totals.sentMeasured) : null,
    confirmedPerSecond: shape.hasProducers && shape.confirm ? perSecond(totals.confirmedMeasured) : null,
    deliveredPerSecond: shape.hasConsumers ? perSecond(totals.deliveredMeasured) : null,
    deliveredMegabytesPerSecond: shape.hasConsumers ? perSecond(totals.deliveredBytesMeasured / 1e6) : null,
  }
}

/** Messages that TPS and CPU per message count: first deliveries, else confirms, else what was sent. */
export function measuredMessages(totals: CounterTotals, shape: CellShape): number {
  if (shape.hasConsumers) return totals.deliveredMeasured
  return shape.confirm ? totals.confirmedMeasured : totals.sentMeasured
}

/** @param refusals by reason code, added up over workers. */
export function integrityOf(
  totals: CounterTotals,
  reconciliation: Reconciliation,
  drained: boolean,
  refusals: Readonly<Record<string, number>>,
  promise: DeliveryPromise,
  hasBothEnds: boolean,
): Integrity {
  const missing = hasBothEnds ? reconciliation.missing : 0
  const counts = {
    attempted: totals.sent,
    confirmed: totals.confirmed,
    refused: totals.refused,
    refusals: { ...refusals },
    received: hasBothEnds ? reconciliation.received : totals.delivered,
    lost: drained ? missing : 0,
    // Not by the deliveries counted: others may go on between the ledgers and the counters where a connection was lost.
    duplicated: hasBothEnds ? totals.repeated + reconciliation.overlap : 0,
    late: totals.late,
    unknown: totals.unknown + totals.outstanding,
    recovered: hasBothEnds ? reconciliation.recovered : 0,
    unexpected: totals.unexpected + (hasBothEnds ? reconciliation.impossible : 0),
    corrupt: totals.corrupt,
    drained,
    indeterminate: drained ? 0 : missing,
    aborted: hasBothEnds ? reconciliation.aborted : 0,
  }
  return { ...counts, guarantee: hasBothEnds ? judgeGuarantee(promise, counts) : null }
}

/** Null where nothing is sampled. @param messages inside the measured window. */
export function brokerUsageOf(
  probe: Probe | null,
  before: UsageReading | null,
  after: UsageReading | null,
  memoryBytesMax: number | null,
  messages: number,
): BrokerUsage | null {
  if (probe === null) return null
  const cpuUs = before === null || after === null ? null : after.cpuUs - before.cpuUs
  return {
    cpuPercent: brokerPercent(before, after, probe.cores),
    cpuMicrosPerMessage: cpuUs === null || messages === 0 ? null : cpuUs / messages,
    memoryBytesMax,
    source: probe.source,
    base: probe.base,
  }
}

export function modelOf(load: Load): Model {
  if (load.model === 'closed') return { kind: 'closed', inFlight: load.inFlight }
  const { arrivals, catchUp, ratePerSecond, inFlight } = load
  return {
    kind: 'open',
    arrivals: arrivals.kind,
    ratePerSecond,
    inFlight,
    detail: arrivalsDetail(arrivals),
    catchUp: catchUp.kind === 'limited' ? `limited ${catchUp.factor}` : catchUp.kind,
  }
}

function arrivalsDetail(arrivals: Arrivals): string | null {
  switch (arrivals.kind) {
    case 'constant':
      return null
    case 'poisson':
      return `seed ${arrivals.seed}`
    case 'ramp':
      return `to ${arrivals.toPerSecond}/s`
    case 'steps':
      return arrivals.steps.map(({ ratePerSecond, seconds }) => `${ratePerSecond}/s for ${seconds} s`).join(', ')
    case 'trace':
      return arrivals.path
  }
}
