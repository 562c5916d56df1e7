/** The order in which cells run: targets in turns, cells by lot, sentinels between them. Pure. */
import type { Cell } from './cell.ts'
import { SeededRandom } from './seeded-random.ts'
import type { PhasePlan } from './workload.ts'

/** Cells of a block from which on a sentinel is worth its time (`phases.sentinel: auto`). */
const SENTINEL_MIN_CELLS = 6
/** Measured seconds below which a sentinel could not tell a drift from chance. */
const SENTINEL_MIN_SECONDS = 10
/** Keeps the lots of targets apart from those of cells. */
const TARGET_LOTS = 0x7a11

/** The cells of one repetition on one target, as listed. */
export type Block = readonly Cell[]

/**
 * @param repetitions per repetition the blocks of its targets, as listed.
 * @returns the same blocks, and the sentinels of each, in the order of running.
 */
export function runningOrder(repetitions: readonly (readonly Block[])[], phases: PhasePlan): readonly Cell[] {
  const random = new SeededRandom(phases.orderSeed)
  const shuffled = phases.order === 'shuffled'
  return inTurns(repetitions, shuffled ? new SeededRandom(phases.orderSeed + TARGET_LOTS) : null)
    .flat()
    .flatMap((block) => withSentinels(block, shuffled ? drawn(block, random) : block, phases.sentinel))
}

/**
 * Targets take turns as A B | B A (method.md R3.4): what drifts evenly over two repetitions adds the same to each. Every two
 * repetitions begin in an order drawn anew, or as listed; an odd one at the end is on its own.
 */
function inTurns(
  repetitions: readonly (readonly Block[])[],
  random: SeededRandom | null,
): readonly (readonly Block[])[] {
  let places: readonly number[] = []
  return repetitions.map((blocks, index) => {
    if (index % 2 === 1) places = places.toReversed()
    else places = random === null ? [...blocks.keys()] : drawn([...blocks.keys()], random)
    return places.flatMap((place) => {
      const block = blocks[place]
      return block === undefined ? [] : [block]
    })
  })
}

/** Every order equally likely (Fisher and Yates). */
function drawn<T>(items: readonly T[], random: SeededRandom): readonly T[] {
  const left = [...items]
  return items.flatMap(() => left.splice(random.below(left.length), 1))
}

/**
 * The cell in the middle of the list stands for the block: neither its lightest nor its heaviest. It is the same one in
 * every repetition, whatever the order drawn.
 */
function withSentinels(listed: Block, ordered: Block, sentinel: PhasePlan['sentinel']): Block {
  const standIn = listed[Math.floor((listed.length - 1) / 2)]
  if (standIn === undefined || !hasSentinel(listed, sentinel)) return ordered
  const at = (place: 'start' | 'middle' | 'end'): Cell => ({
    ...standIn,
    id: `${standIn.id}-sentinel-${place}`,
    sentinel: place,
  })
  const half = Math.ceil(ordered.length / 2)
  return [at('start'), ...ordered.slice(0, half), at('middle'), ...ordered.slice(half), at('end')]
}

/** A plan of an earlier version says nothing of sentinels: it has none. */
function hasSentinel(block: Block, sentinel: PhasePlan['sentinel'] | undefined): boolean {
  if (sentinel === 'on') return true
  if (sentinel !== 'auto' || block.length < SENTINEL_MIN_CELLS) return false
  return block.every(({ phases }) => phases.measureSeconds >= SENTINEL_MIN_SECONDS)
}
