import type { Latency, LatencyGroup } from '../../result/result.ts'

/** Percentiles that may be withheld. */
export type Percentile = 'p50' | 'p90' | 'p99' | 'p999' | 'p9999'

/** Latencies of messages, with the broker in them; the send lag is the generator's own and shows what was wrong. */
export function withholdable({ endToEnd, publish }: LatencyGroup): readonly Latency[] {
  return [endToEnd, publish].flatMap((pair) => [pair?.response ?? [], pair?.service ?? []].flat())
}

/** The same latencies without these percentiles. */
export function withhold(latencyUs: LatencyGroup, percentiles: readonly Percentile[]): LatencyGroup {
  return changed(latencyUs, Object.fromEntries(percentiles.map((name) => [name, null])))
}

/** How many there were and nothing else: above capacity the rest says for how long was measured (R1.8). */
export function withoutFigures(latencyUs: LatencyGroup): LatencyGroup {
  return changed(latencyUs, { mean: null, p50: null, p90: null, p99: null, p999: null, p9999: null, max: null })
}

function changed(latencyUs: LatencyGroup, change: Partial<Latency>): LatencyGroup {
  const of = (latency: Latency | null): Latency | null => (latency === null ? null : { ...latency, ...change })
  const pairOf = (pair: LatencyGroup['endToEnd']): LatencyGroup['endToEnd'] =>
    pair === null ? null : { response: of(pair.response), service: of(pair.service) }
  return { ...latencyUs, endToEnd: pairOf(latencyUs.endToEnd), publish: pairOf(latencyUs.publish) }
}
