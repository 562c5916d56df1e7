/** What a resumed run keeps of the plan that it began with. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { describe, test, type TestContext } from 'node:test'
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

/** A run file, as far as these tests change it. */
interface Stored {
  schemaVersion: string
  tool: { version: string; commit: string | null }
  readonly workload: Record<string, unknown> & {
    readonly phases: Record<string, unknown>
    readonly variants: readonly Record<'load' | 'delivery', Record<string, unknown>>[]
  }
  readonly planned: { cellIds: readonly string[]; readonly plan: Record<string, unknown> }
  [key: string]: unknown
}

/** Changes the run file. @returns the run. */
function changed<Run extends { readonly folder: string }>(run: Run, change: (stored: Stored) => void): Run {
  const header = runPaths.header(run.folder)
  const stored = JSON.parse(fs.readFileSync(header, 'utf8')) as Stored
  change(stored)
  fs.writeFileSync(header, JSON.stringify(stored))
  return run
}

describe('a run that another version planned is refused in one sentence', () => {
  const tool = { name: 'brokermark', version: '0.0.9', commit: '0123456789abcdef0123456789abcdef01234567' }

  const cases: readonly (readonly [
    what: string,
    flags: Partial<RunFlags>,
    change: (stored: Stored) => void,
    why: string,
  ])[] = [
    [
      'that lacks keys',
      {},
      ({ workload: { phases, variants } }) => {
        delete phases['order']
        delete phases['measureMessagesMin']
        for (const { delivery } of variants) delete delivery['guarantee']
      },
      'its plan lacks phases.measureMessagesMin, phases.order, delivery.guarantee, which this version counts on',
    ],
    [
      'that lacks keys of an open model',
      { rate: '10' },
      ({ workload: { variants } }) => variants.forEach(({ load }) => delete load['catchUp']),
      'its plan lacks load.catchUp, which this version counts on',
    ],
    [
      'that lacks a whole section and more',
      {},
      ({ workload }) =>
        ['question', 'profile', 'messageBytes', 'crews', 'phases', 'threads'].forEach((key) =>
          Reflect.deleteProperty(workload, key),
        ),
      'its plan lacks question, profile, messageBytes, crews, phases and 1 more, which this version counts on',
    ],
    [
      'that has keys of its own',
      {},
      ({ workload: { variants } }) => variants.forEach(({ delivery }) => (delivery['mercy'] = true)),
      'its plan has delivery.mercy, which this version does not know',
    ],
    [
      'that names cells otherwise',
      {},
      ({ planned }) => (planned.cellIds = ['1024B-1x1-t1']),
      'it names cells otherwise than this version',
    ],
    [
      'with a header that cannot be read',
      {},
      (stored) => ['targets', 'cautions', 'createdAt'].forEach((key) => (stored[key] = 7)),
      'this version cannot read what its run.json has at createdAt, targets, cautions',
    ],
  ]
  for (const [what, flags, change, why] of cases) {
    test(what, (context) => {
      const run = changed(killedRun(context, flags), (stored) => {
        stored.tool = tool
        change(stored)
      })
      assert.deepEqual(
        problemsOf(() => resumed(run)),
        [
          `--resume: run ${run.runId} was planned by brokermark 0.0.9 (commit 0123456), and ${why}: go on with that version, or start a new run`,
        ],
      )
    })
  }

  test('of a newer schema', (context) => {
    const run = changed(killedRun(context), (stored) => (stored.schemaVersion = '2.0.0'))
    assert.deepEqual(
      problemsOf(() => resumed(run)),
      [
        `--resume: run ${run.runId}: this result was written with schema 2.0.0 and this brokermark reads up to 1.x: install a newer brokermark to read it`,
      ],
    )
  })
})

test('a run from before that was kept goes on as the flags say', (context) => {
  const run = changed(killedRun(context, { floor: false }), ({ planned: { plan } }) => {
    delete plan['floor']
    delete plan['brokerWarmupGiven']
  })
  assert.equal(resumed(run).floorWanted, true)
  assert.equal(resumed(run, { floor: false }).floorWanted, false)
})
