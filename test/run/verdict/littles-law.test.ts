/** What the gate makes of Little's law in an open model (method.md R1.6, R5.6). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LittlesLaw } from '../../../src/result/result.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import { good } from './good-evidence.ts'

const law: LittlesLaw = {
  flow: 'endToEnd',
  inFlightMean: 50,
  expectedInFlight: 50,
  latencyMeanUs: 50_000,
  deviation: 0,
  uncertainty: 0.04,
  limit: 0.1,
  readings: 1_000,
  judged: true,
}

const verdictOn = (change: Partial<LittlesLaw>) => judge({ ...good, littlesLaw: { ...law, ...change } })

describe("R1.6: Little's law", () => {
  test('is kept up to 10 % beyond its own uncertainty, on either side', () => {
    for (const deviation of [0, 0.14, -0.14]) {
      const verdict = verdictOn({ deviation })
      assert.equal(verdict.kind, 'valid')
      assert.ok(verdict.checks.includes('littles-law'))
    }
    for (const deviation of [0.15, -0.15]) {
      const verdict = verdictOn({ deviation })
      assert.equal(verdict.kind, 'invalid')
      assert.deepEqual(
        verdict.reasons.map(({ code, figure, limit }) => [code, figure, limit]),
        [['littles-law', 0.15, 0.1]],
      )
    }
  })

  test('is not asked where the figure decides nothing, where there is none, and in a closed model', () => {
    const without = (checks: readonly string[]) => assert.ok(!checks.includes('littles-law'))
    const open = verdictOn({ deviation: 0.9, judged: false })
    assert.equal(open.kind, 'valid')
    without(open.checks)
    without(judge(good).checks)
    without(judge({ ...good, isOpen: false, littlesLaw: law }).checks)
  })

  test('tells what the latencies have from what they lack', () => {
    const [lacking] = verdictOn({ inFlightMean: 60, deviation: 1 / 6 }).reasons
    assert.match(
      lacking?.text ?? '',
      /: 60\.0 were in flight on average, rate times latency says 50\.0; each took 60\.00 ms by the counters and 50\.00 ms by its latency, 10\.00 ms of it in no latency, .* \(17 % apart, known to 4\.0 %\)$/,
    )
    const [having] = verdictOn({ inFlightMean: 40, deviation: -0.2 }).reasons
    assert.match(
      having?.text ?? '',
      /each took 40\.00 ms .* 10\.00 ms of its latency passed in the client .* \(20 % apart/,
    )
  })
})
