import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuMicrosPerSecond, residentSlope, sampleProcess } from './process-samples.ts'

const samples = [0, 1, 2, 3, 4].map((second) => ({
  atMs: second * 1000,
  cpuUs: second < 2 ? 0 : (second - 2) * 500_000,
  residentBytes: 100e6 + second * 1e6,
}))

test('the CPU of a time is that between the samples within it', () => {
  assert.equal(cpuMicrosPerSecond(samples, 1_900, 4_100), 500_000)
  assert.equal(cpuMicrosPerSecond(samples, 0, 4_000), 250_000)
})

test('a time in which a process was not seen twice has no CPU figure', () => {
  assert.throws(() => cpuMicrosPerSecond(samples, 3_500, 9_000), RangeError)
  assert.throws(() => cpuMicrosPerSecond(samples, Number.NaN, 9_000), RangeError)
})

test('the slope of the resident set is in bytes per minute', () => {
  assert.equal(Math.round(residentSlope(samples)), 60e6)
  assert.equal(residentSlope(samples.slice(0, 1)), 0)
})

test('this process has memory, and one that is not there is none', () => {
  assert.ok((sampleProcess(process.pid)?.residentBytes ?? 0) > 10e6)
  assert.equal(sampleProcess(2 ** 30), null)
})
