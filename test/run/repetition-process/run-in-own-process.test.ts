/** Campaigns of several repetitions on the broker inside: each has a client process of its own, and what becomes of them. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { exitCodeOfCampaign } from '../../../src/cli/exit-code-of.ts'
import { makePlan } from '../../../src/cli/make-plan.ts'
import { StoreError } from '../../../src/result/store-error.ts'
import type { CampaignEvents, CampaignOutcome, CampaignPlan } from '../../../src/run/campaign.ts'
import { runCampaign } from '../../../src/run/run-campaign.ts'
import { allGone, childrenWith } from '../../support/child-processes.ts'
import { inTime } from '../../support/in-time.ts'

const CLIENT = 'repetition-process/main.js'
const BROKER = 'broker/embedded/main.js'

function planOf(context: TestContext, settings: readonly string[] = [], target?: string): CampaignPlan {
  const results = fs.mkdtempSync(join(tmpdir(), 'brokermark-repetitions-'))
  context.after(() => fs.rmSync(results, { recursive: true, force: true }))
  // By count: of a time that a machine stands still for, nothing would be measured.
  const phases = ['phases.warmupSeconds=0.2', 'phases.messagesPerProducer=50', 'phases.repeats=2']
  const output = { write: () => undefined, isTerminal: false, columns: 100 }
  const { plan } = makePlan(
    undefined,
    { target: target === undefined ? [] : [target], set: [...phases, 'threads=1', ...settings], results },
    { environment: {}, stdout: output, stderr: output, interruptSignal: () => AbortSignal.abort() },
  )
  return plan
}

const SILENT: CampaignEvents = {
  onTarget: () => undefined,
  onClientWarmup: () => undefined,
  onBrokerWarmup: () => undefined,
  onCellStart: () => undefined,
  onInterval: () => undefined,
  onCellEnd: () => undefined,
  onWarning: () => undefined,
}

function run(plan: CampaignPlan, events: Partial<CampaignEvents>, signal?: AbortSignal): Promise<CampaignOutcome> {
  return runCampaign(plan, { ...SILENT, ...events }, signal ?? new AbortController().signal)
}

function kinds({ result }: CampaignOutcome): readonly (readonly [id: string, kind: string])[] {
  return result.cells.map(({ id, verdict }) => [id, verdict.kind])
}

test('R3.3: each repetition has a fresh client process, and a broker of its own, of which nothing is left', async (context) => {
  const { outcome, seen } = await inTime(async (seconds) => {
    const seen = new Set<number>()
    const settings = ['matrix.pairs=[1,2]', 'phases.repeats=3', `phases.warmupSeconds=${seconds}`]
    const outcome = await run(planOf(context, settings), {
      onCellStart: () => [CLIENT, BROKER].flatMap((word) => childrenWith(word)).forEach((pid) => seen.add(pid)),
    })
    return seen.size < 6 ? null : { outcome, seen }
  })
  assert.deepEqual(kinds(outcome), [
    ['t1-1024B-1x1', 'valid'],
    ['t1-1024B-2x2', 'valid'],
    ['t1-1024B-1x1-r2', 'valid'],
    ['t1-1024B-2x2-r2', 'valid'],
    ['t1-1024B-1x1-r3', 'valid'],
    ['t1-1024B-2x2-r3', 'valid'],
  ])
  const pids = outcome.result.cells.map(({ generator }) => generator?.processId ?? null)
  assert.deepEqual([pids[0], pids[2], pids[4]], [pids[1], pids[3], pids[5]])
  assert.equal(new Set([process.pid, ...pids]).size, 4, pids.join(' '))
  assert.deepEqual(
    outcome.result.cells.map(({ order }) => order),
    [1, 2, 3, 4, 5, 6],
  )
  assert.equal(seen.size, 6)
  await allGone([...seen])
  for (const { histogramFile } of outcome.result.cells) {
    assert.ok(fs.existsSync(join(outcome.folder, histogramFile ?? 'none')))
  }
  assert.equal(outcome.result.environment['clockViolations'], 0)
})

test('a single repetition runs in the process that was started', async (context) => {
  const outcome = await run(planOf(context, ['phases.repeats=1']), {})
  assert.deepEqual(
    outcome.result.cells.map(({ generator }) => generator?.processId),
    [process.pid],
  )
})

test('a client process that is killed takes the cell under way with it and nothing else', async (context) => {
  const { outcome, warnings, brokers } = await inTime(async (seconds) => {
    const warnings: string[] = []
    let killed = false
    const brokers = new Set<number>()
    // Told of at the first second, and not over yet.
    const settings = ['matrix.pairs=[1,2,3]', `phases.warmupSeconds=${1 + seconds}`]
    const outcome = await run(planOf(context, settings), {
      onInterval: (cell) => {
        if (cell.id !== 't1-1024B-2x2' || killed) return
        killed = true
        childrenWith(BROKER).forEach((pid) => brokers.add(pid))
        childrenWith(CLIENT).forEach((pid) => process.kill(pid, 'SIGKILL'))
      },
      onWarning: (sentence) => warnings.push(sentence),
    })
    const isMeasured = outcome.result.cells[1]?.verdict.kind === 'valid'
    return isMeasured ? null : { outcome, warnings, brokers }
  })
  assert.deepEqual(kinds(outcome), [
    ['t1-1024B-1x1', 'valid'],
    ['t1-1024B-2x2', 'failed'],
    ['t1-1024B-3x3', 'valid'],
    ['t1-1024B-1x1-r2', 'valid'],
    ['t1-1024B-2x2-r2', 'valid'],
    ['t1-1024B-3x3-r2', 'valid'],
  ])
  const [first, lost, third] = outcome.result.cells
  assert.deepEqual(lost?.verdict.reasons, [
    {
      code: 'client-process-died',
      text: 'the client process of repetition 1 died: it was ended by SIGKILL',
      figure: null,
      limit: null,
    },
  ])
  assert.ok(lost.intervals.length > 0, 'the intervals that it had told of are kept')
  assert.deepEqual([first?.order, lost.order, third?.order], [1, 2, 3])
  assert.notEqual(first?.generator?.processId, third?.generator?.processId)
  assert.deepEqual(warnings, ['the client process of repetition 1 died: it was ended by SIGKILL'])
  assert.equal(exitCodeOfCampaign(outcome), 70)
  assert.equal(outcome.result.status, 'complete')
  await allGone([...brokers])
})

test('a campaign that is interrupted lets the cell under way drain, stores it and can be resumed', async (context) => {
  const { plan, outcome, pids } = await inTime(async (seconds) => {
    const plan = planOf(context, ['matrix.pairs=[1,2]', `phases.warmupSeconds=${1 + seconds}`])
    const interrupt = new AbortController()
    const pids: number[] = []
    const onInterval: CampaignEvents['onInterval'] = (cell) => {
      if (cell.id === 't1-1024B-1x1-r2') interrupt.abort()
      pids.push(...childrenWith(CLIENT), ...childrenWith(BROKER))
    }
    const outcome = await run(plan, { onInterval }, interrupt.signal)
    const [, , interrupted] = outcome.result.cells
    // The drain of an interrupted cell waits for two seconds only.
    const isLate = interrupted?.verdict.kind === 'valid' || interrupted?.integrity?.drained === false
    return isLate ? null : { plan, outcome, pids }
  })
  assert.deepEqual([outcome.interrupted, outcome.result.status], [true, 'interrupted'])
  assert.deepEqual(kinds(outcome), [
    ['t1-1024B-1x1', 'valid'],
    ['t1-1024B-2x2', 'valid'],
    ['t1-1024B-1x1-r2', 'interrupted'],
  ])
  assert.equal(outcome.result.cells[2]?.integrity?.drained, true)
  await allGone(pids)

  const cells = plan.cells.slice(2)
  const resumed = await run({ ...plan, cells, resume: true }, {})
  assert.equal(resumed.result.status, 'complete')
  assert.deepEqual(
    resumed.result.cells.map(({ verdict, order }) => [verdict.kind, order]),
    [1, 2, 3, 4].map((order) => ['valid', order]),
  )
  assert.deepEqual(resumed.result.cells.slice(0, 2), outcome.result.cells.slice(0, 2))
})

test('credentials reach the client process neither by its arguments nor by its environment', async (context) => {
  // Nobody listens there.
  const target = 'stomp://me:hunter2@127.0.0.1:1'
  const { outcome, shown } = await inTime(async (seconds) => {
    const shown: string[] = []
    const outcome = await run(planOf(context, [`phases.clientWarmupSeconds=${seconds}`], target), {
      onClientWarmup: () => {
        for (const pid of childrenWith(CLIENT))
          shown.push(...readable([`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]))
      },
    })
    return shown.length < 4 ? null : { outcome, shown }
  })
  assert.ok(shown.length >= 4, `${shown.length} of 2 files of 2 processes were seen`)
  assert.doesNotMatch(shown.join('\n'), /hunter2/)
  assert.deepEqual(
    outcome.unusableTargets.map(({ target }) => target),
    ['stomp://127.0.0.1:1'],
  )
  assert.deepEqual(kinds(outcome), [
    ['t1-1024B-1x1', 'failed'],
    ['t1-1024B-1x1-r2', 'failed'],
  ])
  assert.doesNotMatch(JSON.stringify(outcome), /hunter2/)
})

test('results that cannot be stored end the client process and the campaign', async (context) => {
  const { failure, pids } = await inTime(async (seconds) => {
    const plan = planOf(context, ['matrix.pairs=[1,2]', `phases.warmupSeconds=${seconds}`])
    const pids = new Set<number>()
    const campaign = run(plan, {
      onCellStart: () => {
        for (const pid of [...childrenWith(CLIENT), ...childrenWith(BROKER)]) pids.add(pid)
        fs.rmSync(join(plan.resultsFolder, plan.runId, 'cells'), { recursive: true, force: true })
      },
    })
    const failure = await campaign.then(
      () => assert.fail('it was stored'),
      (error: unknown) => error,
    )
    return pids.size < 2 ? null : { failure, pids }
  })
  assert.ok(failure instanceof StoreError && /cannot write .*cells/.test(failure.message), String(failure))
  assert.equal(pids.size, 2)
  await allGone([...pids])
})

/** What the files hold; nothing where one has gone: the process of a repetition before may just be going. */
function readable(paths: readonly string[]): readonly string[] {
  try {
    return paths.map((path) => fs.readFileSync(path, 'latin1'))
  } catch {
    return []
  }
}
