import { backlogVerdict } from '../../measure/statistics/trend.ts'
import { GENERATOR_SHORTFALLS } from '../../result/generator-shortfalls.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/**
 * The offered rate is one that the broker carries: what waits does not grow for as long as the load lasts (R1.8). A rate
 * above capacity has no latency: it is the longer the longer one measures. Not judged under ten seconds.
 *
 * @param shortfalls as `generatorShortfalls` has them.
 */
export function unsustainable(
  { intervals, offeredMeasured, measureSeconds }: CellEvidence,
  shortfalls: readonly string[] = [],
): readonly Finding[] {
  const backlog = intervals.filter((interval) => interval.phase === 'measure').map((interval) => interval.backlog)
  const ratePerSecond = offeredMeasured / measureSeconds
  const found = backlogVerdict(backlog, ratePerSecond)
  if (!found.judged) return []
  if (!found.growing) return [{ check: 'backlog', kind: 'unsustainable', reasons: [] }]
  const limit = ratePerSecond * 0.01
  const text = `the backlog grew by ${Math.round(found.growthPerSecond)} messages each second at an offered ${Math.round(ratePerSecond)} per second (the limit is 1 % of the rate): ${blameText(shortfalls, 'the broker does not carry this rate')}, and every latency is only how long it was measured`
  return [
    {
      check: 'backlog',
      kind: 'unsustainable',
      reasons: [{ code: 'unsustainable-rate', text, figure: found.growthPerSecond, limit }],
    },
  ]
}

/** Reasons that may explain messages that wait by the generator alone. */
const SHORTFALLS: ReadonlySet<string> = new Set([...GENERATOR_SHORTFALLS, 'near-ceiling'])

/** Codes by which the generator fell short; remarks are none, but for a rate near what its threads carry at all. */
export function generatorShortfalls(findings: readonly Finding[]): readonly string[] {
  const codes = findings
    .filter(({ kind, check }) => kind === 'invalid' || check === 'ceiling')
    .flatMap(({ reasons }) => reasons.map(({ code }) => code))
  return [...new Set(codes)].filter((code) => SHORTFALLS.has(code))
}

/** What is said of the broker; nothing where the generator fell short as well (method.md R1.6). */
export function blameText(shortfalls: readonly string[], ofBroker: string): string {
  return shortfalls.length === 0
    ? ofBroker
    : `whether the broker carries this rate is not known, for the generator fell short itself (${shortfalls.join(', ')})`
}
