import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cellsCsv } from '../../src/report/cells-csv.ts'
import { csv, tableCsvRows } from '../../src/report/csv.ts'
import { reportDocument } from '../../src/report/document.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import { nothingMeasured, openModel, twoTargets } from './example-results.ts'
import { assertGolden } from './golden.ts'
import { cell, result, targetResult } from './result-builder.ts'

describe('the report in Markdown', () => {
  test('has the published form with invalid figures struck out', () => {
    assertGolden('two-targets.md', markdownDocument(reportDocument(twoTargets(), null)))
  })

  test('has one table per combination of the remaining axes', () => {
    assertGolden('open-model.md', markdownDocument(reportDocument(openModel(), null)))
  })

  test('shows markup in texts of a result as text', () => {
    const hostile = result([cell({ target: 'a|b' }, { notes: ['<script>alert(1)</script> `x` [y](z) ~~q~~ *e*'] })], {
      title: '# <img src=x>\nnew line',
      targets: [targetResult({ target: 'a|b', broker: 'Broker | 1 & <2>' })],
    })
    const text = markdownDocument(reportDocument(hostile, null))
    assert.doesNotMatch(text, /<script|<img/)
    assert.ok(text.includes('&lt;script>alert(1)&lt;/script> \\`x\\` \\[y\\](z) \\~\\~q\\~\\~ \\*e\\*'))
    assert.ok(text.startsWith('# # &lt;img src=x> new line\n'))
    assert.ok(text.includes('Broker \\| 1 &amp; &lt;2>'))
  })
})

describe('the report in CSV', () => {
  test('has every figure of every cell in one row', () => {
    assertGolden('two-targets.cells.csv', cellsCsv(twoTargets()))
  })

  test('has the published form as a table of numbers', () => {
    const { throughput } = reportDocument(twoTargets(), null)
    assertGolden('two-targets.table.csv', throughput.map((table) => csv(tableCsvRows(table))).join('\r\n'))
  })

  test('leaves a figure that was not measured empty', () => {
    const [head = '', row = ''] = cellsCsv(nothingMeasured()).split('\r\n')
    const values = row.split(',')
    const valueOf = (name: string): string | undefined => values[head.split(',').indexOf(name)]
    assert.equal(valueOf('tps'), '')
    assert.equal(valueOf('broker.cpuPercent'), '')
    assert.equal(valueOf('endToEnd.service.p99Us'), '')
    assert.equal(valueOf('verdict'), 'interrupted')
  })

  test('quotes as RFC 4180 says', () => {
    assert.equal(
      csv([['a,b', 'say "x"', 'two\nlines', 1.5, null, true]]),
      '"a,b","say ""x""","two\nlines",1.5,,true\r\n',
    )
  })

  test('keeps a spreadsheet from taking a text for a formula, and leaves numbers alone', () => {
    assert.equal(csv([['=1+1', '+1', '-1', '@x', '\tx', -1]]), "'=1+1,'+1,'-1,'@x,'\tx,-1\r\n")
  })
})
