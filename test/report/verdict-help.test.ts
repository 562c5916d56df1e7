import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { verdictTable } from '../../src/report/verdict-table.ts'
import { explainedCodes, helpFor, helpRemarks } from '../../src/report/verdict-help.ts'
import { toolFolder } from '../../src/run/tool-version.ts'
import { sourceFiles } from '../support/source-files.ts'
import { twoTargets } from './example-results.ts'

/** What the code of the verdict says: `code: 'x'`, `const code = b ? 'x' : 'y'`, and what is handed to none() and reason(). Printed code has double quotes. */
function codesOfVerdicts(): string[] {
  const literals = /\bcode(?::| =)\s([^\n;,]*)|\b(?:none|reason)\(\s*(?:[\w.]+,\s*)?("[^"]*")/g
  return sourceFiles('src/run/verdict').flatMap(({ code }) =>
    [...code.matchAll(literals)].flatMap(([, assigned, handed]) =>
      [...(assigned ?? handed ?? '').matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)].flatMap(([, literal]) => literal ?? []),
    ),
  )
}

/** Flags of points, which repetitions and sentinels raise. */
function codesOfFlags(): string[] {
  return sourceFiles('src/result').flatMap(({ code }) =>
    [...code.matchAll(/^ +code: "([a-z-]+)",$/gm)].flatMap(([, literal]) => literal ?? []),
  )
}

/** The kinds of error at the seam, which a cell that failed carries as `broker-KIND`. */
function codesOfFailures(): string[] {
  const text = readFileSync(join(toolFolder(), 'src/driver/driver-error.ts'), 'utf8')
  return [...text.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, kind]) => `broker-${String(kind)}`)
}

describe('the explanation of a verdict', () => {
  const produced = [
    ...codesOfVerdicts(),
    ...codesOfFlags(),
    ...codesOfFailures(),
    'worker-died',
    'worker-hung',
    'client-process-died',
    'interrupted',
  ]

  test('is there for every reason that a verdict can give', () => {
    // That the sources are read at all: one code of each way of writing them.
    for (const code of [
      'below-floor',
      'missed-slots',
      'lossy',
      'not-drained',
      'skipped-slots',
      'broker-closed',
      'noisy',
    ]) {
      assert.ok(produced.includes(code), code)
    }
    assert.deepEqual(
      produced.filter((code) => helpFor(code) === null),
      [],
    )
  })

  test('is of no reason that nothing gives', () => {
    assert.deepEqual(
      explainedCodes.filter((code) => !produced.includes(code)),
      [],
    )
  })

  for (const code of explainedCodes) {
    test(`of ${code} is a heading of its page`, () => {
      const [path = '', anchor] = helpFor(code)?.split('#') ?? []
      assert.ok(existsSync(join(toolFolder(), path)), path)
      assert.equal(anchor, code)
      assert.ok(readFileSync(join(toolFolder(), path), 'utf8').split('\n').includes(`### ${code}`), `${path}: ${code}`)
    })
  }

  test('is named once for a table, and not at all for a reason of another version', () => {
    const reason = (code: string) => ({ code, text: 'x', figure: null, limit: null })
    const cell = (...codes: string[]) => ({
      verdict: { kind: 'invalid' as const, reasons: codes.map(reason), checks: [] },
    })
    assert.deepEqual(helpRemarks([cell('lossy', 'clock'), cell('lossy')]), [
      'What this means: docs/method/ledger.md#lossy, docs/method/clock.md#clock',
    ])
    assert.deepEqual(helpRemarks([cell(), cell('of-tomorrow')]), [])
  })

  test('stands under the verdicts of the page too', () => {
    assert.match(
      verdictTable(twoTargets()).remarks.join('\n'),
      /^What this means: docs\/method\/generator\.md#generator-lag, docs\/method\/failures\.md#broker-closed$/m,
    )
  })
})
