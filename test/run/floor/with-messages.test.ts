import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { CellResult } from '../../../src/result/result.ts'
import { withMessages } from '../../../src/run/floor/with-messages.ts'
import { cell } from '../../report/result-builder.ts'

/** Results with these reasons, one after the other: null is a valid one. */
function measuring(...codes: readonly (string | null)[]) {
  const results = codes.map((code): CellResult => {
    const reasons = code === null ? [] : [{ code, text: code, figure: 0, limit: 1 }]
    return cell({}, { verdict: { kind: code === null ? 'valid' : 'failed', reasons, checks: [] } })
  })
  let made = 0
  const measure = (): Promise<CellResult> => Promise.resolve(results[made++] ?? assert.fail('measured too often'))
  return { measure, results, made: () => made }
}

describe('a cell of a floor', () => {
  test('in which the host stood still is measured again', async () => {
    const { measure, results } = measuring('no-messages', 'no-messages', null)
    assert.equal(await withMessages(measure), results[2])
  })

  test('is measured three times at most', async () => {
    const { measure, results } = measuring('no-messages', 'no-messages', 'no-messages')
    assert.equal(await withMessages(measure), results[2])
  })

  test('is measured once where it has messages, or failed for another reason', async () => {
    for (const code of [null, 'connect-failed', 'interrupted']) {
      const { measure, made } = measuring(code)
      await withMessages(measure)
      assert.equal(made(), 1)
    }
  })
})
