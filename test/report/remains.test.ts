import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportDocument } from '../../src/report/document.ts'
import { cell, result, targetResult } from './result-builder.ts'

function notesWith(remains: string[]): readonly string[] {
  return reportDocument(result([cell()], { targets: [targetResult({ remains })] }), null).notes
}

test('what could not be removed is named, the first three and how many more', () => {
  const at = 'Left behind on stomp://127.0.0.1:61613'
  const hint = '?management=URL in the target has them deleted.'
  assert.ok(notesWith(['a']).includes(`${at}: a destination (a); ${hint}`))
  assert.ok(notesWith(['a', 'b', 'c']).includes(`${at}: 3 destinations (a, b, c); ${hint}`))
  assert.ok(notesWith(['a', 'b', 'c', 'd', 'e']).includes(`${at}: 5 destinations (a, b, c and 2 more); ${hint}`))
  assert.ok(!notesWith([]).some((note) => note.startsWith('Left behind')))
})
