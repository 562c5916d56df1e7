/** docs/method/gate-at-work.md is complete: a new reason cannot be forgotten. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { explainedCodes } from '../../../src/report/verdict-help.ts'
import { toolFolder } from '../../../src/run/tool-version.ts'
import { judge } from '../../../src/run/verdict/judge.ts'
import { FAILURE_CASES } from './failure-cases.ts'
import { gatePage } from './gate-page.ts'
import { GENERATOR_CASES } from './generator-cases.ts'
import { LEDGER_CASES } from './ledger-cases.ts'
import type { GateRun } from './run-gate-case.ts'
import { SHOWN_BY_TEST } from './shown-by-test.ts'

const CASES = [...GENERATOR_CASES, ...LEDGER_CASES, ...FAILURE_CASES]
/** Reasons that the page does not show yet. */
const NOT_SHOWN_YET: readonly string[] = []

const page = readFileSync(join(toolFolder(), 'docs/method/gate-at-work.md'), 'utf8')

describe('the page of the gate at work', () => {
  test('has a section for each reason that is explained, and no other', () => {
    const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, code = '']) => code)
    const expected = explainedCodes.filter((code) => !NOT_SHOWN_YET.includes(code))
    assert.deepEqual(headings.toSorted(), expected.toSorted())
  })

  test('is made of one case or test for each of them', () => {
    const codes = [
      ...CASES.flatMap(({ code }) => code ?? []),
      ...SHOWN_BY_TEST.map(({ code }) => code),
      ...NOT_SHOWN_YET,
    ]
    assert.deepEqual(codes.toSorted(), explainedCodes.toSorted())
  })

  test('begins with a run that the gate passes', () => {
    assert.equal(CASES[0]?.code, null)
    assert.match(page, /^## What it passes\n\n[^#]*?\n\$ echo \$\?\n0\n/m)
  })

  test('shows no run that came out otherwise than it should', () => {
    assert.doesNotMatch(page, /did not come out as it should/)
  })

  for (const { code, evidence } of SHOWN_BY_TEST) {
    if (evidence === null) continue
    test(`has the gate say ${code} of the evidence of its test`, () => {
      assert.deepEqual(
        judge(evidence).reasons.map((reason) => reason.code),
        [code],
      )
    })
  }

  test('has command, output, exit code and explanation of each run', () => {
    const run: GateRun = {
      gateCase: { code: 'lossy', kind: 'invalid', story: 'It loses.', words: [] },
      commands: ["brokermark run --target 'embedded:?dropEvery=9'"],
      exitCode: 4,
      printed: ['Cell by cell on embedded:', '*1 Invalid.'],
      verdict: null,
      attempt: 2,
      isAsWanted: false,
    }
    const text = gatePage('today', [run, run], [])
    assert.ok(
      text.includes(
        "```console\n$ brokermark run --target 'embedded:?dropEvery=9'\nCell by cell on embedded:\n*1 Invalid.\n$ echo $?\n4\n```\n\n[What it means](ledger.md#lossy).",
      ),
      text,
    )
    assert.match(text, /It loses\. \*\*It did not come out as it should/)
  })
})
