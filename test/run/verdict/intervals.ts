import type { Interval } from '../../../src/result/result.ts'
import { UNMONITORED } from '../../../src/result/unmonitored.ts'

/** One second of a steady run: 1,000 messages, a median of 500 us, nothing waiting. */
const SECOND: Omit<Interval, 'phase' | 'atSeconds'> = {
  ...UNMONITORED,
  seconds: 1,
  sent: 1_000,
  confirmed: 1_000,
  delivered: 1_000,
  backlog: 0,
  p50Us: 500,
  p99Us: 900,
  maxUs: 1_000,
  brokerCpuPercent: null,
  generatorCpuPercent: null,
}

/** @param change what differs in each second, counted from 0 over warm-up and measurement. */
export function intervalsOf(
  warmupSeconds: number,
  measureSeconds: number,
  change: (second: number) => Partial<Interval> = () => ({}),
): Interval[] {
  return Array.from({ length: warmupSeconds + measureSeconds }, (_, second) => ({
    ...SECOND,
    phase: second < warmupSeconds ? 'warm-up' : 'measure',
    atSeconds: second + 1,
    ...change(second),
  }))
}
