import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OTHERS_PERCENT_MAX, othersPercent } from '../../../src/run/floor/other-programs.ts'
import type { Interval } from '../../../src/result/result.ts'
import { intervals } from '../../report/result-builder.ts'

/** Two seconds of warm-up and four measured ones, in which generator and broker take 30 and 42 % of the host. */
function cellOf(changes: Partial<Interval>): { intervals: Interval[] } {
  return { intervals: intervals(1_000).map((one) => (one.phase === 'measure' ? { ...one, ...changes } : one)) }
}

test('what neither generator nor broker used, and was used, is that of other programs', () => {
  assert.equal(othersPercent(cellOf({ hostIdlePercent: 25 })), 3)
  assert.equal(othersPercent(cellOf({ hostIdlePercent: 0 })), 28)
  assert.equal([25, 28].filter((percent) => percent > OTHERS_PERCENT_MAX).length, 1)
})

test('it is never below nothing, and unknown where the host or the broker is not watched', () => {
  assert.equal(othersPercent(cellOf({ hostIdlePercent: 40 })), 0)
  assert.equal(othersPercent(cellOf({ hostIdlePercent: null })), null)
  assert.equal(othersPercent(cellOf({ hostIdlePercent: 20, brokerCpuPercent: null })), null)
})

test('the warm-up does not count: it has nothing to say of the figures', () => {
  const cell = cellOf({ hostIdlePercent: 25 })
  const warm = cell.intervals.map((one) => (one.phase === 'measure' ? one : { ...one, hostIdlePercent: 0 }))
  assert.equal(othersPercent({ intervals: warm }), 3)
})
