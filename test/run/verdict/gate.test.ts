/** The checks of the validity gate that look at the course of a cell (method.md R1.6, R1.8, R3.1, R5.6). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { generatorBound } from '../../../src/run/verdict/generator-bound.ts'
import { steadyState } from '../../../src/run/verdict/steady-state.ts'
import { unsustainable } from '../../../src/run/verdict/unsustainable.ts'
import type { CellEvidence } from '../../../src/run/verdict/evidence.ts'
import type { Finding } from '../../../src/run/verdict/finding.ts'
import { SeededRandom } from '../../../src/workload/seeded-random.ts'
import { intervalsOf } from './intervals.ts'

function evidence(change: Partial<CellEvidence>): CellEvidence {
  return {
    hasConsumers: true,
    measureSeconds: 10,
    isEmbedded: false,
    closedLoop: null,
    threadBusyPercentMax: null,
    ...change,
  } as CellEvidence
}

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ reasons }) => reasons.map(({ code }) => code))
}

/** A factor near 1, of 3 % noise. */
function noisy(seed: number): () => number {
  const random = new SeededRandom(seed)
  return () => 1 + 0.03 * random.normal()
}

describe('R1.8: an offered rate', () => {
  const offered = { offeredMeasured: 60_000, measureSeconds: 10 }

  test('above capacity is unsustainable: 6,000/s at a broker of 5,000/s', () => {
    const intervals = intervalsOf(2, 10, (second) => ({ backlog: second * 1_000 }))
    const [finding] = unsustainable(evidence({ ...offered, intervals }))
    assert.equal(finding?.kind, 'unsustainable')
    assert.deepEqual(codes([finding]), ['unsustainable-rate'])
    assert.match(finding.reasons[0]?.text ?? '', /grew by 1000 messages each second at an offered 6000 per second/)
    assert.equal(finding.reasons[0]?.limit, 60)
  })

  test('that leaves a backlog which comes and goes is sustained', () => {
    const intervals = intervalsOf(2, 10, (second) => ({ backlog: second % 2 === 0 ? 4_000 : 10 }))
    const findings = unsustainable(evidence({ ...offered, intervals }))
    assert.deepEqual(codes(findings), [])
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['backlog'],
    )
  })

  test('of a short cell is not judged', () => {
    const intervals = intervalsOf(2, 9, (second) => ({ backlog: second * 1_000 }))
    assert.deepEqual(unsustainable(evidence({ ...offered, intervals })), [])
  })
})

describe('R3.1: a cell', () => {
  const verdictOn = (change: Parameters<typeof intervalsOf>[2], warmup = 10, measured = 60) =>
    steadyState(evidence({ intervals: intervalsOf(warmup, measured, change) }))

  test('with a rate that only scatters is steady', () => {
    const noise = noisy(3)
    assert.deepEqual(codes(verdictOn(() => ({ delivered: 1_000 * noise() }))), [])
  })

  test('whose rate rises all the time is not', () => {
    const noise = noisy(4)
    assert.ok(
      codes(verdictOn((second) => ({ delivered: 1_000 * noise() * (1 + second / 100) }))).includes('not-steady'),
    )
  })

  test('whose median latency creeps up is not', () => {
    const noise = noisy(5)
    const found = codes(verdictOn((second) => ({ p50Us: 500 * noise() * (1 + second / 200) })))
    assert.ok(found.includes('not-steady'))
  })

  test('that warms up for longer than its warm-up is told how long it has to be', () => {
    const noise = noisy(6)
    const [finding] = verdictOn((second) => ({ delivered: (second < 25 ? 600 : 1_000) * noise() }))
    assert.equal(finding?.kind, 'not-steady')
    const reason = finding.reasons.find(({ code }) => code === 'warm-up-too-short')
    assert.ok(reason !== undefined && (reason.figure ?? 0) >= 25 && (reason.figure ?? 0) <= 30, String(reason?.figure))
    assert.match(reason.text, /set phases\.warmupSeconds to (25|30) or more/)
  })

  test('that a number of messages ends is not judged by the rest behind its last second, however short it is', () => {
    for (const rest of [
      { seconds: 0, delivered: 0 },
      { seconds: 0, delivered: 3 },
      { seconds: 0.002, delivered: 30 },
    ]) {
      const noise = noisy(3)
      const change = (second: number) => (second === 69 ? rest : { delivered: 1_000 * noise() })
      assert.deepEqual(codes(verdictOn(change)), [])
      const late = (second: number) => (second === 69 ? rest : { delivered: (second < 25 ? 600 : 1_000) * noise() })
      assert.ok(codes(verdictOn(late)).includes('warm-up-too-short'))
    }
  })

  test('under fifty measured seconds is not judged', () => {
    assert.deepEqual(
      verdictOn((second) => ({ delivered: second * 100 }), 5, 49),
      [],
    )
  })
})

describe('R5.6: a closed model', () => {
  test('whose messages spend their cycle with the broker is the broker’s', () => {
    const closedLoop = { inFlight: 32, ratePerSecond: 65_700, meanLatencyUs: 480 }
    assert.deepEqual(codes(generatorBound(evidence({ closedLoop }))), [])
  })

  test('of the K = 32 prototype is generator-bound: 40 % of each cycle is the client’s', () => {
    const closedLoop = { inFlight: 32, ratePerSecond: 65_700, meanLatencyUs: 290 }
    const finding = generatorBound(evidence({ closedLoop }))[0] ?? assert.fail('no finding')
    assert.deepEqual(codes([finding]), ['generator-bound'])
    assert.equal(finding.kind, 'invalid')
    assert.match(finding.reasons[0]?.text ?? '', /^40 % of each message's cycle/)
  })

  test('is not judged where the messages in flight at its ends weigh too much', () => {
    const slow = { inFlight: 40, ratePerSecond: 132, meanLatencyUs: 200_000 }
    assert.deepEqual(codes(generatorBound(evidence({ closedLoop: slow }))), [])
    const closedLoop = { inFlight: 32, ratePerSecond: 65_700, meanLatencyUs: 290 }
    assert.deepEqual(generatorBound(evidence({ closedLoop, threadBusyPercentMax: 99, measureSeconds: 4.9 })), [])
  })

  test('with a thread that has no time left is generator-bound, unless the broker is the one inside', () => {
    assert.deepEqual(codes(generatorBound(evidence({ threadBusyPercentMax: 90 }))), [])
    assert.deepEqual(codes(generatorBound(evidence({ threadBusyPercentMax: 91 }))), ['generator-bound'])
    assert.deepEqual(generatorBound(evidence({ threadBusyPercentMax: 91, isEmbedded: true })), [])
  })
})
