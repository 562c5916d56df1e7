import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cgroupFolders, parseCpuMax, parseCpuStat } from '../../src/probe/cgroup-files.ts'
import { openCgroupProbe } from '../../src/probe/cgroup.ts'
import { baseOf } from '../../src/probe/cpu-base.ts'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { scratchFolder } from '../result/scratch-folder.ts'

const CPU_STAT = `usage_usec 4567890
user_usec 4000000
system_usec 567890
nr_periods 120
nr_throttled 7
throttled_usec 345678
`

test('use and throttling of a group are read from cpu.stat', () => {
  assert.deepEqual(parseCpuStat(CPU_STAT), { usageUs: 4_567_890, throttledPeriods: 7 })
  assert.deepEqual(parseCpuStat('usage_usec 5\nuser_usec 5\n'), { usageUs: 5, throttledPeriods: null })
  assert.equal(parseCpuStat('nr_periods 0\nnr_throttled 0\nthrottled_time 0\n'), null)
})

test('a limit is quota over period, and max is none', () => {
  assert.equal(parseCpuMax('150000 100000\n'), 1.5)
  assert.equal(parseCpuMax('max 100000\n'), null)
  assert.equal(parseCpuMax('-1 100000'), null)
  assert.equal(parseCpuMax(''), null)
})

test('the groups of a process are its own and all above it, in both versions', () => {
  assert.deepEqual(cgroupFolders('0::/system.slice/broker.service\n', 'cpu'), [
    '/sys/fs/cgroup/system.slice/broker.service',
    '/sys/fs/cgroup/system.slice',
    '/sys/fs/cgroup',
  ])
  assert.deepEqual(cgroupFolders('9:name=systemd:/\n4:memory:/a\n1:cpu,cpuacct:/b\n0::/\n', 'cpu'), [
    '/sys/fs/cgroup/cpu,cpuacct/b',
    '/sys/fs/cgroup/cpu,cpuacct',
    '/sys/fs/cgroup',
  ])
  assert.deepEqual(cgroupFolders('4:memory:/a\n1:cpu,cpuacct:/b\n', 'memory'), [
    '/sys/fs/cgroup/memory/a',
    '/sys/fs/cgroup/memory',
  ])
  assert.deepEqual(cgroupFolders('0::/../other\n', 'cpu'), [])
})

test('a group is read from its files, against the smallest limit above it', () => {
  const parent = scratchFolder()
  const group = join(parent, 'broker')
  mkdirSync(group)
  writeFileSync(join(parent, 'cpu.max'), '50000 100000\n')
  writeFileSync(join(group, 'cpu.max'), 'max 100000\n')
  writeFileSync(join(group, 'cpu.stat'), CPU_STAT)
  writeFileSync(join(group, 'memory.current'), '123456789\n')
  const probe = openCgroupProbe(group)
  assert.equal(probe?.cores, 0.5)
  assert.equal(probe.base, '0.5 cores (cgroup limit)')
  assert.equal(probe.source, `cgroup ${group} (memory with page cache)`)
  const reading = probe.read()
  assert.equal(reading?.cpuUs, 4_567_890)
  assert.equal(reading.memoryBytes, 123_456_789)
})

test('without a limit, or with one above the machine, 100 % is the whole machine', () => {
  const folder = scratchFolder()
  const cores = cpus().length
  assert.equal(baseOf([]).cores, cores)
  writeFileSync(join(folder, 'cpu.max'), `${(cores + 1) * 100_000} 100000`)
  assert.equal(baseOf([folder]).text, `${cores} ${cores === 1 ? 'core' : 'cores'} of the machine`)
})

test('a path without a group is none', () => {
  assert.equal(openCgroupProbe('/no/such/group'), null)
  assert.equal(openCgroupProbe(scratchFolder()), null)
})
