import assert from 'node:assert/strict'
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import { StoreError } from '../../src/result/store-error.ts'
import { createRun, listRuns, loadResult, openRun, readHistogramText, resultPath } from '../../src/result/store.ts'
import { aCell, aHeader, aPlan } from './result-builder.ts'
import { scratchFolder } from './scratch-folder.ts'

const saying = (pattern: RegExp) => (error: unknown) => error instanceof StoreError && pattern.test(error.message)
const cellIds = (path: string) => loadResult(path).cells.map((cell) => cell.id)

test('a finished run is loaded as it was written, cells in the planned order', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a', 'b'))
  run.writeCell(aCell('b'), null)
  run.writeCell(aCell('a'), 'histograms of a')
  const finished = run.finish('complete')
  const loaded = loadResult(join(results, 'r1'))
  assert.deepEqual(loaded, finished)
  assert.deepEqual(loadResult(join(results, 'r1', 'result.json')), finished)
  assert.equal(loaded.status, 'complete')
  assert.deepEqual(loaded.cells, [aCell('a', { histogramFile: 'a.hlog' }), aCell('b')])
  assert.equal(readHistogramText(join(results, 'r1'), loaded.cells[0] ?? aCell('')), 'histograms of a')
})

test('each cell is on disk when writeCell returns, and no temporary file is left', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a', 'b'))
  run.writeCell(aCell('a'), 'log')
  assert.deepEqual(JSON.parse(readFileSync(join(run.path, 'cells', 'a.json'), 'utf8')), {
    ...aCell('a'),
    histogramFile: 'a.hlog',
  })
  assert.deepEqual(readdirSync(run.path).sort(), ['a.hlog', 'cells', 'lock', 'run.json'])
  assert.deepEqual(readdirSync(join(run.path, 'cells')), ['a.json'])
  run.close()
})

test('a cell is synced before it gets its name, and its folder after', () => {
  const run = createRun(scratchFolder(), aHeader('r1'), aPlan('a'))
  const steps: string[] = []
  const spies = (['fsyncSync', 'renameSync'] as const).map((name) => {
    const original = fs[name] as (...parameters: unknown[]) => void
    return mock.method(fs, name, (...parameters: unknown[]) => {
      steps.push(name)
      original(...parameters)
    })
  })
  run.writeCell(aCell('a'), null)
  for (const spy of spies) spy.mock.restore()
  run.close()
  assert.deepEqual(steps, ['fsyncSync', 'renameSync', 'fsyncSync'])
})

test('a run that was killed is put together from its cells as interrupted', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a', 'b', 'c'))
  run.writeCell(aCell('b'), null)
  run.writeCell(aCell('a'), null)
  assert.equal(loadResult(run.path).status, 'running')
  run.close()
  assert.equal(loadResult(run.path).status, 'interrupted')
  assert.deepEqual(cellIds(run.path), ['a', 'b'])
})

test('a run that goes on measures only what is missing, and what was interrupted', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a', 'b', 'c'))
  run.writeCell(aCell('a', { notes: ['first time'] }), null)
  run.writeCell(aCell('b', { verdict: { kind: 'interrupted', reasons: [], checks: [] } }), null)
  assert.equal(run.finish('interrupted').cells.length, 2)

  const { folder, header, planned, doneCellIds } = openRun(results, 'r1')
  assert.deepEqual(header, aHeader('r1'))
  assert.deepEqual(planned, aPlan('a', 'b', 'c'))
  assert.deepEqual([...doneCellIds], ['a'])
  assert.throws(() => folder.writeCell(aCell('a'), null), /cell a is stored already/)
  folder.writeCell(aCell('b'), null)
  folder.writeCell(aCell('c'), null)
  const result = folder.finish('complete')
  assert.deepEqual(
    result.cells.map((cell) => cell.verdict.kind),
    ['valid', 'valid', 'valid'],
  )
  assert.deepEqual(result.cells[0]?.notes, ['first time'])
})

test('a complete run never changes', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a'))
  run.writeCell(aCell('a'), null)
  run.finish('complete')
  const before = readFileSync(join(run.path, 'result.json'), 'utf8')
  assert.throws(() => run.writeCell(aCell('a'), null), saying(/run r1 is finished/))
  assert.throws(() => run.finish('complete'), saying(/run r1 is finished/))
  assert.throws(() => run.updateHeader({ cautions: ['x'] }), saying(/run r1 is finished/))
  assert.throws(() => openRun(results, 'r1'), saying(/run r1 is complete already/))
  assert.throws(() => createRun(results, aHeader('r1'), aPlan('a')), saying(/r1: it exists already/))
  assert.equal(readFileSync(join(run.path, 'result.json'), 'utf8'), before)
})

test('a run with cells missing cannot be finished as complete', () => {
  const run = createRun(scratchFolder(), aHeader('r1'), aPlan('a', 'b'))
  run.writeCell(aCell('a'), null)
  assert.throws(() => run.finish('complete'), /1 cells are missing, the first is b/)
  run.close()
})

test('what is learnt of targets on the way is in the result', () => {
  const target = {
    target: 'embedded:',
    protocol: 'stomp' as const,
    broker: 'brokermark',
    embedded: true,
    cpuSource: 'pid 7',
    remains: ['/queue/x'],
  }
  const run = createRun(scratchFolder(), aHeader('r1'), aPlan())
  run.updateHeader({ targets: [target] })
  run.finish('complete')
  assert.deepEqual(loadResult(run.path).targets, [target])
})

test('a cell that is none is refused with its wrong key', () => {
  const run = createRun(scratchFolder(), aHeader('r1'), aPlan('a'))
  assert.throws(
    () => run.writeCell(aCell('a', { measureSeconds: Number.NaN }), null),
    /cell a is not valid: measureSeconds/,
  )
  assert.throws(() => run.writeCell(aCell('z'), null), /cell z is not one of this run/)
  run.close()
})

test('a cell id that is no file name is stored and found again', () => {
  const results = scratchFolder()
  const ids = ['stomp://h:1/ä b', 'stomp://h:1/ö b', '../../up', 'x'.repeat(300)]
  const run = createRun(results, aHeader('r1'), aPlan(...ids))
  for (const id of ids) run.writeCell(aCell(id), `log of ${id}`)
  const loaded = run.finish('complete')
  assert.deepEqual(cellIds(run.path), ids)
  for (const cell of loaded.cells) assert.equal(readHistogramText(run.path, cell), `log of ${cell.id}`)
  assert.deepEqual(readdirSync(results), ['r1'])
})

test('a results folder that cannot be written is said before any load, with path and reason', () => {
  const file = join(scratchFolder(), 'file')
  writeFileSync(file, '')
  assert.throws(
    () => createRun(join(file, 'results'), aHeader('r1'), aPlan()),
    saying(/file\/results: .*\((ENOTDIR|EEXIST)\)/),
  )
  assert.throws(() => createRun('/proc/results', aHeader('r1'), aPlan()), saying(/cannot create \/proc\/results: /))
})

for (const [code, reason] of [
  ['ENOSPC', 'the disk is full'],
  ['EROFS', 'the file system is read-only'],
] as const) {
  test(`${code} in the middle of a run says that ${reason}, and leaves what was measured before`, () => {
    const run = createRun(scratchFolder(), aHeader('r1'), aPlan('a', 'b'))
    run.writeCell(aCell('a'), null)
    const failing = mock.method(fs, 'writeFileSync', () => {
      throw Object.assign(new Error(`${code}: write`), { code })
    })
    const message = new RegExp(`^cannot write .*/r1/cells/b.json: ${reason} \\(${code}\\)$`)
    assert.throws(() => run.writeCell(aCell('b'), null), saying(message))
    failing.mock.restore()
    assert.deepEqual(readdirSync(join(run.path, 'cells')), ['a.json'])
    assert.deepEqual(cellIds(run.path), ['a'])
    run.writeCell(aCell('b'), null)
    assert.equal(run.finish('complete').cells.length, 2)
  })
}

test('a file that is no result is refused with its path and the wrong key', () => {
  const results = scratchFolder()
  const run = createRun(results, aHeader('r1'), aPlan('a'))
  run.writeCell(aCell('a'), null)
  const good = run.finish('complete')
  const path = join(results, 'other.json')
  const load = (content: unknown) => () => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    loadResult(path)
  }
  assert.throws(load('{'), saying(/other\.json is not JSON/))
  assert.throws(load([]), saying(/other\.json is not a result of brokermark/))
  assert.throws(load({ ...good, title: 7 }), saying(/title: .*string/))
  assert.throws(load({ ...good, colour: 'red' }), saying(/colour: is not a key of a result/))
  assert.throws(load({ ...good, cells: [{ ...aCell('a'), target: null }] }), saying(/cells\[0\]\.target: .*string/))
  assert.throws(
    load({ ...good, schemaVersion: '2.0.0', new: 1 }),
    saying(/schema 2\.0\.0 .*install a newer brokermark/),
  )
  assert.throws(() => loadResult(join(results, 'none')), saying(/cannot read .*none: there is no such file/))
  mkdirSync(join(results, 'empty'))
  assert.throws(() => loadResult(join(results, 'empty')), saying(/empty holds no result/))
})

test('runs are listed oldest first, with what can be told of broken ones', () => {
  const results = scratchFolder()
  assert.deepEqual(listRuns(join(results, 'none')), [])
  const second = createRun(results, aHeader('20260102-b'), aPlan('a', 'b'))
  second.writeCell(aCell('a'), null)
  second.close()
  createRun(results, aHeader('20260101-a'), aPlan()).finish('complete')
  mkdirSync(join(results, '20260103-c'))
  writeFileSync(join(results, '20260103-c', 'result.json'), '{}')
  mkdirSync(join(results, 'no-run'))
  const listed = listRuns(results).map((run) =>
    run.kind === 'run' ? [run.runId, run.status, run.cellsStored, run.cellsPlanned] : [run.kind],
  )
  assert.deepEqual(listed, [['20260101-a', 'complete', 0, 0], ['20260102-b', 'interrupted', 1, 2], ['unreadable']])
})

test('a result is named by its id, the beginning of its id, or its path', () => {
  const results = scratchFolder()
  for (const runId of ['20260101T1-a', '20260101T2-b']) createRun(results, aHeader(runId), aPlan()).finish('complete')
  const path = join(results, '20260101T1-a')
  assert.equal(resultPath(results, '20260101T1-a'), path)
  assert.equal(resultPath(results, '20260101T1'), path)
  assert.equal(resultPath('/nowhere', path), path)
  assert.throws(() => resultPath(results, '20260101'), saying(/may be any of 20260101T1-a, 20260101T2-b/))
  assert.throws(() => resultPath(results, 'x'), saying(/there is no run x/))
  assert.throws(() => openRun(results, '../x'), saying(/is not a run id/))
  assert.throws(() => openRun(results, 'x'), saying(/there is no run x/))
  assert.ok(existsSync(path))
})
