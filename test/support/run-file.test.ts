import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { TestOutcome } from './run-file.ts'

describe('running one test file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'brokermark-run-file-'))
  after(() => rmSync(directory, { recursive: true }))

  test('passed, failed and skipped tests come with their path and reason', async () => {
    const tests = await outcomesOf(`
      describe('suite', () => {
        test('good', () => {})
        test('bad', () => { throw new Error('boom') })
        test('later', (context) => context.skip('capability topics: none'))
      })`)
    assert.deepEqual(
      tests.map(({ path, status }) => [path.join(' > '), status]),
      [
        ['suite > good', 'passed'],
        ['suite > bad', 'failed'],
        ['suite > later', 'skipped'],
      ],
    )
    assert.match(tests[1]?.reason ?? '', /boom/)
    assert.equal(tests[2]?.reason, 'capability topics: none')
  })

  test('a failing before hook fails the suite and every test in it', async () => {
    const tests = await outcomesOf(`
      describe('suite', () => {
        before(() => { throw new Error('the broker did not start') })
        test('never run', () => {})
      })`)
    assert.deepEqual([...new Set(tests.map(({ status }) => status))], ['failed'])
    assert.ok(tests.some(({ reason }) => reason.includes('the broker did not start')))
  })

  test('a file that crashes is a failed test', async () => {
    const tests = await outcomesOf(`throw new Error('crash')`)
    assert.deepEqual(statuses(tests), ['failed'])
    assert.match(tests[0]?.reason ?? '', /exit code 1$/)
  })

  test('a file whose process is killed is a failed test that names the signal', async () => {
    const tests = await outcomesOf(`process.kill(process.pid, 'SIGKILL')`)
    assert.match(tests[0]?.reason ?? '', /killed by SIGKILL$/)
  })

  test('a file without a test is a failed test', async () => {
    assert.deepEqual(statuses(await outcomesOf('')), ['failed'])
  })

  test('a file that hangs is a failed test once its time is up', async () => {
    const hanging = `test('hangs', () => new Promise(() => setInterval(() => {}, 1000)))`
    assert.deepEqual(statuses(await outcomesOf(hanging, 1)), ['failed'])
  })

  async function outcomesOf(body: string, timeoutSeconds = 600): Promise<readonly TestOutcome[]> {
    const path = join(directory, 'example.test.mjs')
    writeFileSync(path, `import { before, describe, test } from 'node:test'\n${body}\n`)
    return runInProcessOfItsOwn(path, timeoutSeconds)
  }
})

/** node:test refuses to run test files from within one, which it knows by its environment. */
async function runInProcessOfItsOwn(path: string, timeoutSeconds: number): Promise<readonly TestOutcome[]> {
  const runner = join(dirname(path), 'runner.mjs')
  writeFileSync(
    runner,
    `import { runFile } from ${JSON.stringify(new URL('./run-file.js', import.meta.url).href)}
    const { tests } = await runFile(${JSON.stringify(path)}, '', { timeoutSeconds: ${timeoutSeconds}, forceExit: false })
    console.log(JSON.stringify(tests))`,
  )
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT'))
  const { stdout } = await promisify(execFile)(process.execPath, [runner], { env })
  return JSON.parse(stdout) as TestOutcome[]
}

function statuses(tests: readonly TestOutcome[]): string[] {
  return tests.map(({ status }) => status)
}
