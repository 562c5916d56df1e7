import { lawHolds } from '../../measure/statistics/littles-law.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/**
 * The counters and the latencies of an open model tell the same story (R5.6): what is in flight on average is the rate
 * times the mean latency. Where they do not, the latencies lack time that passed, or have time that did not; a closed
 * model is asked by `generatorBound`. Not made where the figure cannot be told closely enough.
 */
export function littlesLaw({ littlesLaw: law }: CellEvidence): readonly Finding[] {
  if (law?.judged !== true) return []
  if (lawHolds(law)) return [{ check: 'littles-law', kind: 'invalid', reasons: [] }]
  const { inFlightMean, expectedInFlight, latencyMeanUs, deviation, uncertainty, limit } = law
  const [countedMs, recordedMs] = [(latencyMeanUs * inFlightMean) / expectedInFlight / 1_000, latencyMeanUs / 1_000]
  const whose =
    deviation > 0
      ? `${(countedMs - recordedMs).toFixed(2)} ms of it in no latency, so the broker's part is not known`
      : `${(recordedMs - countedMs).toFixed(2)} ms of its latency passed in the client before it counted as sent, or never`
  const text = `by Little's law the latencies are not those of the messages that were counted: ${inFlightMean.toFixed(1)} were in flight on average, rate times latency says ${expectedInFlight.toFixed(1)}; each took ${countedMs.toFixed(2)} ms by the counters and ${recordedMs.toFixed(2)} ms by its latency, ${whose} (${percentText(Math.abs(deviation))} apart, known to ${percentText(uncertainty)})`
  return [
    {
      check: 'littles-law',
      kind: 'invalid',
      reasons: [{ code: 'littles-law', text, figure: Math.abs(deviation), limit }],
    },
  ]
}

function percentText(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}
