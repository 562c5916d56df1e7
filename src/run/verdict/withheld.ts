import type { Latency, LatencyGroup } from '../../result/result.ts'

/** Percentiles that may be withheld. */
export type Percentile = 'p50' | 'p90' | 'p99' | 'p999' | 'p9999'

/** Latencies of messages, with the broker in them; the send lag is the generator's own and shows what was wrong. */
export function withholdable({ endToEnd, publish }: LatencyGroup): readonly Latency[] {
  return [endToEnd, publish].flatMap((pair) => [pair?.response ?? [], pair?.service ?? []].flat())
}

/** The same latencies without these percentiles. */
export function withhold(latencyUs: LatencyGroup, percentiles: readonly Percentile[]): LatencyGroup {
  const without = (latency: Latency | null): Latency | null =>
    latency === null ? null : { ...latency, ...Object.fromEntries(percentiles.map((name) => [name, null])) }
  const pairWithout = (pair: LatencyGroup['endToEnd']): LatencyGroup['endToEnd'] =>
    pair === null ? null : { response: without(pair.response), service: without(pair.service) }
  return { ...latencyUs, endToEnd: pairWithout(latencyUs.endToEnd), publish: pairWithout(latencyUs.publish) }
}
