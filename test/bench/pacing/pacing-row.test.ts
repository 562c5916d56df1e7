import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatorUsage, latency } from '../../report/result-builder.ts'
import { pacingRow } from './pacing-row.ts'

function cell(lagP50Us: number, lagP99Us: number, gcPauseMaxMs: number) {
  const lag = { ...latency(lagP50Us), p50: lagP50Us, p99: lagP99Us, p999: null }
  return {
    latencyUs: { endToEnd: null, publish: null, sendLag: { generator: lag, blocked: latency(0) } },
    generator: generatorUsage({ gcPauseMaxMs }),
  }
}

test('the goal of the lag is held against medians, that of the pause against the worst', () => {
  const cells = [cell(2, 100, 1), cell(4, 5_000, 6), cell(3, 900, 2)]
  const row = pacingRow(10_000, 'spin', cells, { kind: 'lag', p50Us: 50, p99Us: 1_000 })
  assert.deepEqual(row.slice(0, 2), ['10,000/s', 'spin'])
  assert.deepEqual(row.slice(2), [
    '3.00 (2.00-4.00)',
    '900 (100-5,000)',
    'n/a',
    '6.00',
    'p50 at most 50, p99 at most 1,000 us: met',
  ])
  assert.equal(pacingRow(1, 'timer', cells, { kind: 'gc-pause', maxMs: 5 }).at(-1), 'pause at most 5 ms: missed')
  assert.match(pacingRow(1, 'spin', [], { kind: 'lag', p50Us: 50, p99Us: 1_000 }).at(-1) ?? '', /missed$/)
})
