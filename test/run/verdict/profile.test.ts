/** What a profile says of a cell (method.md R3.2): remarks, which condemn nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { profile } from '../../../src/run/verdict/profile.ts'

test('R3.2: a smoke cell is flagged, and stays valid', () => {
  const [finding, ...others] = profile({ profile: 'smoke', measuredMessages: 10_000_000, measureSeconds: 25.01 })
  assert.deepEqual([finding?.check, finding?.kind, others], ['smoke', 'valid', []])
  assert.deepEqual(finding?.reasons, [
    {
      code: 'smoke',
      text: 'measured for 25 s to see that it works: not a figure to quote, and no verdict on the broker',
      figure: null,
      limit: null,
    },
  ])
})

test('R3.2: with fewer than 270,000 messages a standard cell says so, and how long they would take', () => {
  const enough = profile({ profile: 'standard', measuredMessages: 270_000, measureSeconds: 60 })
  assert.deepEqual(enough, [{ check: 'messages', kind: 'valid', reasons: [] }])
  const [few] = profile({ profile: 'standard', measuredMessages: 269_999, measureSeconds: 60 })
  assert.equal(few?.kind, 'valid')
  assert.deepEqual(few.reasons, [
    {
      code: 'too-few-messages',
      text: '269999 messages were measured, and profile standard claims a p99 from 270000 on; at this rate it takes 61 s of measurement (phases.measureSeconds, -z) to have as many',
      figure: 269_999,
      limit: 270_000,
    },
  ])
})

test('R3.2: a tail cell needs 2,700,000 messages, and one without any is not told a time', () => {
  const [few] = profile({ profile: 'tail', measuredMessages: 300_000, measureSeconds: 60 })
  assert.match(few?.reasons[0]?.text ?? '', /^300000 .* claims a p99\.9 from 2700000 on; at this rate it takes 540 s/)
  const [none] = profile({ profile: 'tail', measuredMessages: 0, measureSeconds: 60 })
  assert.match(none?.reasons[0]?.text ?? '', /^0 messages .* from 2700000 on$/)
})

test('nothing is said of a soak, nor without a profile', () => {
  for (const none of ['soak', null] as const) {
    assert.deepEqual(profile({ profile: none, measuredMessages: 1, measureSeconds: 1 }), [])
  }
})
