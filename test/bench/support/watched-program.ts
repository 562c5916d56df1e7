import { setTimeout as delay } from 'node:timers/promises'
import { join } from 'node:path'
import { startProcess, type BrokerProcess } from '../../../src/broker/launch/broker-process.ts'
import { sampleProcess, type ProcessSample } from './process-samples.ts'

/** A program and where it may write. */
export interface WatchedProgram {
  readonly executable: string
  readonly args: readonly string[]
  /** Existing folder for its log. */
  readonly directory: string
}

export interface WatchedEnd {
  /** In order. */
  readonly samples: readonly ProcessSample[]
  /** How it ended and its last words; null where it ended well. */
  readonly failure: string | null
}

/**
 * Runs a program to its end and samples it meanwhile. It dies with this process.
 * @param onSample called with each sample and the program, whose log it may read.
 * @throws LaunchError when it is not there
 */
export async function watchProgram(
  { executable, args, directory }: WatchedProgram,
  everyMs: number,
  onSample: (sample: ProcessSample, program: BrokerProcess) => void = () => undefined,
): Promise<WatchedEnd> {
  const program = await startProcess({ executable, args, env: {} }, directory, join(directory, 'console.log'))
  const samples: ProcessSample[] = []
  for (;;) {
    const ended = program.ended()
    if (ended !== null) {
      const lastWords = program.log().trim().split('\n').slice(-5).join('\n')
      const failure = ended === 'ended with exit code 0' ? null : `${executable} ${ended}: ${lastWords}`
      return { samples, failure }
    }
    const sample = sampleProcess(program.pid)
    if (sample !== null) {
      samples.push(sample)
      onSample(sample, program)
    }
    await delay(everyMs)
  }
}
