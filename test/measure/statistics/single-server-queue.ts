/**
 * Test support: times in the system of an M/M/1 queue, from its stationary state on, by Lindley's recursion. Exponential
 * with mean 1 / (mu - lambda), so every true quantile is known: -ln(1 - q) / (mu - lambda).
 */
import type { SeededRandom } from '../../../src/workload/seeded-random.ts'

/** Messages per second that the server could do, where `ARRIVALS` come: rho 0.8. */
export const SERVICE_RATE = 1_250
export const ARRIVALS = 1_000

/** The true quantile, microseconds. */
export function trueQuantileUs(quantile: number): number {
  return (-Math.log(1 - quantile) / (SERVICE_RATE - ARRIVALS)) * 1e6
}

/** Microseconds in the system of `messages` in a row. */
export function sojournTimesUs(messages: number, random: SeededRandom): Float64Array {
  const serviceUs = 1e6 / SERVICE_RATE
  const gapUs = 1e6 / ARRIVALS
  const times = new Float64Array(messages)
  const idle = random.uniform() >= ARRIVALS / SERVICE_RATE
  let waitUs = idle ? 0 : (random.exponential() * 1e6) / (SERVICE_RATE - ARRIVALS)
  for (let message = 0; message < messages; message++) {
    const timeUs = waitUs + random.exponential() * serviceUs
    times[message] = timeUs
    waitUs = Math.max(0, timeUs - random.exponential() * gapUs)
  }
  return times
}
