/** Entry of a repetition's own client process; started by `runInOwnProcess` with a channel, and gone when that closes. */
import { UsageError } from '../../workload/problem.ts'
import type { RepetitionPlan } from '../repetition.ts'
import { runRepetition } from '../run-repetition.ts'
import type { FromRepetition, ToRepetition } from './messages.ts'

const interrupt = new AbortController()
let onStored = (): void => undefined

process.on('disconnect', () => process.exit())
// Ctrl-C in a terminal reaches the whole group; it is the campaign that says what becomes of the cell under way.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('message', (message: ToRepetition) => {
  switch (message.kind) {
    case 'run':
      void run(message.plan)
      return
    case 'stored':
      onStored()
      return
    case 'abort':
      interrupt.abort()
      onStored()
  }
})

async function run(plan: RepetitionPlan): Promise<void> {
  try {
    await runRepetition(
      plan,
      {
        tell: (report) => say({ kind: 'report', report }),
        store: (cell) =>
          new Promise((resolve) => {
            onStored = resolve
            say({ kind: 'cell', cell })
            // It may be that nothing can be stored any more, and so nothing answers.
            if (interrupt.signal.aborted) resolve()
          }),
      },
      interrupt.signal,
    )
    say({ kind: 'ended' }, () => process.exit())
  } catch (thrown) {
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    const problems = thrown instanceof UsageError ? thrown.problems : null
    say({ kind: 'threw', stack, problems }, () => process.exit())
  }
}

/** Where nobody hears it any more, `disconnect` ends the process. */
function say(message: FromRepetition, then: () => void = () => undefined): void {
  process.send?.(message, undefined, undefined, then)
}
