import assert from 'node:assert/strict'
import { test } from 'node:test'
import { littlesLawTable } from '../../src/report/littles-law-table.ts'
import type { LittlesLaw } from '../../src/result/result.ts'
import { cell, result } from './result-builder.ts'

const law: LittlesLaw = {
  flow: 'endToEnd',
  inFlightMean: 83.78,
  expectedInFlight: 83.79,
  latencyMeanUs: 41_892,
  deviation: -0.0012,
  uncertainty: 0.0232,
  limit: 0.1,
  readings: 1_001,
  judged: true,
}

const rowsOf = (changes: Partial<LittlesLaw>) =>
  littlesLawTable(result([cell({}, { littlesLaw: { ...law, ...changes } }), cell({ producers: 50 })])).flatMap(
    ({ rows }) => rows.map((row) => row.slice(1).map(({ text }) => text)),
  )

test("Little's law has a row for each cell that it says something of", () => {
  assert.deepEqual(rowsOf({}), [['to delivery', '83.8', '83.8', '41.9', '-0.120 %', '2.32 %', '10.0 %']])
  assert.deepEqual(littlesLawTable(result([cell()])), [])
})

test("Little's law says where it follows confirms, and where it decides nothing", () => {
  assert.deepEqual(rowsOf({ flow: 'publish', deviation: 0.25, uncertainty: 0.7, judged: false }), [
    ['to confirm', '83.8', '83.8', '41.9', '+25.0 %', '70.0 %', 'not judged'],
  ])
})
