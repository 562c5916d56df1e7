/** `--set path=value` and the short flags: leaves that replace those of the file. */
import { parseDocument } from 'yaml'
import { isArgument, rawLeaf, type RawLeaf, type RawLeaves } from './collect-leaves.ts'
import { ARGUMENTS_PATH, isLeafPath, LEAF_PATHS, OPEN_MODEL_PATHS } from './leaves.ts'
import { suggestion } from './nearest.ts'
import type { Problem } from './problem.ts'

/** One override: the leaf's path, the value as parsed YAML, and what problems call it (`--set load.inFlight`, `-c`). */
export interface Override {
  readonly path: string
  readonly at: string
  readonly value: unknown
}

/** Leaves that are maps with one entry may be set by the entry's own path. */
const ENTRY_PATHS: Readonly<Record<string, readonly [leaf: string, entry: string]>> = {
  'delivery.acknowledge.every': ['delivery.acknowledge', 'every'],
  'load.arrivals.ramp': ['load.arrivals', 'ramp'],
  'load.arrivals.trace': ['load.arrivals', 'trace'],
  'load.catchUp.limited': ['load.catchUp', 'limited'],
  'destination.layout.count': ['destination.layout', 'count'],
  'payload.content.file': ['payload.content', 'file'],
}

/** Reads one `--set` argument; the value is YAML: `100`, `[1, 100]`, `{ every: 100 }`, `quorum`. */
export function parseSetting(setting: string): Override | Problem {
  const equals = setting.indexOf('=')
  const written = equals === -1 ? setting : setting.slice(0, equals).trim()
  const at = `--set ${written}`
  if (equals === -1) return { path: at, text: 'expected path=value, such as load.inFlight=100' }
  const document = parseDocument(setting.slice(equals + 1), { uniqueKeys: true })
  if (document.errors.length > 0) return { path: at, text: `the value is not YAML; quote it if it is a text` }
  const value: unknown = document.toJS()
  return pathOf(written, at, value)
}

function pathOf(written: string, at: string, value: unknown): Override | Problem {
  const unprefixed = written.replace(/^matrix\./, '')
  const path = isLeafPath(written) ? written : unprefixed
  const entry = ENTRY_PATHS[path]
  if (entry !== undefined) {
    const [leaf, key] = entry
    return {
      path: leaf,
      at,
      value: Array.isArray(value) ? value.map((one) => ({ [key]: one as unknown })) : { [key]: value },
    }
  }
  if (isLeafPath(path) || isArgument(path)) return { path, at, value }
  return { path: at, text: `unknown key, ${suggestion(written, [...LEAF_PATHS, `${ARGUMENTS_PATH}.NAME`])}` }
}

/**
 * Puts overrides over the leaves of a file. A crew given one way replaces a crew given the other way, and a model takes
 * the file's rate with it when it becomes closed: neither could be removed from the command line otherwise.
 */
export function applyOverrides(
  fileLeaves: RawLeaves,
  overrides: readonly Override[],
): { readonly leaves: RawLeaves; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const given = new Map<string, RawLeaf>()
  for (const override of overrides) {
    const leaf = rawLeaf(override.path, override.at, override.value)
    if ('text' in leaf) problems.push(leaf)
    else given.set(leaf.path, leaf)
  }
  const leaves = new Map(fileLeaves)
  for (const leaf of given.values()) for (const path of replacedBy(leaf)) leaves.delete(path)
  for (const leaf of given.values()) leaves.set(leaf.path, leaf)
  return { leaves, problems }
}

function replacedBy(leaf: RawLeaf): readonly string[] {
  switch (leaf.path) {
    case 'matrix.pairs':
      return ['matrix.producers', 'matrix.consumers']
    case 'matrix.producers':
    case 'matrix.consumers':
      return ['matrix.pairs']
    case 'load.model':
      return leaf.values.includes('open') ? [] : OPEN_MODEL_PATHS
    case 'load.ratePerSecond':
      return ['load.ratePerProducer']
    case 'load.ratePerProducer':
      return ['load.ratePerSecond']
    default:
      return []
  }
}
