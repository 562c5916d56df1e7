/** The gate by the second (method.md R1.6): what a bad second among many does to the figures of its cell. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Interval, Latency } from '../../../src/result/result.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import { withheldPercentiles } from '../../../src/run/verdict/seconds.ts'
import { withhold } from '../../../src/run/verdict/withheld.ts'
import { good, latency } from './good-evidence.ts'
import { intervalsOf } from './intervals.ts'

/** Of an hour at 1,000/s. */
const long: Latency = { ...latency, count: 3_600_000, p999: 2_500, p9999: 2_900 }
const lag: Latency = { ...long, p99: 100, p999: 200 }

const QUIET: Partial<Interval> = {
  offered: 1_000,
  skipped: 0,
  generatorLagP99Us: 100,
  eventLoopDelayP99Ms: 1,
  gcPauseMaxMs: 2,
  threadCpuPercentMax: 50,
  stealPercent: 0,
  hostIdlePercent: 60,
}

/** A cell of so many seconds, of which those in `bad` are as `change` says. */
function cell(
  measureSeconds: number,
  bad: readonly number[],
  change: Partial<Interval>,
  more: Partial<CellEvidence> = {},
): CellEvidence {
  return {
    ...good,
    latencyUs: {
      endToEnd: { response: long, service: long },
      publish: { response: long, service: long },
      sendLag: { generator: lag, blocked: { ...lag, max: 0 } },
    },
    measureSeconds,
    constantRatePerSecond: 1_000,
    intervals: intervalsOf(0, measureSeconds, (second) => ({ ...QUIET, ...(bad.includes(second) ? change : {}) })),
    ...more,
  }
}

/** Its response latency is null, and it has no schedule. */
function closed(evidence: CellEvidence): CellEvidence {
  const pair = { response: null, service: long }
  return {
    ...evidence,
    isOpen: false,
    constantRatePerSecond: null,
    latencyUs: { endToEnd: pair, publish: pair, sendLag: null },
    intervals: evidence.intervals.map((second) => ({
      ...second,
      offered: null,
      skipped: null,
      generatorLagP99Us: null,
    })),
  }
}

function codesOf(evidence: CellEvidence): readonly string[] {
  return judge(evidence).reasons.map(({ code }) => code)
}

describe('one bad second', () => {
  const table: readonly [string, Partial<Interval>, string][] = [
    ['in which the generator lagged', { generatorLagP99Us: 1_001 }, 'generator-lag'],
    ['in which the event loop was held up', { eventLoopDelayP99Ms: 5.1 }, 'event-loop'],
    ['with a long pause of the collector', { gcPauseMaxMs: 5.1 }, 'garbage-collection'],
    ['in which fewer messages left than came due', { sent: 989 }, 'send-rate'],
    ['with much CPU stolen', { stealPercent: 7 }, 'steal'],
  ]
  for (const [what, change, code] of table) {
    test(`of a minute ${what} makes an open cell invalid by ${code}`, () => {
      const verdict = judge(cell(60, [30], change))
      assert.equal(verdict.kind, 'invalid')
      assert.deepEqual(
        verdict.reasons.map((reason) => reason.code),
        [code],
      )
      assert.match(verdict.reasons[0]?.text ?? '', /in 1 of 60 measured seconds \(at 31 s\)/)
      assert.ok(verdict.checks.includes('seconds'))
    })

    test(`of an hour ${what} leaves it valid, and withholds what is beyond p99`, () => {
      const evidence = cell(3_600, [30], change)
      const verdict = judge(evidence)
      assert.equal(verdict.kind, 'valid')
      assert.deepEqual(
        verdict.reasons.map((reason) => reason.code),
        ['tail-withheld'],
      )
      assert.deepEqual(withheldPercentiles(evidence), ['p999', 'p9999'])
    })
  }

  test('at its limit is not one', () => {
    const atLimit = { generatorLagP99Us: 1_000, eventLoopDelayP99Ms: 5, gcPauseMaxMs: 5, sent: 990, stealPercent: 2 }
    assert.deepEqual(codesOf(cell(60, [30], { ...atLimit, hostIdlePercent: 20 })), [])
  })

  test('in which the generator was late with a few messages alone reaches p99.9, and p99 of no minute', () => {
    const evidence = cell(60, [30], { generatorLagP999Us: 5_001 })
    assert.equal(judge(evidence).kind, 'valid')
    assert.deepEqual(withheldPercentiles(evidence), ['p999', 'p9999'])
    assert.deepEqual(codesOf(cell(60, [1, 2, 3, 4, 5, 6, 7], { generatorLagP999Us: 5_001 })), ['generator-lag'])
  })

  test('in which the generator sent nothing at all is as long as the others', () => {
    const silent = { offered: 0, sent: 0, confirmed: 0, delivered: 0, generatorLagP99Us: null }
    assert.deepEqual(codesOf(cell(60, [30], silent)), ['send-rate'])
  })

  test('of a short cell is left to the checks of the whole cell', () => {
    const verdict = judge(cell(9, [3], { eventLoopDelayP99Ms: 900, stealPercent: 50, generatorLagP99Us: 9_999 }))
    assert.equal(verdict.kind, 'valid')
    assert.ok(!verdict.checks.includes('seconds'))
  })

  test('of the warm-up is none', () => {
    const evidence = cell(60, [0], { eventLoopDelayP99Ms: 900 })
    const intervals = evidence.intervals.map((second, place) =>
      place === 0 ? { ...second, phase: 'warm-up' as const } : second,
    )
    assert.deepEqual(codesOf({ ...evidence, intervals }), [])
  })
})

describe('seconds', () => {
  test('say how many, which, the worst figure and its limit', () => {
    const evidence = cell(60, [5, 6, 7, 20], { generatorLagP99Us: 45_000 })
    const [reason] = judge(evidence).reasons
    assert.equal(
      reason?.text,
      'the generator itself sent late in 4 of 60 measured seconds (at 6, 7, 8 s and 1 more): 45.0 ms at p99 at worst, the limit is 1.0 ms at p99; these seconds hold 6.7 % of the messages, and p99 bears 0.1 %',
    )
    assert.deepEqual([reason.figure, reason.limit], [45_000, 1_000])
  })

  test('that two checks blame count once, and those of different checks together', () => {
    const both = cell(3_600, [1, 2, 3], { eventLoopDelayP99Ms: 50, gcPauseMaxMs: 50 })
    assert.deepEqual(codesOf(both), ['tail-withheld'])
    const intervals = both.intervals.map((second, place) => (place === 9 ? { ...second, stealPercent: 90 } : second))
    assert.deepEqual(codesOf({ ...both, intervals }), ['event-loop', 'garbage-collection', 'steal'])
  })

  test('of a percentile that is not there withhold nothing and say nothing', () => {
    const few = { ...long, p999: null, p9999: null }
    const latencyUs = { ...cell(60, [], {}).latencyUs, endToEnd: { response: few, service: few }, publish: null }
    assert.deepEqual(codesOf(cell(3_600, [30], { eventLoopDelayP99Ms: 50 }, { latencyUs })), [])
  })

  test('in which the broker held messages back do not ask how many left', () => {
    const latencyUs = { ...cell(60, [], {}).latencyUs, sendLag: { generator: lag, blocked: { ...lag, max: 400_000 } } }
    assert.deepEqual(codesOf(cell(60, [30], { sent: 500 }, { latencyUs })), [])
  })

  test('of a closed model on the broker inside are not judged, those of an open one not for pauses', () => {
    const bad = { eventLoopDelayP99Ms: 50, gcPauseMaxMs: 50 }
    const inside = cell(60, [30], { ...bad, stealPercent: 50 }, { isEmbedded: true })
    assert.deepEqual(codesOf(closed(inside)), [])
    assert.deepEqual(codesOf(cell(60, [30], bad, { isEmbedded: true })), [])
    assert.deepEqual(codesOf(cell(60, [30], { generatorLagP99Us: 2_000 }, { isEmbedded: true })), ['generator-lag'])
  })

  test('of a closed model are not judged for pauses either', () => {
    assert.deepEqual(codesOf(closed(cell(60, [30], { eventLoopDelayP99Ms: 50, gcPauseMaxMs: 50 }))), [])
  })

  test('without CPU to spare condemn only a generator that has its host to itself', () => {
    const bad = [30, 31, 32]
    assert.deepEqual(codesOf(cell(60, bad, { hostIdlePercent: 5 })), ['load-host'])
    assert.deepEqual(codesOf(cell(60, bad, { hostIdlePercent: 5 }, { coLocated: true })), [])
    assert.deepEqual(codesOf(cell(60, bad, { hostIdlePercent: 5 }, { spinningThreads: 1, hostCores: 4 })), [
      'load-host',
    ])
    assert.deepEqual(codesOf(cell(60, bad, { hostIdlePercent: 16 }, { spinningThreads: 1, hostCores: 4 })), [])
  })

  test('with CPU stolen are judged with their neighbours, for the kernel counts in ticks', () => {
    assert.deepEqual(codesOf(cell(60, [30], { stealPercent: 6 })), [])
    assert.deepEqual(codesOf(cell(60, [30, 31], { stealPercent: 4 })), ['steal'])
  })

  test('of a closed model with CPU stolen withhold its p99, and condemn its rate beyond a tenth', () => {
    const bad = (count: number) => Array.from({ length: count }, (_, place) => 10 + place)
    const few = closed(cell(60, bad(2), { stealPercent: 20 }))
    assert.equal(judge(few).kind, 'valid')
    assert.deepEqual(withheldPercentiles(few), ['p90', 'p99', 'p999', 'p9999'])
    const many = judge(closed(cell(60, bad(7), { stealPercent: 20 })))
    assert.equal(many.kind, 'invalid')
    assert.match(many.reasons[0]?.text ?? '', /hold 12 % of the messages, and the rate bears 10 %$/)
  })

  test('in which a thread had no time left condemn a closed rate beyond a tenth of them, and withhold nothing', () => {
    const busy = { threadCpuPercentMax: 97 }
    const six = closed(cell(60, [0, 1, 2, 3, 4, 5], busy))
    assert.deepEqual(codesOf(six), [])
    assert.deepEqual(withheldPercentiles(six), [])
    assert.deepEqual(codesOf(closed(cell(60, [0, 1, 2, 3, 4, 5, 6], busy))), ['generator-bound'])
  })

  test('that nobody watched are not judged', () => {
    const verdict = judge({ ...cell(60, [], {}), constantRatePerSecond: null, intervals: intervalsOf(0, 60) })
    assert.ok(!verdict.checks.includes('seconds'))
  })
})

describe('a percentile', () => {
  test('that is withheld is null in every latency with the broker in it, and not in the send lag', () => {
    const { latencyUs } = cell(60, [], {})
    const without = withhold(latencyUs, ['p999', 'p9999'])
    for (const pair of [without.endToEnd, without.publish]) {
      for (const one of [pair?.response, pair?.service]) {
        assert.deepEqual([one?.p99, one?.p999, one?.p9999, one?.max], [2_000, null, null, 3_000])
      }
    }
    assert.deepEqual(without.sendLag, latencyUs.sendLag)
  })
})

describe("the collector's longest pause", () => {
  test('condemns a cell of which nothing is known by the second, and not an hour of which it is', () => {
    assert.deepEqual(codesOf({ ...cell(3_600, [], {}), gcPauseMaxMs: 50, intervals: [] }), ['garbage-collection'])
    assert.deepEqual(codesOf(cell(3_600, [7], { gcPauseMaxMs: 50 }, { gcPauseMaxMs: 50 })), ['tail-withheld'])
  })
})
