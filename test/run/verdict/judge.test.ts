import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClockProof } from '../../../src/measure/clock-offset.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import { idleBesideSpinners } from '../../../src/run/verdict/load-host.ts'
import type { Integrity } from '../../../src/result/result.ts'
import { floor, good, integrity, latency } from './good-evidence.ts'
import { intervalsOf } from './intervals.ts'

const withIntegrity = (change: Partial<Integrity>): CellEvidence => ({
  ...good,
  integrity: { ...integrity, ...change },
})
const withLag = (p99: number): CellEvidence => ({
  ...good,
  latencyUs: { ...good.latencyUs, sendLag: { generator: { ...latency, p99 }, blocked: latency } },
})

const withP99 = (p99: number): CellEvidence => ({
  ...good,
  latencyUs: { ...good.latencyUs, endToEnd: { response: { ...latency, p99 }, service: { ...latency, p99 } } },
})
const withClock = (change: Partial<ClockProof>): CellEvidence => ({
  ...good,
  clockProof: { rounds: 1_000, offsetUsMin: -3, offsetUsMax: 4, violations: 0, roundTripUsMin: 5, ...change },
})
const closed: CellEvidence = {
  ...good,
  isOpen: false,
  latencyUs: {
    endToEnd: { response: null, service: latency },
    publish: { response: null, service: latency },
    sendLag: null,
  },
}

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
    ['one slot missed by the generator', { ...good, missedSlots: 1 }, 'invalid', 'missed-slots'],
    [
      'one slot missed because the broker blocked',
      { ...good, missedSlots: 1, missedWhileBlocked: true },
      'unsustainable',
      'unsustainable-rate',
    ],
    ['a lost connection', { ...good, failure: { code: 'broker-closed', text: 'gone' } }, 'failed', 'broker-closed'],
    ['no message at all', { ...good, measuredMessages: 0 }, 'failed', 'no-messages'],
    ['Ctrl-C', { ...good, interrupted: true, measuredMessages: 0 }, 'interrupted', null],
    ['Ctrl-C while messages wait', { ...good, interrupted: true, missedSlots: 5 }, 'interrupted', null],
    [
      'a negative latency',
      {
        ...good,
        latencyUs: { ...good.latencyUs, endToEnd: { response: latency, service: { ...latency, negative: 1 } } },
      },
      'invalid',
      'clock',
    ],
    ['a clock that is 1 ms off', withClock({ offsetUsMin: 998, offsetUsMax: 1_004 }), 'invalid', 'clock'],
    ['an answer that came before its question', withClock({ violations: 1 }), 'invalid', 'clock'],
    ['an event loop held up for 5 ms', { ...good, eventLoopDelayP99Ms: 5 }, 'valid', null],
    ['an event loop held up for longer', { ...good, eventLoopDelayP99Ms: 5.1 }, 'invalid', 'event-loop'],
    [
      'an event loop held up for a tenth of a long p99',
      { ...withP99(200_000), eventLoopDelayP99Ms: 20 },
      'valid',
      null,
    ],
    ['one held up for longer', { ...withP99(200_000), eventLoopDelayP99Ms: 20.1 }, 'invalid', 'event-loop'],
    ['a long turn in a closed model', { ...closed, eventLoopDelayP99Ms: 9 }, 'valid', 'event-loop'],
    ['a long turn on the broker inside', { ...good, isEmbedded: true, eventLoopDelayP99Ms: 9 }, 'valid', 'event-loop'],
    [
      'a long turn in a closed model on the broker inside',
      { ...closed, isEmbedded: true, eventLoopDelayP99Ms: 9, gcPauseMaxMs: 9 },
      'valid',
      null,
    ],
    ['a collector that pauses for 5 ms', { ...good, gcPauseMaxMs: 5 }, 'valid', null],
    ['a collector that pauses for longer', { ...good, gcPauseMaxMs: 5.1 }, 'invalid', 'garbage-collection'],
    ['a collector that pauses in a closed model', { ...closed, gcPauseMaxMs: 50 }, 'valid', 'garbage-collection'],
    ['2 % of the CPU stolen', { ...good, stealPercent: 2 }, 'valid', null],
    ['more of it stolen', { ...good, stealPercent: 2.1 }, 'invalid', 'steal'],
    ['more of it stolen in a cell too short to tell', { ...good, measureSeconds: 2.9, stealPercent: 9 }, 'valid', null],
    ["a generator's host with 20 % left", { ...good, hostIdlePercent: 20 }, 'valid', null],
    ["a generator's host with less left", { ...good, hostIdlePercent: 19 }, 'invalid', 'load-host'],
    ['a host that the broker fills as well', { ...good, hostIdlePercent: 1, coLocated: true }, 'valid', null],
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

  test('says nothing of what the broker carries where the generator fell short as well', () => {
    const intervals = intervalsOf(0, 10, (second) => ({ backlog: second * 100, offered: 1_000 }))
    const growing: CellEvidence = { ...good, intervals, offeredMeasured: 10_000 }
    const alone = judge(growing)
    assert.equal(alone.kind, 'unsustainable')
    assert.match(alone.reasons[0]?.text ?? '', /: the broker does not carry this rate, and/)
    for (const [change, kind, code] of [
      [{ eventLoopDelayP99Ms: 60 }, 'invalid', 'event-loop'],
      [{ missedSlots: 7 }, 'invalid', 'missed-slots'],
      [{ floor, handledPerSecond: 9_000 }, 'unsustainable', 'near-ceiling'],
    ] as const) {
      const verdict = judge({ ...growing, ...change })
      assert.equal(verdict.kind, kind)
      const text =
        verdict.reasons.find((reason) => reason.code === 'unsustainable-rate')?.text ?? assert.fail('not said')
      assert.match(text, new RegExp(`whether the broker carries this rate is not known, .* \\(${code}\\)`))
      assert.doesNotMatch(text, /does not carry/)
    }
    const held = judge({ ...good, missedSlots: 7, missedWhileBlocked: true, eventLoopDelayP99Ms: 60 })
    assert.match(held.reasons[0]?.text ?? '', /^7 of 1000 scheduled messages .* is not known/)
  })

  test('says where nothing was counted because nothing came due', () => {
    const silent = { ...good, measuredMessages: 0 }
    const textOf = (evidence: CellEvidence) => judge(evidence).reasons.find(({ code }) => code === 'no-messages')?.text
    assert.match(
      textOf({ ...silent, isOpen: true, offeredMeasured: 0 }) ?? '',
      /^no message came due inside the measur/,
    )
    assert.match(textOf({ ...silent, isOpen: true, offeredMeasured: 9 }) ?? '', /^no message was counted inside/)
    assert.match(textOf({ ...silent, isOpen: false, offeredMeasured: 0 }) ?? '', /^no message was counted inside/)
  })

  test('names the figure and its limit', () => {
    const textOf = (evidence: CellEvidence): string => judge(evidence).reasons[0]?.text ?? ''
    assert.match(textOf({ ...good, eventLoopDelayP99Ms: 7.25 }), /held up for 7\.3 ms at p99, the limit is 5\.0 ms/)
    assert.match(textOf({ ...good, gcPauseMaxMs: 52 }), /paused a thread for 52\.0 ms, the limit is 5\.0 ms/)
    assert.match(textOf({ ...good, stealPercent: 3.14 }), /took 3\.1 % .* the limit is 2 %/)
    assert.match(textOf({ ...good, hostIdlePercent: 8 }), /idle for only 8 % .* the limit is 20 %/)
    assert.match(textOf(withClock({ offsetUsMin: 998, offsetUsMax: 1_004 })), /998\.0 to 1004\.0 us off/)
  })

  test('of the idle share leaves out the cores on which pacers spin', () => {
    assert.equal(idleBesideSpinners(40, 4, 0), 40)
    assert.equal(idleBesideSpinners(40, 4, 2), 80)
    assert.equal(idleBesideSpinners(40, 4, 4), null)
    assert.equal(idleBesideSpinners(null, 4, 1), null)
  })

  test('names the checks that were made, and none that could not be', () => {
    assert.ok(judge(good).checks.includes('generator-lag'))
    assert.ok(judge(good).checks.includes('lossy'))
    const consumersOnly = judge({ ...good, hasProducers: false, isOpen: false })
    assert.deepEqual(consumersOnly.checks, ['connections', 'traffic', 'event-loop', 'garbage-collection', 'load-host'])
    const unknown = { eventLoopDelayP99Ms: null, gcPauseMaxMs: null, stealPercent: null }
    assert.deepEqual(judge({ ...good, ...unknown, hasProducers: false, isOpen: false }).checks, [
      'connections',
      'traffic',
    ])
    assert.ok(!judge({ ...good, hasConsumers: false }).checks.includes('lossy'))
  })
})
