import { spawn } from 'node:child_process'
import { dirname, delimiter } from 'node:path'
import { lastCounts, type Counts } from './run-report.ts'

/** What a test runner on another Node wrote, and the counts of its last line. */
export interface OtherRun {
  readonly output: string
  readonly counts: Counts
}

/**
 * Runs a test runner on another Node and waits for its end. One that ends badly without a failed test, or before it has
 * counted, is one failed test.
 * @param node path of the executable; what the tests start as `node` is it too.
 */
export async function runOnNode(node: string, args: readonly string[]): Promise<OtherRun> {
  const child = spawn(node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const end = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `ended with ${signal ?? `exit code ${code ?? -1}`}`),
    )
  })
  const counts = lastCounts(output)
  const failed = end === '' ? counts.failed : Math.max(1, counts.failed)
  return { output: end === '' ? output : `${output}${end}\n`, counts: { ...counts, failed } }
}
