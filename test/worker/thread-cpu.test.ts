import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { BusyTime, threadCpuUs } from '../../src/worker/thread-cpu.ts'

const hasSchedstat = existsSync('/proc/thread-self/schedstat')

test('the CPU of this thread rises by what it computes', { skip: !hasSchedstat && 'no schedstat here' }, () => {
  const before = threadCpuUs() ?? assert.fail()
  const cpu = process.cpuUsage()
  while (process.cpuUsage(cpu).user + process.cpuUsage(cpu).system < 100_000);
  assert.ok((threadCpuUs() ?? 0) - before > 50_000)
})

test('busy time is the share of the time between begin and end', { skip: !hasSchedstat && 'no schedstat here' }, () => {
  let nowUs = 0
  const busy = new BusyTime(() => nowUs)
  assert.equal(busy.percent, null)
  busy.begin()
  const from = threadCpuUs() ?? assert.fail()
  while ((threadCpuUs() ?? 0) - from < 50_000);
  nowUs = 100_000
  busy.end()
  const percent: number | null = percentOf(busy)
  assert.ok(percent !== null && percent >= 50 && percent < 100, String(percent))
})

/** Read anew: the compiler takes it for what was asserted before. */
function percentOf(busy: BusyTime): number | null {
  return busy.percent
}
