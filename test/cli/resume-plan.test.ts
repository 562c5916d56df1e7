/** What a resumed run keeps of the plan that it began with. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test, type TestContext } from 'node:test'
import type { CliContext } from '../../src/cli/context.ts'
import { makePlan, type MadePlan } from '../../src/cli/make-plan.ts'
import { resumePlan } from '../../src/cli/resume-plan.ts'
import type { RunFlags } from '../../src/cli/run-flags.ts'
import { runPaths } from '../../src/result/run-files.ts'
import type { RunHeader } from '../../src/result/run-header.ts'
import { createRun } from '../../src/result/store.ts'
import { plannedOf } from '../../src/run/kept-plan.ts'
import { UsageError } from '../../src/workload/problem.ts'
import { aHeader } from '../result/result-builder.ts'
import { scratchFolder } from './brokermark.ts'

const SILENT = { write: () => undefined, isTerminal: false, columns: 100 }
const CONTEXT: CliContext = {
  environment: {},
  stdout: SILENT,
  stderr: SILENT,
  interruptSignal: () => new AbortController().signal,
}

/** A run that was killed before its first cell. */
function killedRun(
  test: TestContext,
  flags: Partial<RunFlags> = {},
): { readonly runId: string; readonly folder: string; readonly results: string } {
  const results = scratchFolder(test)
  const { plan, floorWanted } = makePlan(undefined, { target: [], set: [], results, ...flags }, CONTEXT)
  const workload = JSON.parse(JSON.stringify(plan.workload)) as RunHeader['workload']
  const planned = plannedOf({ ...plan, floors: floorWanted ? [] : null })
  const folder = createRun(results, aHeader(plan.runId, { workload }), planned)
  folder.close()
  return { runId: plan.runId, folder: folder.path, results }
}

function resumed(
  { runId, results }: { readonly runId: string; readonly results: string },
  flags: Partial<RunFlags> = {},
): MadePlan {
  return resumePlan(runId, undefined, { target: [], set: [], results, ...flags }, CONTEXT)
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act()
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown))
    return thrown.message.split('\n')
  }
  return assert.fail('nothing is wrong with it')
}

test('a run that began without floors goes on without, and one that began with them goes on with them', (context) => {
  const without = killedRun(context, { floor: false })
  assert.equal(resumed(without).floorWanted, false)
  assert.equal(resumed(without, { floor: false }).floorWanted, false)
  const withFloors = killedRun(context)
  assert.equal(resumed(withFloors).floorWanted, true)
  assert.deepEqual(
    problemsOf(() => resumed(withFloors, { floor: false })),
    ['--no-floor: a resumed run keeps its workload: leave this out, or start a new run'],
  )
})

test('a broker warm-up that was asked for by name holds for the broker inside after a resumption too', (context) => {
  const asked = killedRun(context, { set: ['phases.brokerWarmupSeconds=3'] })
  assert.deepEqual(
    resumed(asked).plan.cells.map(({ phases }) => phases.brokerWarmupSeconds),
    [3],
  )
  assert.deepEqual(
    resumed(killedRun(context)).plan.cells.map(({ phases }) => phases.brokerWarmupSeconds),
    [0],
  )
})

test('a run from before that was kept goes on as the flags say', (context) => {
  const run = killedRun(context, { floor: false })
  const header = runPaths.header(run.folder)
  fs.writeFileSync(
    header,
    fs.readFileSync(header, 'utf8').replace(/"floor": false,\s*"brokerWarmupGiven": false/, '"x": 1'),
  )
  assert.equal(resumed(run).floorWanted, true)
  assert.equal(resumed(run, { floor: false }).floorWanted, false)
})
