/** From JSON of unknown origin to a Result, or to every reason why it is none. Pure. */
import type { z } from 'zod'
import type { Problem } from '../workload/problem.ts'
import { resultSchema, SCHEMA_VERSION, type Result } from './result.ts'

export type Parsed<T> =
  { readonly kind: 'parsed'; readonly value: T } | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/**
 * A result of this schema's major version; unknown keys are problems, and so are missing ones.
 * A newer major version is one problem, whatever else differs.
 */
export function parseResult(value: unknown): Parsed<Result> {
  return parseVersioned(resultSchema, value)
}

/** As `parseResult`, for any schema that carries `schemaVersion`: the header of a run. */
export function parseVersioned<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const found = schemaVersionOf(value)
  if (found !== null && major(found) > major(SCHEMA_VERSION)) {
    const text = `this result was written with schema ${found} and this brokermark reads up to ${major(SCHEMA_VERSION)}.x: install a newer brokermark to read it`
    return { kind: 'problems', problems: [{ path: 'schemaVersion', text }] }
  }
  return parseWith(schema, value)
}

/** One part of a result, such as a cell, against its own schema. */
export function parseWith<T>(schema: z.ZodType<T>, value: unknown): Parsed<T> {
  const outcome = schema.safeParse(value)
  if (outcome.success) return { kind: 'parsed', value: outcome.data }
  return { kind: 'problems', problems: outcome.error.issues.flatMap((issue) => problemsOf(issue, [])) }
}

/** `cells[3].throughput.sentPerSecond` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

function problemsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Problem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), text: 'is not a key of a result' }))
  }
  return [{ path: pathText(path), text: issue.message }]
}

function schemaVersionOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return null
  return typeof value.schemaVersion === 'string' ? value.schemaVersion : null
}

function major(version: string): number {
  return Number.parseInt(version, 10)
}
