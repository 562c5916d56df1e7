/** Runs the compiled command line as a user does: a process of its own, in a folder of its own. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/** `main.js` beside the compiled tests, in whatever folder they were compiled to. */
export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  /** A shell prefix such as `ulimit -n 64;`. */
  readonly prefix?: string
  /** What has to be on stderr for `signal` to be sent, once. */
  readonly interruptAt?: RegExp
  /** Default SIGINT. */
  readonly signal?: 'SIGINT' | 'SIGKILL'
  /** Called with all of stderr so far, whenever more has come, and with the process. */
  readonly onStderr?: (stderr: string, pid: number) => void
  /** The signal is for the command and all processes that it started, as Ctrl-C in a terminal is. */
  readonly toGroup?: boolean
  /** `run` measures the floor first (default: not, which takes seconds and leaves a file in the user's cache). */
  readonly floor?: boolean
}

/** A folder that is removed after the test. */
export function scratchFolder(test: TestContext): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'brokermark-cli-'))
  test.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Resolves when the process has ended; never rejects for its exit code. */
export function brokermark(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd = tmpdir(), environment = {}, prefix = '', floor = false } = options
  const [command, ...rest] = words
  const given = command === 'run' && !floor ? [command, '--no-floor', ...rest] : words
  const script = `${prefix} exec "$0" "$@"`
  const child = spawn('sh', ['-c', script, process.execPath, MAIN, ...given], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.toGroup === true,
  })
  const { pid } = child
  if (pid === undefined) throw new Error('sh could not be started')
  let stdout = ''
  let stderr = ''
  let interrupted = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    options.onStderr?.(stderr, pid)
    if (options.interruptAt === undefined || interrupted || !options.interruptAt.test(stderr)) return
    interrupted = true
    process.kill(options.toGroup === true ? -pid : pid, options.signal ?? 'SIGINT')
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
