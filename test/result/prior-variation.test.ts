/** The history that a run with repetitions is announced with. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPriorVariation, type SoughtRun } from '../../src/result/prior-variation.ts'
import { createRun } from '../../src/result/store.ts'
import { aCell, aHeader, aPlan } from './result-builder.ts'
import { scratchFolder } from './scratch-folder.ts'

const target = aCell('p').target
const workload = (measureSeconds: number, repeats: number) => ({
  variants: [{ axes: {} }],
  threads: null,
  phases: { warmupSeconds: 5, measureSeconds, messagesPerProducer: null, repeats },
})
const sought: SoughtRun = { title: 'quick', workload: workload(30, 5), targets: [target] }

function store(
  results: string,
  runId: string,
  rates: readonly number[],
  changes: { measureSeconds?: number } = {},
): void {
  const ids = rates.map((_, index) => (index === 0 ? 'p' : `p-r${index + 1}`))
  const run = createRun(
    results,
    aHeader(runId, { workload: workload(changes.measureSeconds ?? 30, rates.length) }),
    aPlan(...ids),
  )
  for (const [index, perSecond] of rates.entries()) {
    const throughput = { deliveredPerSecond: perSecond, confirmedPerSecond: perSecond, sentPerSecond: perSecond }
    run.writeCell(
      aCell(ids[index] ?? '', {
        repetition: index + 1,
        throughput: { ...throughput, offeredPerSecond: null, deliveredMegabytesPerSecond: null },
      }),
      null,
    )
  }
  run.finish('complete')
}

test('the newest complete run of the same workload that repeated its points tells how they vary', () => {
  const results = scratchFolder()
  store(results, '20261101T000000Z-quick-0001', [90, 100, 110])
  store(results, '20261102T000000Z-quick-0001', [98, 100, 102])
  store(results, '20261103T000000Z-quick-0001', [100])
  store(results, '20261104T000000Z-quick-0001', [50, 100, 150], { measureSeconds: 5 })
  store(results, '20261105T000000Z-other-0001', [50, 100, 150])
  const found = findPriorVariation(results, sought)
  assert.deepEqual(
    found.map((entry) => ({ ...entry, cvOverRunsPercent: Number(entry.cvOverRunsPercent.toFixed(6)) })),
    [{ pointId: 'p', target, runId: '20261102T000000Z-quick-0001', runs: 3, cvOverRunsPercent: 2 }],
  )
})

test('without one, and in a folder that is not there, nothing is known; damaged results are passed over', () => {
  const results = scratchFolder()
  assert.deepEqual(findPriorVariation(join(results, 'nowhere'), sought), [])
  store(results, '20261101T000000Z-quick-0001', [98, 100, 102])
  assert.deepEqual(findPriorVariation(results, { ...sought, targets: ['mqtt://other:1'] }), [])
  writeFileSync(join(results, '20261101T000000Z-quick-0001', 'result.json'), '{')
  assert.deepEqual(findPriorVariation(results, sought), [])
})
