import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Probe, UsageReading } from '../../src/probe/probe.ts'
import { openPidProbe } from '../../src/probe/proc-pid.ts'
import { readProcessStat, type ProcessStat } from '../../src/probe/proc-stat.ts'
import { descendantsOf } from '../../src/probe/process-tree.ts'
import { eventually } from '../driver/eventually.ts'
import { burn, startNode } from './burning-process.ts'

function probeOf(pid: number): Probe {
  const probe = openPidProbe([pid])
  assert.ok(probe)
  return probe
}

function reading(probe: Probe): UsageReading {
  const usage = probe.read()
  assert.ok(usage)
  return usage
}

function assertAbout(actualUs: number, expectedUs: number): void {
  assert.ok(actualUs > 0.7 * expectedUs && actualUs < 1.3 * expectedUs, `${actualUs} us, expected about ${expectedUs}`)
}

test('the CPU time of a process is what it says itself', async () => {
  const one = startNode(`
    console.log(0)
    process.stdin.once('data', () => {
      const before = process.cpuUsage()
      ${burn(300)}
      const { user, system } = process.cpuUsage(before)
      console.log(user + system)
    })`)
  await one.nextLine()
  const probe = probeOf(one.pid)
  assert.match(probe.source, /^pid \d+ \(node\), 1 process$/)
  const before = reading(probe)
  one.say('go')
  const usedUs = Number(await one.nextLine())
  const after = reading(probe)
  assertAbout(after.cpuUs - before.cpuUs, usedUs)
  assert.ok(after.atUs > before.atUs)
  assert.ok((after.memoryBytes ?? 0) > 10_000_000)
})

test('children count, those that live and those that ended before they were ever seen', async () => {
  const parent = startNode(`
    const { spawn, spawnSync } = require('node:child_process')
    const script = ${JSON.stringify(`${burn(300)}; console.log(JSON.stringify(process.cpuUsage()))`)}
    console.log(0)
    process.stdin.once('data', () => {
      const ended = JSON.parse(spawnSync(process.execPath, ['-e', script]).stdout)
      const living = spawn(process.execPath, ['-e', script + '; process.stdin.resume()'], { stdio: ['pipe', 'pipe', 'inherit'] })
      living.stdout.once('data', (text) => {
        const { user, system } = JSON.parse(text)
        console.log(user + system + ended.user + ended.system)
      })
    })`)
  await parent.nextLine()
  const probe = probeOf(parent.pid)
  const before = reading(probe)
  parent.say('go')
  const usedUs = Number(await parent.nextLine())
  assertAbout(reading(probe).cpuUs - before.cpuUs, usedUs)
})

test('the sum does not fall when a descendant leaves the tree', async () => {
  // root > middle > leaf: when the middle one is killed, the leaf gets another parent and is out of sight.
  const leaf = `${burn(200)}; console.log(process.pid); setInterval(() => {}, 1000)`
  const middle = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(leaf)}], { stdio: ['ignore', 'inherit', 'inherit'], detached: true }); setInterval(() => {}, 1000)`
  const root = startNode(`
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(middle)}], { stdio: ['ignore', 'inherit', 'inherit'] })
    process.stdin.once('data', () => child.kill('SIGKILL'))`)
  const leafPid = Number(await root.nextLine())
  const middlePid = readProcessStat(leafPid)?.parentPid
  const probe = probeOf(root.pid)
  const before = reading(probe)
  root.say('kill')
  await eventually(() => readProcessStat(leafPid)?.parentPid !== middlePid, 'the leaf has another parent')
  const after = reading(probe)
  process.kill(leafPid, 'SIGKILL')
  assert.ok(after.cpuUs >= before.cpuUs, `${after.cpuUs} < ${before.cpuUs}`)
})

test('a broker that has gone gives no reading', async () => {
  const one = startNode('console.log(0); setInterval(() => {}, 1000)')
  await one.nextLine()
  const probe = probeOf(one.pid)
  reading(probe)
  one.child.kill('SIGKILL')
  await eventually(() => probe.read() === null, 'the probe says that the process has gone')
  assert.equal(openPidProbe([one.pid]), null)
})

test('descendants are found through any number of generations, whatever else runs', () => {
  const processes = [
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [13, 10],
    [20, 1],
    [21, 20],
  ].map(([pid, parentPid]) => ({ pid, parentPid }) as ProcessStat)
  const pids = (...roots: number[]) =>
    descendantsOf(roots, processes)
      .map(({ pid }) => pid)
      .sort((a, b) => a - b)
  assert.deepEqual(pids(10), [10, 11, 12, 13])
  assert.deepEqual(pids(11, 20), [11, 12, 20, 21])
  assert.deepEqual(pids(10, 12), [10, 11, 12, 13])
  assert.deepEqual(pids(99), [])
})
