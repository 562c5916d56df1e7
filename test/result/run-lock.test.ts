import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRunLocked, lockRun } from '../../src/result/run-lock.ts'
import { StoreError } from '../../src/result/store-error.ts'
import { createRun, loadResult, openRun } from '../../src/result/store.ts'
import { aCell, aHeader, aPlan } from './result-builder.ts'
import { scratchFolder } from './scratch-folder.ts'

const lockModule = new URL('../../src/result/run-lock.js', import.meta.url).href

test('a run is written by one process at a time', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a'))
  const held = new RegExp(`being written by process ${process.pid}`)
  assert.throws(() => openRun(results, 'r1'), held)
  run.close()
  openRun(results, 'r1').folder.close()
  assert.ok(!existsSync(join(run.path, 'lock')))
})

test('another process sees the lock', () => {
  const folder = scratchFolder()
  const lock = lockRun(folder)
  const script = `import(${JSON.stringify(lockModule)}).then((m) => m.lockRun(${JSON.stringify(folder)}))`
  const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.match(other.stderr, new RegExp(`being written by process ${process.pid}`))
  lock.release()
  assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', script]).status, 0)
})

test('the lock of a process that was killed is taken over, and its cells are kept', async () => {
  const results = scratchFolder()
  createRun(results, aHeader('r1'), aPlan('a', 'b')).close()
  const folder = join(results, 'r1')
  const script = `
    const m = await import(${JSON.stringify(lockModule)})
    m.lockRun(${JSON.stringify(folder)})
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  assert.ok(isRunLocked(folder))
  assert.equal(loadResult(folder).status, 'running')
  assert.throws(() => openRun(results, 'r1'), new RegExp(`process ${child.pid ?? 0}`))
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(loadResult(folder).status, 'interrupted')
  const { folder: run } = openRun(results, 'r1')
  run.writeCell(aCell('a'), null)
  run.close()
  assert.deepEqual(readdirSync(folder).sort(), ['cells', 'run.json'])
})

test('the pid of a dead owner that another process has now is no lock', () => {
  const folder = scratchFolder()
  const owner = { host: hostname(), pid: process.pid, startTicks: 1, token: 'earlier' }
  writeFileSync(join(folder, 'lock'), JSON.stringify(owner))
  assert.equal(isRunLocked(folder), false)
  lockRun(folder).release()
})

test('a lock of another host is respected, and the sentence says which file to remove', () => {
  const folder = scratchFolder()
  writeFileSync(join(folder, 'lock'), JSON.stringify({ host: 'elsewhere.test', pid: 1, startTicks: 1, token: 'x' }))
  assert.throws(
    () => lockRun(folder),
    (error: unknown) => {
      return error instanceof StoreError && error.message.includes(`remove ${join(folder, 'lock')}`)
    },
  )
  assert.match(readFileSync(join(folder, 'lock'), 'utf8'), /elsewhere/)
})

test('releasing twice leaves the lock of a later owner alone', () => {
  const folder = scratchFolder()
  const first = lockRun(folder)
  first.release()
  const second = lockRun(folder)
  first.release()
  assert.ok(isRunLocked(folder))
  second.release()
})
