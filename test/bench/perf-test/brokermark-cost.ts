import { brokermarkRun, measureStartMs } from '../support/brokermark-run.ts'
import { cpuMicrosPerSecond } from '../support/process-samples.ts'
import type { Comparison, GeneratorCost } from './generator-cost.ts'

const SAMPLE_EVERY_MS = 100
/** The start of the measured time is known to about a second: as much is left out at its end. */
const LEFT_OUT_SECONDS = 2

/** The same by `brokermark run` with all of the harness in it. @throws Error with its last words when it fails */
export async function runBrokermark(
  target: string,
  { pairs, window, messageBytes, prefetch, measureSeconds }: Comparison,
  warmupSeconds: number,
): Promise<GeneratorCost> {
  const args = [
    ...['-x', String(pairs), '-y', String(pairs), '-s', String(messageBytes), '-c', String(window)],
    ...['-q', String(prefetch), '-z', String(measureSeconds + LEFT_OUT_SECONDS), '--client', 'wire'],
    ...['--set', `phases.warmupSeconds=${warmupSeconds}`, '--set', 'connect.perSecond=1000'],
  ]
  const { cell, samples } = await brokermarkRun(target, args, SAMPLE_EVERY_MS)
  const messagesPerSecond = cell.throughput?.deliveredPerSecond ?? 0
  const fromMs = measureStartMs(cell, warmupSeconds)
  const cpu = cpuMicrosPerSecond(samples, fromMs, fromMs + measureSeconds * 1000)
  return { cpuMicrosPerMessage: cpu / messagesPerSecond, messagesPerSecond }
}
