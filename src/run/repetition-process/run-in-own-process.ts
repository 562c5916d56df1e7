/** A repetition in a client process of its own: a full restart, as if brokermark had been started again (method.md R3.3). */
import { UsageError } from '../../workload/problem.ts'
import type { RepetitionEvents, RepetitionPlan, RunRepetition } from '../repetition.ts'
import { startClientProcess, type ProcessEnd } from './client-process.ts'
import { buryProcess } from './dead-process.ts'
import type { FromRepetition } from './messages.ts'
import { ProcessWatch } from './process-watch.ts'

/**
 * Runs the cells of `plan.cells` in a fresh process, and stores each as soon as it is handed over. A process that dies
 * takes no more with it than the cell under way, which says so; another one goes on with the cells behind it.
 */
export const runInOwnProcess: RunRepetition = async (plan, events, signal) => {
  for (let left: RepetitionPlan | null = plan; left !== null && !signal.aborted;) {
    const watch = new ProcessWatch()
    const end = await run(left, watch, events, signal)
    if (end.kind === 'said') {
      if (end.message.kind === 'threw') throw thrownError(end.message)
      return
    }
    left = await buryProcess(left, watch, end.why, events, signal.aborted)
  }
}

/** @throws what `events` threw, once the process has ended. */
async function run(
  plan: RepetitionPlan,
  watch: ProcessWatch,
  events: RepetitionEvents,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  let failure: { readonly error: unknown } | null = null
  const fail = (error: unknown): void => {
    failure ??= { error }
    client.abort()
  }
  const client = startClientProcess(plan, (message) => {
    if (failure !== null) return
    watch.see(message)
    hand(message, events).then((isCell) => (isCell ? client.stored() : undefined), fail)
  })
  const abort = (): void => client.abort()
  signal.addEventListener('abort', abort)
  const end = await client.end
  signal.removeEventListener('abort', abort)
  // What it had handed over before may have been what could not be stored.
  const failed = failure as { readonly error: unknown } | null
  if (failed !== null) throw failed.error
  return end
}

/** @returns true for a cell, which has to be answered. */
async function hand(
  message: FromRepetition & { readonly kind: 'report' | 'cell' },
  events: RepetitionEvents,
): Promise<boolean> {
  if (message.kind === 'cell') await events.store(message.cell)
  else events.tell(message.report)
  return message.kind === 'cell'
}

function thrownError({ stack, problems }: FromRepetition & { readonly kind: 'threw' }): Error {
  if (problems !== null) return new UsageError(problems)
  const error = new Error('the client process of a repetition failed')
  error.stack = stack
  return error
}
