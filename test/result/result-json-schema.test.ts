import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { resultJsonSchema } from '../../src/result/result-json-schema.ts'
import { toolFolder } from '../../src/run/tool-version.ts'

const PATH = `${toolFolder()}/docs/result.schema.json`

// `UPDATE_SCHEMA=1 node --test dist/test/result/result-json-schema.test.js` writes it anew.
if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(PATH, resultJsonSchema())

test('the published JSON Schema is that of the code', () => {
  assert.ok(existsSync(PATH), `${PATH} is missing`)
  assert.equal(readFileSync(PATH, 'utf8'), resultJsonSchema(), 'docs/result.schema.json is out of date')
})

test('the schema names its keys, requires them all, and allows no others', () => {
  const schema = JSON.parse(resultJsonSchema()) as {
    readonly required: readonly string[]
    readonly additionalProperties: boolean
    readonly properties: Readonly<Record<string, unknown>>
  }
  assert.deepEqual(schema.required, Object.keys(schema.properties))
  assert.equal(schema.additionalProperties, false)
  assert.ok(schema.required.includes('cells'))
})
