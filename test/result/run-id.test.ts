import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellFileName, newRunId } from '../../src/result/run-id.ts'

test('a run id tells its instant and its workload, and differs in four hex digits', () => {
  const now = '2026-11-21T10:15:00.123Z'
  assert.equal(newRunId(now, 'quick', 0.25), '20261121T101500Z-quick-4000')
  assert.equal(newRunId(now, 'mq.m5.2xlarge', 0), '20261121T101500Z-mq.m5.2xlarge-0000')
  assert.equal(newRunId(now, 'Grüße / mine!', 0.99999999), '20261121T101500Z-gr-e-mine-ffff')
  assert.equal(newRunId(now, '../..', 0.5), '20261121T101500Z-run-8000')
})

test('cell files are named after safe ids, and others never collide with them', () => {
  assert.equal(cellFileName('t1-1024B-25x25'), 't1-1024B-25x25')
  assert.match(cellFileName('a/b'), /^a-b-[0-9a-f]{8}$/)
  assert.notEqual(cellFileName('a/b'), cellFileName('a:b'))
  assert.match(cellFileName('..'), /^cell-[0-9a-f]{8}$/)
  assert.ok(cellFileName('x'.repeat(500)).length < 100)
})
