import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { summarizeLatency } from '../../src/measure/latency-summary.ts'
import { toolFolder } from '../../src/run/tool-version.ts'
import { analyticMs, stallFiles, stallViews } from './stall.ts'

describe('the page on one stall', () => {
  test('shows the open model as theory has it, and the stamp at the actual send at a hundredth of it', async () => {
    const p99Ms = (await stallViews()).map(({ latency }) => (summarizeLatency(latency).p99 ?? NaN) / 1_000)
    const [open = NaN, windowed = NaN, atSend = NaN, closed = NaN] = p99Ms
    assert.equal(Math.round(analyticMs(0.99)), 456)
    for (const ms of [open, windowed]) assert.ok(Math.abs(ms - 456) < 0.02 * 456, `${ms} ms`)
    assert.ok(atSend < 4.56, `${atSend} ms`)
    assert.ok(closed < 1, `${closed} ms`)
  })

  test('is committed as the program makes it', async () => {
    for (const { path, content } of await stallFiles()) {
      assert.equal(readFileSync(join(toolFolder(), path), 'utf8'), content, path)
    }
  })
})
