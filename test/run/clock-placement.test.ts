import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loopback } from '../../src/driver/loopback/loopback.ts'
import { shareOut } from '../../src/pacing/share.ts'
import { emptyCell } from '../../src/run/cell-record.ts'
import { expand } from '../../src/workload/expand.ts'
import { parseWorkload } from '../../src/workload/parse-workload.ts'

/** What the result of a cell on that many threads says of its two clocks. */
function clockOf(layout: string, threadCount: number): string | null {
  const text = `matrix: { pairs: 4 }\ndestination: { layout: ${layout} }`
  const parsed = parseWorkload({ text, fallbackName: 'w', overrides: [] })
  assert.ok(parsed.kind === 'workload')
  const [cell] = expand(parsed.workload, [{ kind: 'loopback', label: 'loopback:', faults: {} }], {
    defaultClient: () => 'wire',
    brokerWarmupGiven: false,
  })
  assert.ok(cell !== undefined)
  const place = { driver: loopback, consumerDriver: loopback, order: 1, threadCount, floor: null }
  return emptyCell(cell, place, 0, null).clock
}

test('a pair shares a thread, and so one clock; a shared queue spreads over the threads of one process', () => {
  assert.equal(clockOf('per-pair', 3), 'same-thread')
  assert.equal(clockOf('shared', 3), 'same-process')
  assert.equal(clockOf('shared', 1), 'same-thread')
})

test('producer i and consumer i go to the same worker, over any number of workers', () => {
  for (const workers of [1, 2, 3, 7]) {
    for (const { producers, consumers } of shareOut(20, 20, workers)) assert.deepEqual(producers, consumers)
  }
})
