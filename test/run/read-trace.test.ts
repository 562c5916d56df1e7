import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readTrace } from '../../src/run/read-trace.ts'
import { UsageError } from '../../src/workload/problem.ts'
import { scratchFolder } from '../result/scratch-folder.ts'

function traceOf(text: string): Float64Array {
  const path = join(scratchFolder(), 'trace.csv')
  writeFileSync(path, text)
  return readTrace(path)
}

function refusalOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof UsageError) return error.problems.map(({ text }) => text.replace(/\/\S*\//, '')).join('\n')
  }
  return 'was read'
}

test('a trace is one time a line, with comments and further columns passed over', () => {
  assert.deepEqual([...traceOf('# seconds\n0\n0.5,login\n\n0.5 logout\r\n 2e1\n')], [0, 5e5, 5e5, 2e7])
})

test('a trace that goes back, holds no numbers, nothing at all or is not there, is refused with one sentence', () => {
  const wrong = (line: number) => `line ${line} of trace.csv is no time in seconds that is not before the one above it`
  assert.equal(
    refusalOf(() => traceOf('0\n5\n4\n')),
    wrong(3),
  )
  assert.equal(
    refusalOf(() => traceOf('time\n')),
    wrong(1),
  )
  assert.equal(
    refusalOf(() => traceOf('-1\n')),
    wrong(1),
  )
  assert.equal(
    refusalOf(() => traceOf('# nothing\n')),
    'trace.csv holds no times',
  )
  assert.equal(
    refusalOf(() => readTrace('/nowhere/trace.csv')),
    'cannot read the trace trace.csv (ENOENT)',
  )
})
