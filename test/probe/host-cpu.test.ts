import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busyPercent, parseHostCpu, readHostCpu, stealPercent } from '../../src/probe/host-cpu.ts'

const UNITS = { ticksPerSecond: 100, pageBytes: 4096 }
const stat = (numbers: string) => `cpu  ${numbers}\ncpu0 1 2 3 4\ncpu1 1 2 3 4\nintr 1\nctxt 5\n`

test('busy, stolen and total time are cumulative over all cores', () => {
  assert.deepEqual(parseHostCpu(stat('100 10 50 800 20 5 5 10 60 0'), UNITS, 7), {
    atUs: 7,
    busyUs: 1_700_000,
    stealUs: 100_000,
    totalUs: 10_000_000,
    cores: 2,
  })
})

test('steal and load of a window are shares of all its time', () => {
  const before = parseHostCpu(stat('100 0 0 900 0 0 0 0 0 0'), UNITS, 0)
  const after = parseHostCpu(stat('140 0 10 925 0 0 0 25 0 0'), UNITS, 0)
  assert.ok(before && after)
  assert.equal(stealPercent(before, after), 25)
  assert.equal(busyPercent(before, after), 50)
  assert.equal(stealPercent(before, before), null)
})

test('this machine is read where it has /proc/stat', { skip: process.platform !== 'linux' }, () => {
  const reading = readHostCpu()
  assert.ok(reading && reading.cores > 0 && reading.totalUs > reading.busyUs)
  assert.equal(parseHostCpu('', UNITS, 0), null)
})
