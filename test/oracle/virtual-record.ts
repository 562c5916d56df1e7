import type { CellResult } from '../../src/result/result.ts'
import { completeCell } from '../../src/run/cell-record.ts'
import type { CellContext, Collected } from '../../src/run/run-cell.ts'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import type { VirtualOutcome } from './virtual-cell.ts'

/**
 * The result of a cell in virtual time, judged as a run judges it, on a broker that is not the one inside. What a run knows
 * of this host by the clock on the wall is left out: a virtual second has none of it.
 */
export function recordOf({
  cell,
  phases,
  totals,
  latencies,
  reconciliation,
  ledgers,
  recorder,
  flight,
}: VirtualOutcome): CellResult {
  const nothing = { brokerBefore: null, brokerAfter: null, brokerMemoryBytesMax: null, wallClockStepMs: null }
  const intervals = recorder.intervals.map((interval) => ({ ...interval, stealPercent: null, hostIdlePercent: null }))
  const collected = {
    window: {
      ...nothing,
      recorder: { intervals, totals, course: recorder.course },
      generatorCpuUs: 0,
      generatorSeconds: cell.phases.measureSeconds,
      generatorResidentBytesMax: 0,
      stealPercent: null,
      hostIdlePercent: null,
      fromUs: phases.measureFromUs,
      toUs: phases.measureToUs,
    },
    outcome: { reconciliation, drained: true },
    ledgers: ledgers.map((ledger) => ({ ...ledger, refusals: {} })),
    latencies,
    flight,
    soak: null,
    lost: null,
  }
  const context = {
    session: { target: { kind: 'broker' }, probe: null, cpuSource: 'virtual', coLocated: true },
    driver: loopback,
    consumerDriver: loopback,
    threads: { clockProof: null },
    threadCount: 1,
    order: 1,
    floor: null,
    signal: new AbortController().signal,
  }
  return completeCell(cell, context as unknown as CellContext, 0, collected as unknown as Collected, [])
}
