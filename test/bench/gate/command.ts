/** The compiled command line in a process of its own, as a user starts it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** `main.js` beside the compiled benchmark, in whatever folder it was compiled to. */
const MAIN = fileURLToPath(new URL('../../../src/main.js', import.meta.url))

export interface Command {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number | null>
}

/** @param folder where it is started; its caches go there too. */
export function startCommand(words: readonly string[], folder: string): Command {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}
