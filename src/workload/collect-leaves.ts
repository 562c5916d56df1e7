/** From a parsed YAML document to its leaves by path: where unknown keys are found, before any value is looked at. */
import type { Problem } from './problem.ts'
import { ARGUMENTS_PATH, isLeafPath, keysOf, LEAF_PATHS, mayBeList, mayVary } from './leaves.ts'
import { suggestion } from './nearest.ts'
import { describeValue } from './readers.ts'

/** One leaf as written: one value, or several where it was a list. */
export interface RawLeaf {
  readonly path: string
  /** What problems call it: the path in the file, or the flag that set it. */
  readonly at: string
  readonly values: readonly unknown[]
  /** True where the user wrote a list, even one of a single value: problems then name the place in it. */
  readonly listed: boolean
}

export type RawLeaves = ReadonlyMap<string, RawLeaf>

/** Flattens a document; whatever is not in the table of leaves becomes a problem that names the nearest key. */
export function collectLeaves(document: unknown): {
  readonly leaves: RawLeaves
  readonly problems: readonly Problem[]
} {
  const leaves = new Map<string, RawLeaf>()
  const problems: Problem[] = []
  const add = (path: string, at: string, value: unknown): void => {
    const earlier = leaves.get(path)
    const leaf = rawLeaf(path, at, value)
    if (earlier !== undefined) problems.push({ path: at, text: `given twice, also at ${earlier.at}` })
    else if ('text' in leaf) problems.push(leaf)
    else leaves.set(path, leaf)
  }

  for (const [key, value] of entriesOf(document, '', problems)) {
    if (isLeafPath(key)) add(key, key, value)
    else if (key === 'matrix') collectMatrix(value, add, problems)
    else if (keysOf('').includes(key)) collectSection(key, value, add, problems)
    else problems.push({ path: key, text: `unknown key, ${suggestion(key, keysOf(''))}` })
  }
  return { leaves, problems }
}

type Add = (path: string, at: string, value: unknown) => void

function collectSection(section: string, content: unknown, add: Add, problems: Problem[]): void {
  for (const [key, value] of entriesOf(content, section, problems)) {
    const path = `${section}.${key}`
    if (path === ARGUMENTS_PATH) {
      for (const [name, argument] of entriesOf(value, path, problems))
        add(`${path}.${name}`, `${path}.${name}`, argument)
    } else if (isLeafPath(path)) add(path, path, value)
    else problems.push({ path, text: `unknown key, ${suggestion(key, keysOf(section))}` })
  }
}

function collectMatrix(content: unknown, add: Add, problems: Problem[]): void {
  const axes = [...keysOf('matrix'), ...LEAF_PATHS.filter(mayVary)]
  for (const [key, value] of entriesOf(content, 'matrix', problems)) {
    const at = `matrix.${key}`
    if (isLeafPath(at)) add(at, at, value)
    else if ((isLeafPath(key) && mayVary(key)) || isArgument(key)) add(key, at, value)
    else if (isLeafPath(key)) problems.push({ path: at, text: sameInAllCells(key) })
    else problems.push({ path: at, text: `unknown key, ${suggestion(key, axes)}` })
  }
}

/** A leaf of one value or of several, or what is wrong with the list. */
export function rawLeaf(path: string, at: string, value: unknown): RawLeaf | Problem {
  if (!Array.isArray(value)) return { path, at, values: [value], listed: false }
  const values: readonly unknown[] = value
  if (path !== 'targets' && !mayBeList(path)) return { path: at, text: sameInAllCells(path) }
  if (values.length === 0) return { path: at, text: 'got an empty list, expected at least one value' }
  return { path, at, values, listed: true }
}

/** True for the path of a declaration argument: `destination.arguments.x-queue-type`. */
export function isArgument(path: string): boolean {
  return path.startsWith(`${ARGUMENTS_PATH}.`) && path.length > ARGUMENTS_PATH.length + 1
}

function sameInAllCells(path: string): string {
  return `got a list, expected one value: ${path} is the same for all cells of a run`
}

function entriesOf(content: unknown, path: string, problems: Problem[]): readonly (readonly [string, unknown])[] {
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return Object.entries(content)
  const keys = path === ARGUMENTS_PATH ? 'the names and values of arguments' : `the keys ${keysOf(path).join(', ')}`
  problems.push({ path, text: `got ${describeValue(content)}, expected a map with ${keys}` })
  return []
}
