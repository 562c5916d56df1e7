/** How a report shows repetitions: medians with intervals, who is left out, noise, drift. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { reportDocument } from '../../src/report/document.ts'
import { htmlPage } from '../../src/report/html/html-page.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import { pointsCsv } from '../../src/report/points-csv.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { verdictCounts } from '../../src/report/verdict-table.ts'
import type { Reason } from '../../src/result/result.ts'
import { repeated, twoTargets } from './example-results.ts'
import { assertGolden } from './golden.ts'

describe('A report on repetitions', () => {
  const text = renderTerminal(repeated(), { colour: false, width: 100 })

  test('prints medians, intervals, variation and flags, and the sentinel below', () => {
    assertGolden('repetitions.txt', text)
  })

  test('does the same in Markdown', () => {
    assertGolden('repetitions.md', markdownDocument(reportDocument(repeated(), null)))
  })

  test('has no sentinel in a table of the matrix', () => {
    const { throughput, points, cells } = reportDocument(repeated(), null)
    const sentinelRates = ['8,100', '8,105', '8,110', '9,010']
    for (const table of [...throughput, ...points, ...cells]) {
      const shown = table.rows.flatMap((row) => row.map((one) => one.text))
      assert.deepEqual(
        shown.filter((one) => sentinelRates.includes(one)),
        [],
        table.caption,
      )
    }
    assert.match(verdictCounts(repeated()), /^18 cells \(9 of them sentinels\): /)
  })

  test('says which difference can be seen with these repetitions', () => {
    assert.match(
      text.replaceAll(/\n\s*/g, ' '),
      /With 2 to 3 repetitions a difference of \d+\.\d % in throughput can be seen/,
    )
  })

  test('R3.7 prints the drift as a caution, and explains it and the noise', () => {
    const words = text.replaceAll(/\n\s*/g, ' ')
    assert.match(words, /Cautions - Drifted \(docs\/method\/repetitions\.md#drifted\): on stomp:/)
    assert.match(words, /What this means: .*repetitions\.md#noisy, docs\/method\/repetitions\.md#drifted/)
  })

  test('gives a spreadsheet one row per point, with numbers', () => {
    assertGolden('repetitions.points.csv', pointsCsv(repeated()))
    assert.equal(pointsCsv(twoTargets()), '')
  })

  test('has its tables on the page', () => {
    const page = htmlPage(repeated(), reportDocument(repeated(), null), [], { libraries: [], sha256: () => '' })
    assert.match(page, /<section id="repetitions">\n<h2>Repetitions<\/h2>/)
    assert.match(page, /Point by point on stomp:/)
    assert.match(page, /<caption><span>Sentinel, /)
    assert.doesNotMatch(
      htmlPage(twoTargets(), reportDocument(twoTargets(), null), [], { libraries: [], sha256: () => '' }),
      /id="repetitions"/,
    )
  })
})

test('A point names each reason of a repetition that does not count once', () => {
  const lag = (figure: number): Reason => ({ code: 'generator-lag', text: 'Sends left late.', figure, limit: 5 })
  const first = repeated()
  const cells = first.cells.map((cell) =>
    cell.id === 't1-1024B-10x10-r2' ? { ...cell, verdict: { ...cell.verdict, reasons: [lag(12), lag(40)] } } : cell,
  )
  const points = first.points.map((point) => ({
    ...point,
    leftOut: point.leftOut.map((one) => ({ ...one, reasonCodes: ['generator-lag', 'generator-lag'] })),
  }))
  const text = renderTerminal({ ...first, cells, points }, { colour: false, width: 100 }).replaceAll(/\n\s*/g, ' ')
  assert.match(text, /t1-1024B-10x10-r2 invalid \(generator-lag\)\./)
})
