import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { latencyPercentiles } from '../../src/report/charts/latency-percentiles.ts'
import { reportDocument } from '../../src/report/document.ts'
import type { VerdictKind } from '../../src/result/result.ts'
import { cell, result } from './result-builder.ts'

const oneCell = (kind: VerdictKind) =>
  result([cell({}, { verdict: { kind, reasons: [{ code: 'x', text: 'x', figure: null, limit: null }], checks: [] } })])

describe('the row of a cell', () => {
  const rowOf = (kind: VerdictKind) => {
    const [table] = reportDocument(oneCell(kind), null).cells
    return (table ?? assert.fail('no table')).rows[0] ?? assert.fail('no row')
  }

  for (const kind of ['invalid', 'failed'] as const) {
    test(`that is ${kind} has its latencies and costs struck out, and what the ledger counted is not`, () => {
      const struck = rowOf(kind).filter((one) => one.struck)
      const figures = rowOf('valid').filter((one) => /^[\d.,]+$/.test(one.text)).length
      assert.ok(struck.length >= 6 && struck.length < figures, `${struck.length} of ${figures}`)
      assert.ok(rowOf(kind).some((one) => one.text === '0/0/0/0' && !one.struck))
    })
  }

  test('that is unsustainable has no latency, of an earlier version’s result either, and is in no latency chart', () => {
    const text = JSON.stringify(reportDocument(oneCell('unsustainable'), null).cells)
    assert.match(text, /Above capacity a latency only says for how long was measured/)
    assert.doesNotMatch(text, /"label":"p50"/)
    assert.equal(latencyPercentiles(oneCell('unsustainable')), null)
    assert.notEqual(latencyPercentiles(oneCell('valid')), null)
  })
})
