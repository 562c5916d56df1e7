/** What a thrown error means to the user: its sentences and its exit code. Pure. */
import { LaunchError } from '../broker/launch/launched-broker.ts'
import { DriverError } from '../driver/driver-error.ts'
import { StoreError } from '../result/store-error.ts'
import { UsageError } from '../workload/problem.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

export interface Failure {
  readonly exitCode: ExitCode
  /** Lines for stderr, without a final line break. */
  readonly text: string
}

/** Known failures are their own sentences; everything else is a bug, with its stack. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof UsageError) return { exitCode: EXIT.usage, text: prefixed(thrown.message) }
  if (thrown instanceof StoreError) return { exitCode: EXIT.cannotWriteResults, text: prefixed(thrown.message) }
  if (thrown instanceof DriverError || thrown instanceof LaunchError) {
    return { exitCode: EXIT.brokerUnusable, text: prefixed(thrown.message) }
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const ask = 'This is a bug in brokermark: please report it with the lines above and the command that you typed.'
  return { exitCode: EXIT.bug, text: `${stack}\n${ask}` }
}

function prefixed(message: string): string {
  return message
    .split('\n')
    .map((line) => `brokermark: ${line}`)
    .join('\n')
}
