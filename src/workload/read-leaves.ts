/** From raw leaves to typed ones: every value is looked at, every one that does not fit is reported. */
import { isArgument, type RawLeaf, type RawLeaves } from './collect-leaves.ts'
import { ARGUMENTS_PATH, isLeafPath, LEAVES, type LeafPath, type Leaves } from './leaves.ts'
import type { Problem } from './problem.ts'
import { argumentValue, describeValue, type Reader } from './readers.ts'

/** The leaves that were given, each as the list of its values; a leaf that was not given is absent. */
export interface GivenLeaves {
  /** @returns undefined where the leaf was not given. */
  list<P extends LeafPath>(path: P): readonly Leaves[P][] | undefined
  /** Declaration arguments by name, in the order given. */
  readonly argumentLists: ReadonlyMap<string, readonly (string | number | boolean)[]>
  /** True where the leaf was given, even with a value that does not fit. */
  has(path: LeafPath): boolean
  /** What problems call a leaf: where it was given, or its own path. */
  at(path: string): string
}

/** Reads all leaves; those with problems are absent from the result, so that they are not reported a second time. */
export function readLeaves(raw: RawLeaves): { readonly given: GivenLeaves; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const lists: { [P in LeafPath]?: readonly Leaves[P][] } = {}
  const argumentLists = new Map<string, readonly (string | number | boolean)[]>()

  for (const leaf of raw.values()) {
    if (isLeafPath(leaf.path)) {
      const values = readAll<Leaves[LeafPath]>(LEAVES[leaf.path], leaf, problems)
      if (values !== null) Object.assign(lists, { [leaf.path]: values })
    } else if (isArgument(leaf.path)) {
      const values = readAll(argumentValue, leaf, problems)
      if (values !== null) argumentLists.set(leaf.path.slice(ARGUMENTS_PATH.length + 1), values)
    }
  }
  return {
    given: {
      list: (path) => lists[path],
      argumentLists,
      has: (path) => raw.has(path),
      at: (path) => raw.get(path)?.at ?? path,
    },
    problems,
  }
}

function readAll<T>(reader: Reader<T>, leaf: RawLeaf, problems: Problem[]): readonly T[] | null {
  const values: T[] = []
  const seen = new Set<string>()
  const before = problems.length
  const describe = reader.describe ?? describeValue
  for (const [index, written] of leaf.values.entries()) {
    const path = leaf.listed ? `${leaf.at}[${index}]` : leaf.at
    const value = reader.read(written)
    if (value === undefined) {
      problems.push({ path, text: `got ${describe(written)}, expected ${reader.expected}` })
      continue
    }
    const key = JSON.stringify(value)
    if (seen.has(key)) problems.push({ path, text: `${describe(written)} stands in the list twice` })
    seen.add(key)
    values.push(value)
  }
  return problems.length === before ? values : null
}
