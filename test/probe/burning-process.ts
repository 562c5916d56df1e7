/** Child processes that use CPU until they have used enough of it, say how much, and stay until they are ended. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

const started: ChildProcess[] = []

after(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** JavaScript that burns `cpuMs` of its own CPU time, children not counted. */
export const burn = (cpuMs: number): string => `
  const usedUs = () => { const { user, system } = process.cpuUsage(); return user + system }
  for (const end = usedUs() + ${cpuMs} * 1000; usedUs() < end; );`

export interface StartedProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** The next line that it prints, as JSON. */
  nextLine(): Promise<unknown>
  /** Writes a line to its stdin. */
  say(line: string): void
}

/** Starts Node on `script`; killed after the tests of the file. @param execPath another name for the same program. */
export function startNode(script: string, execPath = process.execPath): StartedProcess {
  const child = spawn(execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    pid: child.pid ?? 0,
    nextLine: async () => JSON.parse(String((await lines.next()).value)) as unknown,
    say: (line) => child.stdin.write(`${line}\n`),
  }
}
