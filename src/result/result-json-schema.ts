import { z } from 'zod'
import { resultSchema, SCHEMA_VERSION } from './result.ts'

/** The published JSON Schema (draft 2020-12) of `result.json`, as the text of `docs/result.schema.json`. Pure. */
export function resultJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(resultSchema, { target: 'draft-2020-12' })
  const described = {
    $schema,
    title: 'brokermark result',
    description: `result.json of brokermark, schemaVersion ${SCHEMA_VERSION}. Units are in the keys; null is "not measured".`,
    ...schema,
  }
  return `${JSON.stringify(described, null, 2)}\n`
}
