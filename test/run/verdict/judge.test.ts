import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import type { Integrity, Latency } from '../../../src/result/result.ts'

const integrity: Integrity = {
  attempted: 1_000,
  confirmed: 1_000,
  refused: 0,
  refusals: {},
  received: 1_000,
  lost: 0,
  duplicated: 0,
  late: 0,
  unknown: 0,
  recovered: 0,
  unexpected: 0,
  corrupt: 0,
  drained: true,
  indeterminate: 0,
  aborted: 0,
  guarantee: null,
}

const latency: Latency = {
  count: 1_000,
  mean: 500,
  p50: 400,
  p90: 800,
  p99: 2_000,
  p999: null,
  p9999: null,
  max: 3_000,
  negative: 0,
  overflow: 0,
}

const good: CellEvidence = {
  failure: null,
  interrupted: false,
  isOpen: true,
  hasConsumers: true,
  hasProducers: true,
  confirm: true,
  promise: { guarantee: 'at-least-once', ordered: false },
  skippedSlots: 0,
  intervals: [],
  measureSeconds: 10,
  isEmbedded: false,
  closedLoop: null,
  threadBusyPercentMax: null,
  integrity,
  latencyUs: {
    endToEnd: { response: latency, service: latency },
    publish: { response: latency, service: latency },
    sendLag: { generator: { ...latency, p99: 900 }, blocked: latency },
  },
  measuredMessages: 1_000,
  offeredMeasured: 1_000,
  missedSlots: 0,
  missedWhileBlocked: false,
  floor: null,
  handledPerSecond: 1_000,
}

const withIntegrity = (change: Partial<Integrity>): CellEvidence => ({
  ...good,
  integrity: { ...integrity, ...change },
})
const withLag = (p99: number): CellEvidence => ({
  ...good,
  latencyUs: { ...good.latencyUs, sendLag: { generator: { ...latency, p99 }, blocked: latency } },
})

describe('the verdict', () => {
  const table: readonly [string, CellEvidence, string, string | null][] = [
    ['nothing wrong', good, 'valid', null],
    ['a lost message', withIntegrity({ lost: 1 }), 'invalid', 'lossy'],
    [
      'a lost message that nobody had confirmed',
      { ...withIntegrity({ lost: 1 }), confirm: false, promise: { guarantee: 'none', ordered: false } },
      'valid',
      'lossy',
    ],
    [
      'a duplicate where none may be',
      { ...withIntegrity({ duplicated: 2 }), promise: { guarantee: 'at-most-once', ordered: false } },
      'invalid',
      'duplicated',
    ],
    [
      'a message out of order where order was promised',
      { ...withIntegrity({ late: 1 }), promise: { guarantee: 'none', ordered: true } },
      'invalid',
      'late',
    ],
    [
      'a refused message that came, under exactly-once',
      { ...withIntegrity({ aborted: 1 }), promise: { guarantee: 'exactly-once', ordered: false } },
      'invalid',
      'aborted',
    ],
    ['a slot left out by the catch-up policy', { ...good, skippedSlots: 1 }, 'invalid', 'skipped-slots'],
    ['a duplicate', withIntegrity({ duplicated: 2 }), 'valid', 'duplicated'],
    ['a message out of order', withIntegrity({ late: 2 }), 'valid', 'late'],
    ['old data in the queue', withIntegrity({ unexpected: 1 }), 'invalid', 'unexpected'],
    ['a corrupt message', withIntegrity({ corrupt: 1 }), 'invalid', 'corrupt'],
    [
      'a drain that ended too early',
      withIntegrity({ drained: false, indeterminate: 5 }),
      'indeterminate',
      'not-drained',
    ],
    ['a refused message', withIntegrity({ refused: 3, refusals: { 'over-length': 3 } }), 'invalid', 'refused'],
    ['generator lag up to 1 ms', withLag(1_000), 'valid', null],
    ['generator lag over 1 ms and over 5 % of p99', withLag(1_001), 'invalid', 'generator-lag'],
    ['one slot in a hundred missed', { ...good, missedSlots: 10 }, 'valid', null],
    ['more slots missed by the generator', { ...good, missedSlots: 11 }, 'invalid', 'missed-slots'],
    [
      'more slots missed because the broker blocked',
      { ...good, missedSlots: 11, missedWhileBlocked: true },
      'unsustainable',
      'unsustainable-rate',
    ],
    ['a lost connection', { ...good, failure: { code: 'broker-closed', text: 'gone' } }, 'failed', 'broker-closed'],
    ['no message at all', { ...good, measuredMessages: 0 }, 'failed', 'no-messages'],
    ['Ctrl-C', { ...good, interrupted: true, measuredMessages: 0 }, 'interrupted', null],
    [
      'a negative latency',
      {
        ...good,
        latencyUs: { ...good.latencyUs, endToEnd: { response: latency, service: { ...latency, negative: 1 } } },
      },
      'invalid',
      'clock',
    ],
  ]
  for (const [what, evidence, kind, code] of table) {
    test(`${what} is ${kind}${code === null ? '' : ` by ${code}`}`, () => {
      const verdict = judge(evidence)
      assert.equal(verdict.kind, kind)
      assert.deepEqual(
        verdict.reasons.map((reason) => reason.code),
        code === null ? [] : [code],
      )
    })
  }

  test('names the checks that were made, and none that could not be', () => {
    assert.ok(judge(good).checks.includes('generator-lag'))
    assert.ok(judge(good).checks.includes('lossy'))
    const consumersOnly = judge({ ...good, hasProducers: false, isOpen: false })
    assert.deepEqual(consumersOnly.checks, ['connections', 'traffic'])
    assert.ok(!judge({ ...good, hasConsumers: false }).checks.includes('lossy'))
  })
})
