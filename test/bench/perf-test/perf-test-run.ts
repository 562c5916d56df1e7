import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findJava } from '../../../src/broker/launch/java.ts'
import { cpuMicrosPerSecond } from '../support/process-samples.ts'
import { watchProgram } from '../support/watched-program.ts'
import type { Comparison, GeneratorCost } from './generator-cost.ts'

const SAMPLE_EVERY_MS = 100
/** The last line covers the closing of connections. */
const TAIL_SECONDS = 2

/** A second of PerfTest: when its line was seen, and the rate that it tells. */
interface Second {
  readonly atMs: number
  readonly receivedPerSecond: number
}

/**
 * Runs PerfTest against an AMQP 0-9-1 target, persistent, each message acknowledged, a queue for each pair.
 * @param warmupSeconds for its JVM; not counted.
 * @throws Error with its last words when it fails
 */
export async function runPerfTest(
  jars: string,
  uri: string,
  { pairs, window, messageBytes, prefetch, measureSeconds }: Comparison,
  warmupSeconds: number,
): Promise<GeneratorCost> {
  const directory = await mkdtemp(join(tmpdir(), 'brokermark-perf-test-'))
  const seconds: Second[] = []
  const args = [
    ...['-cp', join(jars, '*'), 'com.rabbitmq.perf.PerfTest', '--uri', uri],
    ...['-x', String(pairs), '-y', String(pairs), '--queue-pattern', 'perf-test-%d'],
    ...['--queue-pattern-from', '1', '--queue-pattern-to', String(pairs)],
    ...['-s', String(messageBytes), '-f', 'persistent', '-c', String(window)],
    ...['-q', String(prefetch), '-A', '1', '-z', String(warmupSeconds + measureSeconds + TAIL_SECONDS)],
  ]
  try {
    const program = { executable: await findJava(), args, directory }
    const { samples, failure } = await watchProgram(program, SAMPLE_EVERY_MS, (sample, running) => {
      const told = receivedRates(running.log())
      for (const receivedPerSecond of told.slice(seconds.length)) seconds.push({ atMs: sample.atMs, receivedPerSecond })
    })
    if (failure !== null) throw new Error(failure)
    const steady = seconds.slice(warmupSeconds, warmupSeconds + measureSeconds)
    const fromMs = seconds[warmupSeconds - 1]?.atMs ?? Number.NaN
    const toMs = steady.at(-1)?.atMs ?? Number.NaN
    const messagesPerSecond = steady.reduce((sum, second) => sum + second.receivedPerSecond, 0) / steady.length
    return { cpuMicrosPerMessage: cpuMicrosPerSecond(samples, fromMs, toMs) / messagesPerSecond, messagesPerSecond }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Pure. The rates of the lines that PerfTest writes each second: `..., received: 24,013 msg/s, ...`. */
function receivedRates(log: string): number[] {
  return [...log.matchAll(/^id: .*?received: ([\d.,]+) msg\/s/gm)].map(([, rate = '']) =>
    Number(rate.replaceAll(',', '')),
  )
}
