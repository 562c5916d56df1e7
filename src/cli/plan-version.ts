/** Whether a stored plan can be gone on with: one of another version may lack what this one counts on. Pure. */
import type { Result } from '../result/result.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Override } from '../workload/override.ts'
import { UsageError } from '../workload/problem.ts'

/** Parts of a workload whose keys are those of the file format; in any other, the user names them. */
const SECTIONS: ReadonlySet<string> = new Set(['load', 'destination', 'delivery', 'payload', 'connect', 'phases'])

/** Further ones are counted. */
const KEYS_SHOWN_MAX = 5

/** Who wrote a run file of which nothing is sure. */
export function toolOf(runFile: unknown): Result['tool'] {
  const { version, commit } = mapOf(mapOf(runFile)['tool'])
  return {
    name: 'brokermark',
    version: typeof version === 'string' ? version : 'of an unknown version',
    commit: typeof commit === 'string' ? commit : null,
  }
}

/** `brokermark 0.1.0 (commit 1a2b3c4)` */
export function toolText({ version, commit }: Pick<Result['tool'], 'version' | 'commit'>): string {
  return `brokermark ${version}${commit === null ? '' : ` (commit ${commit.slice(0, 7)})`}`
}

/**
 * @param stored the workload of a run file, which is checked nowhere else.
 * @returns null where it has the keys that a workload of this version has and no others; else what is wrong with the plan:
 *   `lacks delivery.guarantee, which this version counts on`.
 */
export function planFault(stored: unknown): string | null {
  const workload = mapOf(stored)
  const variants = Array.isArray(workload['variants']) ? workload['variants'].map(mapOf) : []
  const compared = [
    { found: keysOf(workload), expected: keysOf(workloadOf([])) },
    ...variants.map((variant) => ({ found: keysOf(variant), expected: keysOf(variantLike(variant)) })),
  ]
  const missing = new Set(compared.flatMap(({ found, expected }) => expected.filter((key) => !found.includes(key))))
  if (missing.size > 0) return `lacks ${listed([...missing])}, which this version counts on`
  const unknown = new Set(compared.flatMap(({ found, expected }) => found.filter((key) => !expected.includes(key))))
  return unknown.size > 0 ? `has ${listed([...unknown])}, which this version does not know` : null
}

/** `a, b and 3 more`; of a section that is listed, no key. */
export function listed(keys: readonly string[]): string {
  const own = keys.filter((key) => !keys.includes(key.split('.', 1)[0] ?? '') || !key.includes('.'))
  const more = own.length - KEYS_SHOWN_MAX
  return own.slice(0, KEYS_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

type JsonMap = Readonly<Record<string, unknown>>

function mapOf(value: unknown): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {}
}

/** `name`, `phases`, `phases.order` ... */
function keysOf(map: JsonMap): readonly string[] {
  return Object.entries(map).flatMap(([key, value]) => [
    key,
    ...(SECTIONS.has(key) ? Object.keys(mapOf(value)).map((inner) => `${key}.${inner}`) : []),
  ])
}

/** The variant of a new plan with the same model: an open one has a schedule, a closed one has none. */
function variantLike(variant: JsonMap): JsonMap {
  const isOpen = mapOf(variant['load'])['model'] === 'open'
  const open = { 'load.model': 'open', 'load.ratePerSecond': 1 }
  const overrides = Object.entries(isOpen ? open : {}).map(([path, value]) => ({ path, at: path, value }))
  return mapOf((workloadOf(overrides)['variants'] as unknown[])[0])
}

/** A workload of this version, as it would be stored. */
function workloadOf(overrides: readonly Override[]): JsonMap {
  const parsed = parseWorkload({ text: null, fallbackName: '', overrides })
  if (parsed.kind === 'problems') throw new UsageError(parsed.problems)
  return JSON.parse(JSON.stringify(parsed.workload)) as JsonMap
}
