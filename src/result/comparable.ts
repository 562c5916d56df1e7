/** Whether two results may be put side by side at all (method.md R1.2). Pure. */
import type { CellResult, Model, Result } from './result.ts'

/** Why two cells cannot be compared: stable code and a sentence part that names both sides. */
export interface Incomparability {
  readonly code: 'model' | 'arrivals'
  readonly text: string
}

/**
 * In a closed model a slow broker is asked for less, in an open one the messages that wait are counted with their wait;
 * and the way in which arrivals fall changes a p99 by a factor at the same rate. @returns nothing where they compare.
 */
export function incomparabilities(
  one: Pick<CellResult, 'model'>,
  other: Pick<CellResult, 'model'>,
): readonly Incomparability[] {
  const [a, b] = [one.model, other.model]
  if (a.kind !== b.kind) {
    const text = `${modelText(a)} and ${modelText(b)}: a closed loop sends less to a slow broker and leaves its stalls out of the latency, an open model counts them`
    return [{ code: 'model', text }]
  }
  if (a.kind === 'open' && b.kind === 'open' && a.arrivals !== b.arrivals) {
    const text = `${modelText(a)} and ${modelText(b)}: how arrivals fall changes latency several times over at the same rate`
    return [{ code: 'arrivals', text }]
  }
  return []
}

/** Cells of two results at one place: the same message size, crew and further axes. */
export interface SharedPlace {
  readonly one: CellResult
  readonly other: CellResult
}

/** Cells of both results that stand at the same place, whatever their target; every repetition of one with the first of the other. */
export function sharedPlaces(one: Pick<Result, 'cells'>, other: Pick<Result, 'cells'>): readonly SharedPlace[] {
  const byPlace = new Map<string, CellResult>()
  for (const cell of measuredCells(other)) if (!byPlace.has(placeOf(cell))) byPlace.set(placeOf(cell), cell)
  return measuredCells(one).flatMap((cell) => {
    const found = byPlace.get(placeOf(cell))
    return found === undefined ? [] : [{ one: cell, other: found }]
  })
}

/**
 * Why two results are not put side by side; null where they may be. Cells at one place decide; where no place is shared,
 * whether both have a model in common at all.
 */
export function refusalOf(one: Pick<Result, 'cells'>, other: Pick<Result, 'cells'>): string | null {
  const shared = sharedPlaces(one, other)
  const pairs = shared.length > 0 ? shared : anyOfEach(one, other)
  const reasons = pairs.map((pair) => incomparabilities(pair.one, pair.other))
  if (shared.length === 0 && reasons.some((list) => list.length === 0)) return null
  const [reason] = reasons.flat()
  return reason?.text ?? null
}

function anyOfEach(one: Pick<Result, 'cells'>, other: Pick<Result, 'cells'>): readonly SharedPlace[] {
  return measuredCells(one).flatMap((cell) => measuredCells(other).map((found) => ({ one: cell, other: found })))
}

/** Sentinels are in no table. */
function measuredCells({ cells }: Pick<Result, 'cells'>): readonly CellResult[] {
  return cells.filter((cell) => cell.sentinel === null)
}

function placeOf({ axes }: CellResult): string {
  return JSON.stringify(Object.entries(axes).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function modelText(model: Model): string {
  if (model.kind === 'closed') return `a closed model (${model.inFlight} in flight per producer)`
  return `an open model (${model.arrivals} arrivals, ${model.ratePerSecond}/s)`
}
