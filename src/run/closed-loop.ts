import type { LatencyGroup, Throughput } from '../result/result.ts'
import type { Cell } from '../workload/cell.ts'

/** What Little's law is asked with in a closed model; null in an open one, and where a confirm does not free a slot. */
export function closedLoopOf(
  { load, crew, delivery }: Cell,
  throughput: Throughput,
  latencyUs: LatencyGroup,
): { inFlight: number; ratePerSecond: number; meanLatencyUs: number } | null {
  const meanLatencyUs = latencyUs.publish?.service?.mean ?? null
  const ratePerSecond = throughput.confirmedPerSecond
  // A transaction's messages wait for its end by the client's own will.
  const isPlain = load.model === 'closed' && delivery.transactionMessages === null
  if (!isPlain || meanLatencyUs === null || ratePerSecond === null) return null
  return { inFlight: load.inFlight * crew.producers, ratePerSecond, meanLatencyUs }
}
