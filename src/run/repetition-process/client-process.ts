import { fork, type ChildProcess } from 'node:child_process'
import type { RepetitionPlan } from '../repetition.ts'
import type { FromRepetition, ToRepetition } from './messages.ts'

/** How long a client process may take to end in order once it is told to: a drain, and the closing of its connections. */
const ABORT_DEADLINE_MS = 60_000

/** Options of Node that are for the process that was started with them alone: a debugger's port, a test runner's flags. */
const OWN_OPTIONS = /^--(inspect|watch|test|eval|print)|^-[ep]$/

/** How a client process came to its end. */
export type ProcessEnd =
  | { readonly kind: 'said'; readonly message: FromRepetition & { readonly kind: 'ended' | 'threw' } }
  /** `it was ended by SIGKILL`, `it ended with exit code 1`. */
  | { readonly kind: 'died'; readonly why: string }

export interface ClientProcess {
  /** Resolves when the process is gone and all that it had said was heard. Never rejects. */
  readonly end: Promise<ProcessEnd>
  stored(): void
  /** Lets it drain what is under way; one that does not end in time is killed. Idempotent. */
  abort(): void
}

/**
 * Starts a client process on a repetition. It ends with this process, however that ends.
 * @param hear called with every report and every cell, in order; must not throw.
 */
export function startClientProcess(
  plan: RepetitionPlan,
  hear: (message: FromRepetition & { readonly kind: 'report' | 'cell' }) => void,
): ClientProcess {
  const child = fork(new URL('./main.js', import.meta.url), [], {
    // Structured clone, because the plan and the figures are more than JSON.
    serialization: 'advanced',
    execArgv: process.execArgv.filter((option) => !OWN_OPTIONS.test(option)),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let last: (FromRepetition & { readonly kind: 'ended' | 'threw' }) | null = null
  child.on('message', (message: FromRepetition) => {
    if (message.kind === 'ended' || message.kind === 'threw') last = message
    else hear(message)
  })
  const end = gone(child).then((why): ProcessEnd =>
    last === null ? { kind: 'died', why } : { kind: 'said', message: last },
  )
  post(child, { kind: 'run', plan })
  let deadline: NodeJS.Timeout | null = null
  // It would hear of the end by itself, unless it hangs.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  void end.then(() => {
    process.off('exit', kill)
    clearTimeout(deadline ?? undefined)
  })
  return {
    end,
    stored: () => post(child, { kind: 'stored' }),
    abort: () => {
      if (deadline !== null) return
      deadline = setTimeout(kill, ABORT_DEADLINE_MS)
      post(child, { kind: 'abort' })
    },
  }
}

/** Resolves with the reason. Messages may still be on their way when a process has exited: the channel closes after them. */
async function gone(child: ChildProcess): Promise<string> {
  const closed = new Promise<void>((resolve) => child.once('disconnect', () => resolve()))
  const why = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `it ended with exit code ${code ?? 0}` : `it was ended by ${signal}`),
    )
  })
  if (child.connected) await closed
  return why
}

/** What a process that is gone does not hear any more is told by its end. */
function post(child: ChildProcess, message: ToRepetition): void {
  if (child.connected) child.send(message, () => undefined)
}
