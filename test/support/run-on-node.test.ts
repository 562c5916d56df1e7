import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { runOnNode } from './run-on-node.ts'

function says(script: string): ReturnType<typeof runOnNode> {
  return runOnNode(process.execPath, ['-e', script])
}

describe('the tests on another Node', () => {
  test('are counted by the last line of their runner', async () => {
    const { output, counts } = await says(
      "console.log('9 passed, 9 failed, 9 skipped\\n3 passed, 0 failed, 1 skipped')",
    )
    assert.deepEqual(counts, { passed: 3, failed: 0, skipped: 1 })
    assert.match(output, /^9 passed/)
  })

  test('have failed where they say so', async () => {
    const { counts } = await says("console.log('3 passed, 2 failed, 1 skipped'); process.exit(1)")
    assert.deepEqual(counts, { passed: 3, failed: 2, skipped: 1 })
  })

  test('are one failure where the runner dies after it has counted, before, or never runs', async () => {
    const died = await says("console.log('3 passed, 0 failed, 1 skipped'); process.exitCode = 7")
    assert.deepEqual(died.counts, { passed: 3, failed: 1, skipped: 1 })
    assert.match(died.output, /ended with exit code 7/)
    assert.deepEqual((await says('')).counts, { passed: 0, failed: 1, skipped: 0 })
    assert.deepEqual((await runOnNode('/nowhere/node', [])).counts, { passed: 0, failed: 1, skipped: 0 })
  })

  test('start their own Node where they start `node`', async () => {
    const { output } = await says(
      "const { execFileSync } = require('child_process'); console.log(String(execFileSync('node', ['-p', 'process.execPath'])))",
    )
    assert.equal(output.trim(), process.execPath)
  })
})
