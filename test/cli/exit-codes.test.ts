import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeOfCampaign } from '../../src/cli/exit-code-of.ts'
import { worstExitCode } from '../../src/cli/exit-codes.ts'
import { failureOf } from '../../src/cli/failure.ts'
import { DriverError } from '../../src/driver/driver-error.ts'
import type { CellResult, Result, VerdictKind } from '../../src/result/result.ts'
import { StoreError } from '../../src/result/store-error.ts'
import { UsageError } from '../../src/workload/problem.ts'

function cell(kind: VerdictKind, ...codes: readonly string[]): CellResult {
  const reasons = codes.map((code) => ({ code, text: code, figure: null, limit: null }))
  return { verdict: { kind, reasons, checks: [] } } as unknown as CellResult
}

function codeOf(cells: readonly CellResult[], more: { interrupted?: boolean; unusable?: number } = {}): number {
  return exitCodeOfCampaign({
    result: { cells } as unknown as Result,
    folder: '/x',
    interrupted: more.interrupted ?? false,
    unusableTargets: Array.from({ length: more.unusable ?? 0 }, () => ({ target: 't', sentence: 's' })),
  })
}

test('the exit code of a campaign is that of its worst cell', () => {
  assert.equal(codeOf([]), 0)
  assert.equal(codeOf([cell('valid'), cell('published')]), 0)
  // What was asked for was not measured, whoever is to blame.
  for (const kind of ['unsustainable', 'not-steady', 'indeterminate'] as const) {
    assert.equal(codeOf([cell('valid'), cell(kind)]), 3)
  }
  assert.equal(codeOf([cell('valid'), cell('invalid', 'generator-lag')]), 3)
  assert.equal(codeOf([cell('invalid', 'generator-lag'), cell('invalid', 'lossy')]), 4)
  for (const code of ['lossy', 'duplicated', 'aborted', 'late', 'corrupt', 'unexpected'])
    assert.equal(codeOf([cell('invalid', code)]), 4)
  assert.equal(codeOf([cell('invalid', 'lossy'), cell('failed', 'broker-closed')]), 69)
  // A fault of ours is none of the broker's.
  for (const code of ['client-process-died', 'worker-died', 'worker-hung'])
    assert.equal(codeOf([cell('failed', 'broker-closed'), cell('failed', code)]), 70, code)
  assert.equal(codeOf([cell('valid')], { unusable: 1 }), 69)
  assert.equal(codeOf([cell('failed'), cell('interrupted')], { interrupted: true }), 130)
})

test('a cell in which nothing was counted is laid to the broker only where the generator did its part', () => {
  assert.equal(codeOf([cell('failed', 'no-messages')]), 69)
  for (const code of [
    'generator-lag',
    'generator-bound',
    'missed-slots',
    'send-rate',
    'event-loop',
    'load-host',
    'steal',
  ])
    assert.equal(codeOf([cell('failed', 'no-messages', code)]), 3, code)
  // A lag is no excuse for a connection that the broker cut.
  assert.equal(codeOf([cell('failed', 'broker-closed', 'generator-lag')]), 69)
  assert.equal(codeOf([cell('failed', 'no-messages', 'worker-died')]), 70)
  assert.equal(codeOf([cell('failed', 'no-messages', 'garbage-collection')]), 69)
})

test('a cell in which nothing came due says nothing of the broker', () => {
  const offering = (offeredPerSecond: number | null, producers = 1) =>
    ({
      ...cell('failed', 'no-messages'),
      throughput: { offeredPerSecond },
      axes: { producers },
    }) as unknown as CellResult
  assert.equal(codeOf([offering(0)]), 3)
  assert.equal(codeOf([offering(10)]), 69)
  assert.equal(codeOf([offering(null)]), 69)
  assert.equal(codeOf([offering(0, 0)]), 69, 'consumers alone')
})

test('what the guarantee allows is no broken one in a cell that something else makes invalid', () => {
  const kept = (isKept: boolean, ...codes: readonly string[]) =>
    ({ ...cell('invalid', ...codes), integrity: { guarantee: { kept: isKept } } }) as unknown as CellResult
  for (const code of ['lossy', 'duplicated', 'aborted', 'late']) {
    assert.equal(codeOf([kept(true, 'generator-lag', code)]), 3, code)
    assert.equal(codeOf([kept(false, 'generator-lag', code)]), 4, code)
  }
  for (const code of ['corrupt', 'unexpected']) assert.equal(codeOf([kept(true, code)]), 4, code)
})

test('worst wins: 130 > 70 > 73 > 69 > 4 > 3 > 1 > 5 > 2 > 0', () => {
  const worstFirst = [130, 70, 73, 69, 4, 3, 1, 5, 2, 0] as const
  for (const [index, code] of worstFirst.entries())
    assert.equal(worstExitCode(worstFirst.slice(index).toReversed()), code)
})

test('known failures are sentences, unknown ones are bugs with a stack', () => {
  assert.deepEqual(
    failureOf(
      new UsageError([
        { path: '-x', text: 'too few' },
        { path: '', text: 'no' },
      ]),
    ),
    {
      exitCode: 64,
      text: 'brokermark: -x: too few\nbrokermark: no',
    },
  )
  assert.deepEqual(failureOf(new StoreError('cannot write /x')), { exitCode: 73, text: 'brokermark: cannot write /x' })
  assert.deepEqual(failureOf(new DriverError('refused', 'nobody there')), {
    exitCode: 69,
    text: 'brokermark: nobody there',
  })
  const bug = failureOf(new TypeError('undefined is not a function'))
  assert.equal(bug.exitCode, 70)
  assert.match(
    bug.text,
    /^TypeError: undefined is not a function\n +at .*\nThis is a bug in brokermark: please report it/s,
  )
})
