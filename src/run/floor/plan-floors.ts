/** Which floors a plan needs: of each protocol and client, at the plan's own sizes and in its own flows. Pure. */
import type { Cell, CellEnd } from '../../workload/cell.ts'
import type { Target } from '../../workload/target.ts'
import { demandOf, flowOf } from './floor-flow.ts'
import { flowName, pairName, type FloorFlow, type FloorPair, type FloorWish } from './floor-record.ts'

/** Measuring takes seconds for each. */
const SIZES_MAX = 5
const CLOSED_FLOWS_MAX = 4

/** What one end of one cell is to be seen beside. */
export interface FloorNeed {
  readonly pair: FloorPair
  readonly messageBytes: number
  readonly flow: FloorFlow
}

type EndOfCell = Pick<CellEnd, 'protocol' | 'client'>

/** Of both ends of every cell on a broker with an address: on the embedded broker the result is the floor itself. */
export function needsOf(cells: readonly Cell[], targets: readonly Target[], threads: number): readonly FloorNeed[] {
  return cells
    .filter((cell) => targets[cell.targetIndex]?.kind === 'broker')
    .flatMap((cell) => {
      const flow = flowOf(cell, threadsOf(cell, threads))
      return pairsOf(cell).map((pair) => ({ pair, messageBytes: cell.messageBytes, flow }))
    })
}

/**
 * The needs put together: of many sizes the ends and some between, of open flows the fastest in each pacer mode, of
 * closed ones the ends and some between. A cell whose own is left out takes the next larger.
 */
export function wishesOf(needs: readonly FloorNeed[], sizesMax = SIZES_MAX): readonly FloorWish[] {
  return grouped(needs, ({ pair }) => pairName(pair)).flatMap((ofPair) => {
    const sizes = someOf(distinct(ofPair.map(({ messageBytes }) => messageBytes)), sizesMax)
    const sizeOf = ({ messageBytes }: FloorNeed): number =>
      nextLarger(sizes, messageBytes, (size) => size) ?? messageBytes
    return sizes.map((messageBytes) => ({
      pair: ofPair[0].pair,
      messageBytes,
      flows: flowsOf(ofPair.filter((need) => sizeOf(need) === messageBytes).map(({ flow }) => flow)),
    }))
  })
}

/** What clients the ends of a cell use. */
export function pairsOf({ protocol, client, consumer }: Cell): readonly FloorPair[] {
  const ends: readonly EndOfCell[] = consumer === null ? [{ protocol, client }] : [{ protocol, client }, consumer]
  return ends.flatMap((end) => (end.protocol === 'loopback' ? [] : [{ protocol: end.protocol, client: end.client }]))
}

/** A crew of one has no use for a second thread. */
export function threadsOf({ crew }: Cell, threads: number): number {
  return Math.max(1, Math.min(threads, Math.max(crew.producers, crew.consumers)))
}

/** Of things in rising order the first that is not smaller, else the largest; undefined where there is none. */
export function nextLarger<T>(rising: readonly T[], wanted: number, sizeOf: (one: T) => number): T | undefined {
  return rising.find((one) => sizeOf(one) >= wanted) ?? rising.at(-1)
}

function flowsOf(flows: readonly FloorFlow[]): readonly FloorFlow[] {
  const rising = grouped(flows, flowName)
    .map(([first]) => first)
    .toSorted((a, b) => demandOf(a) - demandOf(b))
  const fastest = (['spin', 'timer'] as const).flatMap(
    (mode) => rising.findLast((flow) => flow.model === 'open' && flow.pacer === mode) ?? [],
  )
  return [
    ...fastest,
    ...someOf(
      rising.filter((flow) => flow.model === 'closed'),
      CLOSED_FLOWS_MAX,
    ),
  ]
}

/** All where there are no more than `max`, else the ends and some between, evenly. */
function someOf<T>(rising: readonly T[], max: number): readonly T[] {
  if (rising.length <= max) return rising
  return Array.from(
    { length: max },
    (_, place) => rising[Math.round((place * (rising.length - 1)) / (max - 1))],
  ).filter((one) => one !== undefined)
}

function distinct(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}

/** In the order in which each group's first was seen. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group === undefined) groups.set(keyOf(one), [one])
    else group.push(one)
  }
  return [...groups.values()]
}
