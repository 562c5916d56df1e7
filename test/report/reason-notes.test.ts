/** How the reasons of many cells become few notes under a table, and where each stays in full. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withConclusions } from '../../src/result/conclusions.ts'
import { reportDocument } from '../../src/report/document.ts'
import { htmlPage } from '../../src/report/html/html-page.ts'
import { markdownDocument } from '../../src/report/markdown.ts'
import { NoteList } from '../../src/report/report-table.ts'
import { ReasonNotes, type NotedReason } from '../../src/report/reason-notes.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import { reasonText } from '../../src/report/verdict-text.ts'
import type { CellResult, Reason, Result, VerdictKind } from '../../src/result/result.ts'
import { assertGolden } from './golden.ts'
import { cell, result } from './result-builder.ts'

const floor = (p50Us: number, limit: number): Reason => ({
  code: 'below-floor',
  text: `the median of ${p50Us} us is below twice the floor`,
  figure: p50Us,
  limit,
})
const steal = (percent: number): Reason => ({
  code: 'steal',
  text: `the hypervisor took ${percent} % of this host's CPU`,
  figure: percent,
  limit: 2,
})
const lost = (count: number): Reason => ({
  code: 'lossy',
  text: `${count} messages were confirmed and never delivered`,
  figure: count,
  limit: 0,
})
const closed = (why: string): Reason => ({ code: 'broker-closed', text: why, figure: null, limit: null })

function entry(name: string, kind: VerdictKind, reason: Reason | null): NotedReason {
  return { holder: name, name, lead: kind.charAt(0).toUpperCase() + kind.slice(1), kind, reason }
}

function notesOf(...entries: readonly NotedReason[]): {
  readonly sentences: readonly string[]
  readonly notes: ReasonNotes
} {
  const list = new NoteList()
  return { notes: new ReasonNotes(list, entries, '20 cells'), sentences: list.sentences }
}

/** Five sizes x four crews in two repetitions on a noisy machine: every kind of reason, one failed, two invalid, one lossy. */
function noisyMatrix(): Result {
  const sizes = [1024, 5120, 10_240, 51_200, 102_400]
  const cells = sizes.flatMap((messageBytes, row) =>
    [25, 50, 100, 200].flatMap((producers, column) =>
      [1, 2].map((repetition): CellResult => {
        const place = row * 4 + column
        const one = cell(
          { messageBytes, producers, perSecond: 4000 - 100 * place + (repetition - 1) * 40 * place },
          { id: `t1-${messageBytes}B-${producers}x${producers}-r${repetition}`, repetition },
        )
        one.verdict.reasons.push(floor(1000 + 10 * place + repetition, 2400))
        return one
      }),
    ),
  )
  const change = (id: string, kind: VerdictKind, reason: Reason): void => {
    const found = cells.find((one) => one.id === id) ?? assert.fail(id)
    found.verdict = { ...found.verdict, kind, reasons: [reason, ...found.verdict.reasons] }
  }
  change('t1-1024B-25x25-r1', 'invalid', steal(2.1))
  change('t1-10240B-50x50-r2', 'invalid', steal(7.9))
  change('t1-5120B-100x100-r1', 'valid', lost(3))
  change('t1-102400B-200x200-r2', 'failed', closed('the broker closed the connection'))
  return withConclusions(result(cells))
}

describe('The notes of a table', () => {
  test('put one reason of many cells together, with the worst in full and the range', () => {
    const { sentences, notes } = notesOf(
      entry('1 KB x 25', 'valid', floor(900, 1000)),
      entry('1 KB x 50', 'valid', floor(300, 1000)),
      entry('1 KB x 100', 'valid', floor(500, 1200)),
    )
    assert.deepEqual(sentences, [
      'Remark, 3 of 20 cells, worst 1 KB x 50: the median of 300 us is below twice the floor (below-floor: 300, limit 1,000); below-floor in all 300 to 900, limit 1,000 to 1,200.',
    ])
    assert.deepEqual(notes.numbersOf('1 KB x 100'), [1])
    assert.equal(notes.remarks.length, 1)
  })

  test('name every cell of a reason that broke the verdict with the figure that broke it, before any remark', () => {
    const { sentences, notes } = notesOf(
      entry('1 KB x 25', 'invalid', floor(900, 1000)),
      entry('1 KB x 25', 'invalid', steal(2.1)),
      entry('1 KB x 50', 'valid', floor(300, 1000)),
      entry('1 KB x 100', 'invalid', { ...steal(7.9), limit: 3 }),
      entry('1 KB x 200', 'invalid', steal(3.5)),
    )
    assert.equal(
      sentences[0],
      "Invalid, 3 of 20 cells, worst 1 KB x 100: the hypervisor took 7.9 % of this host's CPU (steal: 7.90, limit 3); 1 KB x 200: 3.50 (limit 2); 1 KB x 25: 2.10 (limit 2).",
    )
    assert.match(sentences[1] ?? '', /^Remark, 2 of 20 cells, worst 1 KB x 50: /)
    assert.deepEqual(notes.numbersOf('1 KB x 25'), [2, 1].sort())
  })

  test('name every cell that lost messages, even where no guarantee was asked for', () => {
    const { sentences } = notesOf(entry('1 KB x 25', 'valid', lost(3)), entry('1 KB x 50', 'valid', lost(40)))
    assert.match(sentences[0] ?? '', /^Valid, 2 of 20 cells, worst 1 KB x 50: 40 messages .*; 1 KB x 25: 3\.$/)
  })

  test('begin with what failed, and repeat no text that several cells failed by', () => {
    const { sentences } = notesOf(
      entry('1 KB x 25', 'invalid', steal(3)),
      entry('1 KB x 50', 'failed', closed('the broker closed the connection')),
      entry('1 KB x 100', 'failed', closed('the broker closed the connection')),
      entry('1 KB x 200', 'failed', closed('reset by peer')),
      entry('5 KB x 25', 'interrupted', null),
    )
    assert.deepEqual(sentences, [
      'Failed, 3 of 20 cells: the broker closed the connection (broker-closed): 1 KB x 50, 1 KB x 100; reset by peer (broker-closed): 1 KB x 200.',
      'Interrupted.',
      "Invalid: the hypervisor took 3 % of this host's CPU (steal: 3, limit 2).",
    ])
  })

  test('do not put figures of two kinds into one range, though they share a code', () => {
    const lag = (percentile: string, figure: number): Reason => ({
      code: 'generator-lag',
      text: `its lag at ${percentile} was ${figure} ms`,
      figure,
      limit: 1,
    })
    const { sentences, notes } = notesOf(
      entry('a', 'invalid', lag('p99', 12)),
      entry('a', 'invalid', lag('p99.9', 40)),
      entry('b', 'invalid', lag('p99', 15)),
    )
    assert.equal(sentences.length, 2)
    assert.match(sentences[0] ?? '', /^Invalid, 2 of 20 cells, worst b: its lag at p99 was 15 ms .*; a: 12\.$/)
    assert.deepEqual(notes.numbersOf('a'), [1, 2])
  })
})

describe('R1.6: a matrix on a noisy machine', () => {
  const measured = noisyMatrix()
  const document = reportDocument(measured, null)

  test('has few notes on a terminal and in Markdown', () => {
    assertGolden('noisy-matrix.txt', renderTerminal(measured, { colour: false, width: 100 }))
    assertGolden('noisy-matrix.md', markdownDocument(document))
    for (const table of [...document.throughput, ...document.points, ...document.cells]) {
      assert.ok(table.notes.length <= 6, `${table.notes.length} notes under ${table.caption}`)
    }
  })

  test('marks every cell that has a reason with the number of a note that holds it', () => {
    const [table] = document.cells
    const verdicts = table?.rows.map((row) => row.at(-1)) ?? []
    assert.equal(verdicts.length, measured.cells.length)
    for (const verdict of verdicts) assert.ok((verdict?.notes.length ?? 0) > 0)
  })

  test('loses no reason and no figure: Markdown and page have each cell’s own in full', () => {
    const parts = { libraries: [], sha256: () => '' }
    const page = htmlPage(measured, document, [], parts).replaceAll('&#39;', "'")
    const text = markdownDocument(document)
    for (const { verdict } of measured.cells) {
      for (const reason of verdict.reasons) {
        assert.ok(text.includes(reasonText(reason)), reasonText(reason))
        assert.ok(page.includes(reasonText(reason)), reasonText(reason))
      }
    }
  })
})
