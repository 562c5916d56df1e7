import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'

/** What became of one test; suites are no tests, they are in the path. */
export interface TestOutcome {
  /** Titles from the outermost suite to the test. */
  readonly path: readonly string[]
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped, as printed; empty for a passed test. */
  readonly reason: string
}

/** What became of one test file, run in a process of its own. */
export interface FileOutcome {
  /** Relative to the folder of the compiled tests. */
  readonly file: string
  readonly tests: readonly TestOutcome[]
  readonly seconds: number
  /** What the file wrote, for the reader of its failures. */
  readonly output: string
}

/** How a test file is run. */
export interface RunFileOptions {
  readonly timeoutSeconds: number
  /**
   * Ends the file's process as soon as its last test has, instead of when nothing keeps it alive. For files that cut
   * hundreds of connections: Node 20 can then spin for ever in its own clean-up (nodejs/node issue 47748).
   */
  readonly forceExit: boolean
}

/** Runs one compiled test file; a file that crashes, hangs or has no test in it is one failed test. */
export async function runFile(path: string, root: string, options: RunFileOptions): Promise<FileOutcome> {
  const { timeoutSeconds, forceExit } = options
  const startedMs = performance.now()
  const file = relative(root, path)
  const titles: string[] = []
  const tests: TestOutcome[] = []
  let output = ''
  // Not the runner's own `timeout`: Node 24 gives it to each test, and then waits for a file that something keeps alive.
  const signal = AbortSignal.timeout(timeoutSeconds * 1000)
  const events = run({ files: [path], signal, forceExit }) as AsyncIterable<RunnerEvent>
  for await (const event of events) {
    switch (event.type) {
      case 'test:stdout':
      case 'test:stderr':
        output += event.data.message
        break
      case 'test:start':
        titles.splice(event.data.nesting, Infinity, event.data.name)
        break
      case 'test:pass':
      case 'test:fail': {
        const outcome = outcomeOf(event.type, event.data, titles)
        if (outcome !== null && !isEmptyFile(outcome, path)) tests.push(outcome)
      }
    }
  }
  if (tests.length === 0) tests.push({ path: [file], status: 'failed', reason: 'there is no test in this file' })
  return { file, tests, seconds: (performance.now() - startedMs) / 1000, output }
}

/** The events of node:test that matter here; its own types leave them open. */
type RunnerEvent =
  | { readonly type: 'test:stdout' | 'test:stderr'; readonly data: { readonly message: string } }
  | { readonly type: 'test:start'; readonly data: { readonly name: string; readonly nesting: number } }
  | { readonly type: 'test:pass' | 'test:fail'; readonly data: Verdict }

interface Verdict {
  readonly name: string
  readonly nesting: number
  readonly skip?: string | boolean
  readonly todo?: string | boolean
  readonly details: { readonly type?: string; readonly error?: Error }
}

function outcomeOf(type: 'test:pass' | 'test:fail', data: Verdict, titles: readonly string[]): TestOutcome | null {
  const path = [...titles.slice(0, data.nesting), data.name]
  const suite = data.details.type === 'suite'
  if (type === 'test:pass') {
    if (suite) return null
    const skipped = data.skip ?? data.todo
    if (skipped === undefined || skipped === false) return { path, status: 'passed', reason: '' }
    return { path, status: 'skipped', reason: typeof skipped === 'string' ? skipped : 'no reason given' }
  }
  const error = data.details.error
  // A suite fails with its tests, which were counted; on its own account only when a hook of it failed.
  if (error !== undefined && 'failureType' in error && error.failureType === 'subtestsFailed') return null
  return { path, status: 'failed', reason: error === undefined ? 'no error given' : describeError(error) }
}

function describeError(error: Error): string {
  const cause = error.cause
  return typeof cause === 'string' ? `${cause}${endingOf(error)}` : inspect(cause ?? error, { depth: 4 })
}

/** How the file's process ended, where that is why it failed: who was killed from outside can say nothing else. */
function endingOf(error: Error): string {
  if ('signal' in error && typeof error.signal === 'string') return `: killed by ${error.signal}`
  return 'exitCode' in error && typeof error.exitCode === 'number' ? `: exit code ${error.exitCode}` : ''
}

/** The runner reports a file without tests as one passed test of the file's name. */
function isEmptyFile(outcome: TestOutcome, path: string): boolean {
  return outcome.status === 'passed' && outcome.path.length === 1 && outcome.path[0] === path
}
