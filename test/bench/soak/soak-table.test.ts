import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { markdownTable } from '../../../src/report/markdown.ts'
import type { SoakFigures } from './soak-run.ts'
import { rowsOfPage, soakTable } from './soak-table.ts'

const figures: SoakFigures = {
  minutes: 5,
  settledBytes: 100e6,
  endBytes: 110e6,
  maxBytes: 120e6,
  bytesPerMinute: 2e6,
  deliveredPerSecond: 20_000,
  lost: 0,
  verdict: 'valid',
}

const goalOf = (measured: SoakFigures): string | undefined =>
  soakTable(new Map([['stomp', measured]]), new Map(), ['stomp']).rows[0]?.at(-1)?.text

test('memory and growth are judged each by itself, growth over the whole run', () => {
  assert.equal(goalOf(figures), 'met')
  assert.equal(goalOf({ ...figures, maxBytes: 300e6 }), 'missed: memory')
  assert.equal(goalOf({ ...figures, bytesPerMinute: 2.1e6 }), 'missed: growth')
})

test('a run of one protocol leaves the rows of the others on the page as they were', () => {
  const folder = mkdtempSync(join(tmpdir(), 'brokermark-soak-'))
  try {
    const page = join(folder, 'soak.md')
    const order = ['stomp', 'mqtt']
    const before = soakTable(new Map([['stomp', figures]]), rowsOfPage(page), order)
    writeFileSync(page, markdownTable(before))
    const after = soakTable(new Map([['mqtt', { ...figures, lost: 3 }]]), rowsOfPage(page), order)
    assert.deepEqual(after.rows[0], before.rows[0])
    assert.equal(after.rows[1]?.[4]?.text, '3')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
