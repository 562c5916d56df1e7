import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { BusyTime, threadCpuUs } from '../../src/worker/thread-cpu.ts'

/** Percent. */
const ROUNDING = 0.001
const hasSchedstat = existsSync('/proc/thread-self/schedstat')

test('the CPU of this thread rises by what it computes', { skip: !hasSchedstat && 'no schedstat here' }, () => {
  const before = threadCpuUs() ?? assert.fail()
  const cpu = process.cpuUsage()
  while (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system < 100_000);
  assert.ok((threadCpuUs() ?? 0) - before > 50_000)
})

test('busy time is the share of the time between begin and end', { skip: !hasSchedstat && 'no schedstat here' }, () => {
  const cpuUs = (): number => threadCpuUs() ?? assert.fail()
  let nowUs = 0
  const busy = new BusyTime(() => nowUs)
  assert.equal(busy.percent, null)
  const before = cpuUs()
  busy.begin()
  const from = cpuUs()
  while (cpuUs() - from < 50_000);
  const to = cpuUs()
  nowUs = 100_000
  busy.end()
  const after = cpuUs()
  // What the thread computed between two readings is known only as closely as between the readings beside them.
  const percent: number | null = percentOf(busy)
  const isShare =
    percent !== null && percent > (to - from) / 1_000 - ROUNDING && percent < (after - before) / 1_000 + ROUNDING
  assert.ok(isShare, `${String(percent)} % of 100 ms, in which it computed for ${to - from} to ${after - before} us`)
})

/** Read anew: the compiler takes it for what was asserted before. */
function percentOf(busy: BusyTime): number | null {
  return busy.percent
}
