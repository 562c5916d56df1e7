import { backlogVerdict } from '../../measure/statistics/trend.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/**
 * The offered rate is one that the broker carries: what waits does not grow for as long as the load lasts (R1.8). A rate
 * above capacity has no latency: it is the longer the longer one measures. Not judged under ten seconds.
 */
export function unsustainable({ intervals, offeredMeasured, measureSeconds }: CellEvidence): readonly Finding[] {
  const backlog = intervals.filter((interval) => interval.phase === 'measure').map((interval) => interval.backlog)
  const ratePerSecond = offeredMeasured / measureSeconds
  const found = backlogVerdict(backlog, ratePerSecond)
  if (!found.judged) return []
  if (!found.growing) return [{ check: 'backlog', kind: 'unsustainable', reasons: [] }]
  const limit = ratePerSecond * 0.01
  const text = `the backlog grew by ${Math.round(found.growthPerSecond)} messages each second at an offered ${Math.round(ratePerSecond)} per second (the limit is 1 % of the rate): the broker does not carry this rate, and every latency is only how long it was measured`
  return [
    {
      check: 'backlog',
      kind: 'unsustainable',
      reasons: [{ code: 'unsustainable-rate', text, figure: found.growthPerSecond, limit }],
    },
  ]
}
