/** Which floors a plan needs, and which one stands beside a cell. Pure. */
import type { Floor } from '../../result/result.ts'
import type { Cell, CellEnd } from '../../workload/cell.ts'
import type { Target } from '../../workload/target.ts'
import { shapeOf } from '../cell-plan.ts'
import { isOfPair, type FloorPair, type FloorRecord } from './floor-record.ts'

/** The floor beside a cell, or one clause that says why there is none. */
export type FloorFinding =
  { readonly floor: Floor; readonly why: null } | { readonly floor: null; readonly why: string }

type EndOfCell = Pick<CellEnd, 'protocol' | 'client'>

/** Of every cell on a broker with an address, each pair once: on the embedded broker the result is the floor itself. */
export function pairsOf(cells: readonly Cell[], targets: readonly Target[]): readonly FloorPair[] {
  const pairs = new Map<string, FloorPair>()
  for (const cell of cells) {
    if (targets[cell.targetIndex]?.kind !== 'broker') continue
    for (const { protocol, client } of endsOf(cell)) {
      if (protocol !== 'loopback') pairs.set(`${protocol}:${client}`, { protocol, client })
    }
  }
  return [...pairs.values()]
}

/**
 * The floors of both ends of a cell that is run on `threads` threads; null where one is missing. Where the ends differ, the
 * slower of the two counts: the cell can be no faster.
 */
export function floorOfCell(cell: Cell, floors: readonly FloorRecord[], threads: number): Floor | null {
  const found = endsOf(cell).flatMap(({ protocol, client }) =>
    protocol === 'loopback' ? [] : (floors.find((record) => isOfPair(record, { protocol, client })) ?? []),
  )
  const [first, second] = found
  if (first === undefined || found.length < endsOf(cell).length) return null
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

function endsOf({ protocol, client, consumer }: Cell): readonly EndOfCell[] {
  return consumer === null ? [{ protocol, client }] : [{ protocol, client }, consumer]
}
