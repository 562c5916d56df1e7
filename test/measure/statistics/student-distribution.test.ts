import assert from 'node:assert/strict'
import { test } from 'node:test'
import { studentQuantile } from '../../../src/measure/statistics/student-distribution.ts'

test("Student's quantiles are those of the tables from 3 degrees of freedom on", () => {
  const tables = [
    [3, 3.182],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
  ] as const
  for (const [degrees, t] of tables) {
    const found = studentQuantile(1.959964, degrees)
    assert.ok(Math.abs(found / t - 1) < 0.01, `${degrees}: ${found}`)
  }
  assert.equal(studentQuantile(1.96, Infinity), 1.96)
})
