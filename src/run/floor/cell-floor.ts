/** Which floor stands beside a cell. Pure. */
import type { Floor } from '../../result/result.ts'
import type { Cell } from '../../workload/cell.ts'
import type { Target } from '../../workload/target.ts'
import { shapeOf } from '../cell-plan.ts'
import { demandOf, flowOf } from './floor-flow.ts'
import { flowName, isOfPair, type FloorFlow, type FloorRecord } from './floor-record.ts'
import { nextLarger, pairsOf } from './plan-floors.ts'

/** The floor beside a cell, or one clause that says why there is none. */
export type FloorFinding =
  { readonly floor: Floor; readonly why: null } | { readonly floor: null; readonly why: string }

/**
 * The floors of both ends of a cell that is run on `threads` threads; null where one is missing. Where the ends differ, the
 * slower of the two counts: the cell can be no faster.
 */
export function floorOfCell(cell: Cell, floors: readonly FloorRecord[], threads: number): Floor | null {
  const pairs = pairsOf(cell)
  const flow = flowOf(cell, threads)
  const found = pairs.flatMap((pair) => {
    const ofPair = floors.filter((record) => isOfPair(record, pair))
    return recordFor(ofPair, cell.messageBytes, flow) ?? []
  })
  const [first, second] = found
  if (first === undefined || found.length < pairs.length) return null
  const { hasConsumers, hasProducers, times } = shapeOf(cell)
  const metric = hasConsumers && hasProducers && times === 'carried' ? 'endToEnd' : 'publish'
  const slower = second === undefined || (first[metric].p50Us ?? 0) >= (second[metric].p50Us ?? 0) ? first : second
  const perThread = Math.min(...found.map((record) => record.ceilingPerSecond))
  const { ratePerSecond, messageBytes, pacer, measuredAt } = slower
  return {
    metric,
    ...slower[metric],
    ratePerSecond,
    messageBytes,
    ...shownFlow(slower.flow),
    // More threads than cores share the cores.
    ceilingPerSecond: perThread * Math.min(threads, slower.host.cores),
    pacer,
    measuredAt,
  }
}

/** @param floors null: not to be measured. @returns null where the cell is not run on a broker with an address. */
export function findFloor(
  cell: Cell,
  targets: readonly Target[],
  floors: readonly FloorRecord[] | null,
  threads: number,
): FloorFinding | null {
  if (targets[cell.targetIndex]?.kind !== 'broker') return null
  if (floors === null) return { floor: null, why: 'it was not to be measured (--no-floor)' }
  const floor = floorOfCell(cell, floors, threads)
  return floor === null ? { floor, why: 'measuring it on the embedded broker failed' } : { floor, why: null }
}

/** Of its size, else of the next larger one; there in its flow, else in the one that is nearest to it. */
function recordFor(ofPair: readonly FloorRecord[], messageBytes: number, flow: FloorFlow): FloorRecord | undefined {
  const bySize = ofPair.toSorted((a, b) => a.messageBytes - b.messageBytes)
  const size = nextLarger(bySize, messageBytes, (record) => record.messageBytes)?.messageBytes
  const ofSize = bySize.filter((record) => record.messageBytes === size)
  return nearestFlow(ofSize, flow)
}

function nearestFlow(records: readonly FloorRecord[], flow: FloorFlow): FloorRecord | undefined {
  const exact = records.find((record) => flowName(record.flow) === flowName(flow))
  if (exact !== undefined) return exact
  const rising = records.toSorted((a, b) => demandOf(a.flow) - demandOf(b.flow))
  const alike = rising.filter((record) => isAlike(record.flow, flow))
  const ofModel = rising.filter((record) => record.flow.model === flow.model)
  const [candidates] = [alike, ofModel, rising].filter((some) => some.length > 0)
  return nextLarger(candidates ?? [], demandOf(flow), (record) => demandOf(record.flow))
}

function isAlike(a: FloorFlow, b: FloorFlow): boolean {
  return a.model === 'open' ? b.model === 'open' && a.pacer === b.pacer : b.model === 'closed'
}

function shownFlow(flow: FloorFlow): Pick<Floor, 'wantedPerSecond' | 'pairs' | 'inFlight'> {
  return flow.model === 'open'
    ? { wantedPerSecond: flow.wantedPerSecond, pairs: 1, inFlight: null }
    : { wantedPerSecond: null, pairs: flow.pairs, inFlight: flow.inFlight }
}
