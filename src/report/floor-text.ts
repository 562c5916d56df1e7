/** The floor beside the figures that it is the floor of: what the harness costs and carries by itself. Pure. */
import type { CellResult, Floor } from '../result/result.ts'
import { countText, millisecondsText, rateText, sizeText } from './number-text.ts'

/** As many floors stand under a table one by one; more are put together. */
const SENTENCES_MAX = 4

/** A sentence for each floor among the cells, or for each kind where there are many; none where there is none. */
export function floorRemarks(cells: readonly Pick<CellResult, 'floor'>[]): string[] {
  const floors = cells.flatMap(({ floor }) => floor ?? [])
  const single = groupedBy(
    floors,
    (floor) => `${figuresOf([floor])}${latencyName(floor)} (${flowText(floor)})${pacerText([floor])}`,
  )
  const groups =
    single.size <= SENTENCES_MAX
      ? single
      : groupedBy(floors, (floor) => `${latencyName(floor)}${kindText(floor)}${floor.pacer?.mode ?? ''}`)
  return [...groups.values()].map((group) => sentenceOf(group, single.size <= SENTENCES_MAX))
}

function sentenceOf(floors: readonly [Floor, ...Floor[]], isOne: boolean): string {
  const [first] = floors
  const conditions = isOne ? flowText(first) : `${kindText(first)}, by size and load of the cell`
  return `Floor: p50/p99/p99.9 ${figuresOf(floors)} ms, ${latencyName(first)} on the broker inside brokermark (${conditions})${pacerText(floors)}; ceiling ${range(
    floors.map((floor) => floor.ceilingPerSecond),
    countText,
  )} messages/s, by threads of the cell.`
}

function latencyName({ metric }: Floor): string {
  return `this client's service latency ${metric === 'endToEnd' ? 'end to end' : 'publish to confirm'}`
}

function figuresOf(floors: readonly Floor[]): string {
  return (['p50Us', 'p99Us', 'p999Us'] as const)
    .map((percentile) =>
      range(
        floors.map((floor) => floor[percentile]),
        millisecondsText,
      ),
    )
    .join('/')
}

/** `1 KB at 2,000/s`, `1 KB at 9,000/s, which is 60 % of what it carries`, `1 KB, 25 pairs with 1 in flight`. */
function flowText({ messageBytes, ratePerSecond, wantedPerSecond, pairs, inFlight }: Floor): string {
  const size = sizeText(messageBytes)
  if (inFlight !== null) {
    return `${size}, ${pairs === 1 ? '1 pair' : `${countText(pairs)} pairs`} with ${countText(inFlight)} in flight`
  }
  const isSlowed = wantedPerSecond !== null && ratePerSecond < wantedPerSecond
  const why = isSlowed ? `, 60 % of its ceiling, instead of ${rateText(wantedPerSecond)}/s` : ''
  return `${size} at ${rateText(ratePerSecond)}/s${why}`
}

function kindText({ inFlight }: Floor): string {
  return inFlight === null ? 'at constant rates' : 'in a closed model'
}

/** `; pacer spin, lag p50/p99 0.003/0.041 ms`; nothing in a closed model. */
function pacerText(floors: readonly Floor[]): string {
  const pacers = floors.flatMap(({ pacer }) => pacer ?? [])
  const [first] = pacers
  if (first === undefined) return ''
  const lag = (['lagP50Us', 'lagP99Us'] as const).map((percentile) =>
    range(
      pacers.map((pacer) => pacer[percentile]),
      millisecondsText,
    ),
  )
  return `; pacer ${first.mode}, lag p50/p99 ${lag.join('/')} ms`
}

function groupedBy(floors: readonly Floor[], keyOf: (floor: Floor) => string): Map<string, [Floor, ...Floor[]]> {
  const groups = new Map<string, [Floor, ...Floor[]]>()
  for (const floor of floors) {
    const group = groups.get(keyOf(floor))
    if (group === undefined) groups.set(keyOf(floor), [floor])
    else group.push(floor)
  }
  return groups
}

function range(figures: readonly (number | null)[], textOf: (figure: number) => string): string {
  const known = figures.filter((figure) => figure !== null)
  if (known.length === 0) return 'n/a'
  const low = textOf(Math.min(...known))
  const high = textOf(Math.max(...known))
  return low === high ? low : `${low} to ${high}`
}
