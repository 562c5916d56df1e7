#!/usr/bin/env node
/** argv → command → exit code: the only reader of `process.argv`, the only caller of `process.exit`. */
import type { CliContext, Output } from './cli/context.ts'
import { EXIT } from './cli/exit-codes.ts'
import { failureOf } from './cli/failure.ts'
import { runProgram } from './cli/program.ts'

/** A handle that a library forgot to close must not keep a finished command from ending. */
const LINGER_MS = 1_000

function outputOf(stream: NodeJS.WriteStream): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` has read enough: that is no failure of ours.
    if (error.code === 'EPIPE') process.exit(EXIT.fine)
    throw error
  })
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      // A terminal that does not know its size says 0.
      return stream.isTTY && stream.columns > 0 ? stream.columns : 100
    },
  }
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    process.stderr.write('\nending in order; once more ends at once\n')
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

async function main(): Promise<number> {
  const context: CliContext = {
    environment: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    interruptSignal,
  }
  try {
    return await runProgram(process.argv.slice(2), context)
  } catch (thrown) {
    const failure = failureOf(thrown)
    context.stderr.write(`${failure.text}\n`)
    return failure.exitCode
  }
}

/** Resolves when a reader, however slow, has taken all that was written: an exit would throw the rest away. */
function taken(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()))
}

process.exitCode = await main()
await Promise.all([taken(process.stdout), taken(process.stderr)])
setTimeout(() => process.exit(), LINGER_MS).unref()
