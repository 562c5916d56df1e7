import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { LaunchError } from './launched-broker.ts'
import type { ProgramStart } from './prepared-broker.ts'

const LOG_TAIL_BYTES = 64 * 1024
const SETPRIV = '/usr/bin/setpriv'

/** A child in a process group of its own, writing to a log file, that never outlives this process. */
export interface BrokerProcess {
  readonly pid: number
  /** How it ended, in words (`was killed by SIGKILL`); null while it runs. */
  ended(): string | null
  /** The same words, once it has ended. Never rejects. */
  readonly end: Promise<string>
  log(): string
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL to the whole group after the deadline; resolves when it is gone. */
  stop(deadlineMs: number): Promise<void>
}

/** @throws LaunchError `missing` when the executable is not there */
export async function startProcess(program: ProgramStart, directory: string, logPath: string): Promise<BrokerProcess> {
  // A file and not a pipe: a busy parent would stall a broker that logs into a full pipe.
  const logFd = openSync(logPath, 'a')
  const [executable, args] = dyingWithParent(program)
  const child = spawn(executable, args, {
    cwd: directory,
    env: { ...process.env, ...program.env },
    stdio: ['ignore', logFd, logFd],
    // Ctrl-C in a terminal goes to the whole foreground group: the run must end in order before its broker does.
    detached: true,
  })
  closeSync(logFd)
  const pid = await spawned(child, program.executable)
  children.add(child)
  watchParent()
  let lastLog = ''
  const log = (): string => {
    try {
      lastLog = tailOf(logPath)
    } catch {
      // After `stop` the file is gone, and what it held last is still wanted for an error message.
    }
    return lastLog
  }
  const end = new Promise<string>((resolve) => {
    child.once('exit', () => {
      children.delete(child)
      // Now or never: once the group is empty its number may be somebody else's.
      killGroup(child)
      log()
      resolve(endingOf(child) ?? 'ended')
    })
  })
  return {
    pid,
    log,
    end,
    ended: () => endingOf(child),
    kill: (signal) => child.kill(signal),
    stop: async (deadlineMs) => {
      if (endingOf(child) === null) {
        child.kill('SIGTERM')
        // A broker stopped by SIGSTOP would never see the request.
        child.kill('SIGCONT')
        const deadline = new AbortController()
        await Promise.race([end, delay(deadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined)])
        deadline.abort()
        if (endingOf(child) === null) killGroup(child)
      }
      await end
      log()
    },
  }
}

/** On Linux the kernel itself kills the child when this process is gone, even by SIGKILL. */
function dyingWithParent(program: ProgramStart): [string, string[]] {
  return process.platform === 'linux' && existsSync(SETPRIV)
    ? [SETPRIV, ['--pdeathsig', 'KILL', program.executable, ...program.args]]
    : [program.executable, [...program.args]]
}

function spawned(child: ChildProcess, executable: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.once('error', (cause) => reject(new LaunchError('missing', `cannot run ${executable}`, { cause })))
  })
}

function endingOf(child: ChildProcess): string | null {
  if (child.signalCode !== null) return `was killed by ${child.signalCode}`
  return child.exitCode === null ? null : `ended with exit code ${child.exitCode}`
}

function tailOf(path: string): string {
  const fd = openSync(path, 'r')
  try {
    const size = fstatSync(fd).size
    const tail = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES))
    const read = readSync(fd, tail, 0, tail.length, size - tail.length)
    return tail.toString('utf8', 0, read)
  } finally {
    closeSync(fd)
  }
}

const children = new Set<ChildProcess>()
let watching = false

/** Kills what is left at our own end; a signal that somebody else handles is left to them, and ends in `exit` too. */
function watchParent(): void {
  if (watching) return
  watching = true
  process.on('exit', killAll)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const onSignal = (): void => {
      if (process.listenerCount(signal) > 1) return
      killAll()
      process.removeListener(signal, onSignal)
      process.kill(process.pid, signal)
    }
    process.on(signal, onSignal)
  }
}

function killAll(): void {
  for (const child of children) killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody is left in the group: that is what was wanted.
  }
}
