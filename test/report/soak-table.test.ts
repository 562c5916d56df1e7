/** The beginning of a soak beside its end, as reports show it; and the profile in their head. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportDocument } from '../../src/report/document.ts'
import { grids } from '../../src/report/grid.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import { soakTable } from '../../src/report/soak-table.ts'
import { terminalDocument } from '../../src/report/terminal.ts'
import type { Result } from '../../src/result/result.ts'
import type { Soak, SoakPart } from '../../src/result/soak.ts'
import { cell, result } from './result-builder.ts'

const first: SoakPart = {
  fromSeconds: 60.2,
  toSeconds: 3660.4,
  messagesPerSecond: 5_000,
  p50Us: 1_000,
  p99Us: 4_000,
  brokerCpuPercent: 40,
  brokerMemoryBytesMax: 500_000_000,
  generatorResidentBytesMax: 200_000_000,
}
const soak: Soak = {
  part: 'hour',
  first,
  last: {
    ...first,
    fromSeconds: 3660.4,
    toSeconds: 7260,
    messagesPerSecond: 4_500,
    p99Us: 8_000,
    brokerCpuPercent: null,
    brokerMemoryBytesMax: 1_000_000_000,
  },
}

function soaked(): Result {
  return result([cell({}, { soak }), cell({ producers: 50 })], { profile: 'soak' })
}

test('a soak has a table of its first part, its last part and the change, and other cells are not in it', () => {
  const [grid] = grids(soaked())
  assert.ok(grid !== undefined)
  const [table, ...others] = soakTable(grid, 'stomp://127.0.0.1:61613')
  assert.equal(others.length, 0)
  assert.match(
    table?.caption ?? '',
    /^First hour against last hour on stomp:\/\/127\.0\.0\.1:61613 \(ms: service latency/,
  )
  assert.deepEqual(
    table?.rows.map((row) => row.map(({ text }) => text)),
    [
      ['1 KB', '25', '1 to 61 min', '5,000', '1.00', '4.00', '40', '500 MB', '200 MB'],
      ['', '', '61 to 121 min', '4,500', '1.00', '8.00', 'n/a', '1,000 MB', '200 MB'],
      ['', '', 'change', '-10.0 %', '+0.0 %', '+100.0 %', '', '+100.0 %', '+0.0 %'],
    ],
  )
  assert.deepEqual(table.notes, ['Broker CPU was not sampled.'])
})

test('a result without a soak has no such table', () => {
  const [grid] = grids(result([cell()]))
  assert.ok(grid !== undefined)
  assert.deepEqual(soakTable(grid, 'stomp://127.0.0.1:61613'), [])
})

test('the profile stands in the head, and the soak in the terminal and in Markdown', () => {
  const document = reportDocument(soaked(), null)
  assert.match(terminalDocument(document, { colour: false, width: 100 }), /Profile: soak, the beginning of each cell/)
  assert.match(terminalDocument(document, { colour: false, width: 100 }), /First hour against last hour/)
  assert.match(markdownDocument(document), /^## First hour against last hour/m)
  const standard = reportDocument(result([cell()], { profile: 'standard' }), null)
  assert.deepEqual(standard.facts[0], {
    label: 'Profile',
    text: 'standard, p99 is claimed from 270,000 messages per cell on',
  })
  assert.ok(!reportDocument(result([cell()]), null).facts.some(({ label }) => label === 'Profile'))
})
