/**
 * The cells of a result as a grid: sizes down, crews across, one column group per target, one grid per combination of the
 * remaining axes. Pure.
 */
import type { CellResult, Result } from '../result/result.ts'
import { axisNumber } from './headline.ts'
import { brokerOf, shortNames } from './target-name.ts'

/** One column: producers and consumers. */
export interface Crew {
  readonly producers: number
  readonly consumers: number
  /** `25` for 25 pairs, `10 -> 5` for 10 producers and 5 consumers. */
  readonly label: string
}

/** A point of the matrix on one target: all its repetitions, in their order. */
export interface Point {
  readonly target: string
  readonly messageBytes: number
  readonly crew: Crew
  readonly repetitions: readonly CellResult[]
}

/** The part of the matrix on one target. */
export interface GridTarget {
  readonly target: string
  /** Short and unique in this result. */
  readonly name: string
  /** Product and version as it said itself, `ActiveMQ 5.18.3`; null where that is not known. */
  readonly broker: string | null
}

/** One table: everything that shares the remaining axes. */
export interface Grid {
  /** `client = wire, load.inFlight = 100`; empty where there are no remaining axes. */
  readonly combination: string
  readonly axes: Readonly<Record<string, string | number | boolean>>
  readonly targets: readonly GridTarget[]
  readonly messageBytes: readonly number[]
  readonly crews: readonly Crew[]
  readonly points: readonly Point[]
}

const columnAxes = new Set(['messageBytes', 'producers', 'consumers'])

/** All grids of a result, in the order in which their combinations first appear. */
export function grids(result: Result): Grid[] {
  const names = shortNames(result)
  const combinations = new Map<string, CellResult[]>()
  for (const cell of result.cells) {
    // A sentinel is measured for its own sake: it is in no table of the matrix.
    if (cell.sentinel !== null) continue
    const key = combinationText(remainingAxes(cell))
    combinations.set(key, [...(combinations.get(key) ?? []), cell])
  }
  const given = result.targets.map(({ target }) => target)
  const targetOf = (target: string): GridTarget => ({
    target,
    name: names.get(target) ?? target,
    broker: brokerOf(result, target),
  })
  return [...combinations].map(([combination, cells]) => gridOf(combination, cells, given, targetOf))
}

/** The axes of a cell other than size, producers and consumers. */
export function remainingAxes(cell: CellResult): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(Object.entries(cell.axes).filter(([axis]) => !columnAxes.has(axis)))
}

function combinationText(axes: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(axes)
    .map(([axis, value]) => `${axis} = ${String(value)}`)
    .join(', ')
}

function gridOf(
  combination: string,
  cells: readonly CellResult[],
  given: readonly string[],
  targetOf: (target: string) => GridTarget,
): Grid {
  // In the order in which they were named, whatever the lot said of who is measured first.
  const targets = unique(cells.map((cell) => cell.target))
    .sort((a, b) => given.indexOf(a) - given.indexOf(b))
    .map(targetOf)
  const messageBytes = unique(cells.map(bytesOf)).sort((a, b) => a - b)
  const crews = [...new Map(cells.map((cell) => [crewOf(cell).label, crewOf(cell)])).values()].sort(
    (a, b) => a.producers - b.producers || a.consumers - b.consumers,
  )
  const order = new Map(targets.map(({ target }, place) => [target, place]))
  const points = pointsOf(cells).sort(
    (a, b) =>
      (order.get(a.target) ?? 0) - (order.get(b.target) ?? 0) ||
      a.messageBytes - b.messageBytes ||
      a.crew.producers - b.crew.producers ||
      a.crew.consumers - b.crew.consumers,
  )
  const [first] = cells
  return { combination, axes: first === undefined ? {} : remainingAxes(first), targets, messageBytes, crews, points }
}

function pointsOf(cells: readonly CellResult[]): Point[] {
  const points = new Map<string, CellResult[]>()
  for (const cell of cells) {
    const key = JSON.stringify([cell.target, bytesOf(cell), crewOf(cell).label])
    points.set(key, [...(points.get(key) ?? []), cell])
  }
  return [...points.values()].flatMap((repetitions) => {
    const sorted = [...repetitions].sort((a, b) => a.repetition - b.repetition)
    const [first] = sorted
    if (first === undefined) return []
    return [{ target: first.target, messageBytes: bytesOf(first), crew: crewOf(first), repetitions: sorted }]
  })
}

/** The point at a place of the grid; undefined where the matrix has a hole. */
export function pointAt(grid: Grid, target: string, messageBytes: number, crew: Crew): Point | undefined {
  return grid.points.find(
    (point) => point.target === target && point.messageBytes === messageBytes && point.crew.label === crew.label,
  )
}

/** Producers and consumers of a cell as a column. */
export function crewOf(cell: CellResult): Crew {
  const producers = axisNumber(cell, 'producers') ?? 0
  const consumers = axisNumber(cell, 'consumers') ?? 0
  const label = producers === consumers ? String(producers) : `${producers} -> ${consumers}`
  return { producers, consumers, label }
}

function bytesOf(cell: CellResult): number {
  return axisNumber(cell, 'messageBytes') ?? 0
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}
