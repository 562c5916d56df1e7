import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quietTime } from '../../src/driver/quiet-time.ts'

test('time in which this machine stood still is no quiet', async () => {
  let turns = 0
  const turning = setInterval(() => turns++, 1)
  const quiet = quietTime()
  // What comes in is only read when the loop turns, and it does not turn meanwhile.
  const untilMs = performance.now() + 500
  while (performance.now() < untilMs);
  await quiet
  clearInterval(turning)
  assert.ok(turns >= 10, `the loop turned ${turns} times`)
})
