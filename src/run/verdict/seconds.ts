/**
 * The validity gate by the second (method.md R1.6): a single bad second does not condemn an hour, and does not hide in it.
 * Each measured second is held against the limits of the whole cell; what the bad ones hold of all messages decides which
 * figures they reach.
 */
import type { Interval, LatencyGroup, Reason } from '../../result/result.ts'
import { eventLoopSeconds } from './event-loop.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { garbageCollectionSeconds } from './garbage-collection.ts'
import { generatorBoundSeconds } from './generator-bound.ts'
import { generatorLagSeconds } from './generator-lag.ts'
import { loadHostSeconds } from './load-host.ts'
import { measuredSeconds } from './measured-seconds.ts'
import { sendRateSeconds } from './offered-rate.ts'
import type { SecondLimit } from './second-limit.ts'
import { withholdable, type Percentile } from './withheld.ts'

/** Of what lies beyond a percentile, the share that bad seconds may hold without reaching it *(our choice)*. */
const TAIL_SHARE = 0.1
/** Of all seconds, those in which the generator may have set the rate without its mean being the generator's *(our choice)*. */
const RATE_SHARE_MAX = 0.1
const QUANTILES: readonly (readonly [Percentile, number])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
]
const NAMES: Readonly<Record<Percentile, string>> = {
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p999: 'p99.9',
  p9999: 'p99.99',
}
/** Bad seconds that a reason names. */
const NAMED_SECONDS = 3

/** One limit and the seconds beyond it. */
interface Breach {
  readonly limit: SecondLimit
  readonly places: ReadonlySet<number>
  readonly worst: number
}

/** What the bad seconds hold, and which figures that reaches. */
interface Judged {
  readonly seconds: readonly Interval[]
  readonly breaches: readonly Breach[]
  /** Of the messages, the share that bad seconds hold, 0 to 1. */
  readonly share: number
  readonly isCondemned: boolean
  /** Percentiles that are reached and there. */
  readonly reached: readonly Percentile[]
}

/** None where the cell is not judged by the second, or nothing is known of its seconds. */
export function seconds(evidence: CellEvidence): readonly Finding[] {
  const latency = judgedBy(evidence, 'latency')
  const rate = judgedBy(evidence, 'rate')
  if (latency === null && rate === null) return []
  const condemning = [latency, rate].flatMap((judged) =>
    judged?.isCondemned === true ? condemnations(judged, evidence) : [],
  )
  if (condemning.length > 0) return [{ check: 'seconds', kind: 'invalid', reasons: condemning }]
  return [{ check: 'seconds', kind: 'valid', reasons: latency === null ? [] : remark(latency) }]
}

/** Percentiles that the cell's latencies must not show, because bad seconds reach them; none of a cell that they condemn. */
export function withheldPercentiles(evidence: CellEvidence): readonly Percentile[] {
  const judged = judgedBy(evidence, 'latency')
  return judged === null || judged.isCondemned ? [] : judged.reached
}

/** Null where no second could be judged. */
function judgedBy(evidence: CellEvidence, concerns: SecondLimit['concerns']): Judged | null {
  const all = measuredSeconds(evidence)
  const limits = limitsOf(evidence).filter((limit) => limit.concerns === concerns)
  const known = limits.filter((limit) => all.some((_, place) => limit.figureOf(all, place) !== null))
  if (known.length === 0) return null
  const breaches = known.flatMap((limit) => breachOf(limit, all) ?? [])
  const share = shareOf(breaches, all, evidence)
  const reached = QUANTILES.filter(([, quantile]) => share > tailShareMax(quantile)).map(([name]) => name)
  const isCondemned = concerns === 'rate' || !evidence.isOpen ? share > RATE_SHARE_MAX : reached.includes('p99')
  return { seconds: all, breaches, share, isCondemned, reached: existing(reached, evidence.latencyUs) }
}

function limitsOf(evidence: CellEvidence): readonly SecondLimit[] {
  return [
    ...(evidence.isOpen
      ? [...generatorLagSeconds(evidence), ...sendRateSeconds(evidence)]
      : generatorBoundSeconds(evidence)),
    ...eventLoopSeconds(evidence),
    ...garbageCollectionSeconds(evidence),
    ...loadHostSeconds(evidence),
  ]
}

/** Null where no second is beyond the limit. */
function breachOf(limit: SecondLimit, all: readonly Interval[]): Breach | null {
  const figures = all.map((_, place) => limit.figureOf(all, place))
  const isBad = (figure: number | null): figure is number =>
    figure !== null && (limit.isFloor ? figure < limit.limit : figure > limit.limit)
  const bad = figures.filter(isBad)
  if (bad.length === 0) return null
  const worse = limit.isFloor ? Math.min : Math.max
  return {
    limit,
    places: new Set(figures.flatMap((figure, place) => (isBad(figure) ? [place] : []))),
    worst: bad.reduce((worst, figure) => worse(worst, figure)),
  }
}

/** A second that several limits blame counts once, with the largest share that one of them gives it. */
function shareOf(breaches: readonly Breach[], all: readonly Interval[], evidence: CellEvidence): number {
  const weights = weightsOf(all, evidence)
  const shares = all.map((_, place) =>
    Math.max(0, ...breaches.map(({ places, limit }) => (places.has(place) ? limit.share : 0))),
  )
  const concerned = shares.reduce((sum, share, place) => sum + share * (weights[place] ?? 0), 0)
  return concerned / Math.max(Number.MIN_VALUE, sumOf(weights))
}

/**
 * Messages of each second: those that came due, else those that were counted. One without any was as long as the others and
 * may be the worst of all: it weighs as the mean of them.
 */
function weightsOf(all: readonly Interval[], { hasConsumers, confirm }: CellEvidence): readonly number[] {
  const counts = all.map((second) => {
    const counted = hasConsumers ? second.delivered : confirm ? second.confirmed : second.sent
    return second.offered ?? counted
  })
  const perSecond = sumOf(counts) / Math.max(Number.MIN_VALUE, sumOf(all.map((second) => second.seconds)))
  return all.map((second, place) => {
    const count = counts[place] ?? 0
    return count > 0 ? count : second.seconds * Math.max(1, perSecond)
  })
}

/** One for each limit; what its bad seconds hold of the messages, together with those of the others, the first one says. */
function condemnations({ breaches, seconds: all, share }: Judged, { isOpen }: CellEvidence): Reason[] {
  return breaches.map(({ limit, places, worst }, index) => {
    const { code, what, text } = limit
    const [bearer, bears] =
      limit.concerns === 'rate' || !isOpen ? ['the rate', RATE_SHARE_MAX] : ['p99', tailShareMax(0.99)]
    const which = breaches.length === 1 ? 'these seconds' : 'these and the bad seconds that follow'
    const weight = `; ${which} hold ${percentText(share)} of the messages, and ${bearer} bears ${percentText(bears)}`
    const said = `${what} in ${whichOf(places, all)}: ${text(worst)} at worst, the limit is ${text(limit.limit)}`
    return { code, text: index === 0 ? said + weight : said, figure: worst, limit: limit.limit }
  })
}

/** What is withheld and why; nothing where no percentile that is there is reached. */
function remark({ breaches, reached, share, seconds: all }: Judged): Reason[] {
  const [first] = reached
  if (first === undefined) return []
  const bears = tailShareMax(QUANTILES.find(([name]) => name === first)?.[1] ?? 1)
  const causes = breaches.map(
    ({ limit, places, worst }) =>
      `${limit.what} in ${whichOf(places, all)}, ${limit.text(worst)} at worst (limit ${limit.text(limit.limit)})`,
  )
  const names = reached.map((name) => NAMES[name]).join(', ')
  const text = `withheld: ${names}. ${causes.join('; ')}. Seconds like these hold ${percentText(share)} of the messages, and ${NAMES[first]} bears ${percentText(bears)}`
  return [{ code: 'tail-withheld', text, figure: share, limit: bears }]
}

/** `3 of 60 measured seconds (at 12, 13, 40 s)`: seconds since the cell's start at which they ended. */
function whichOf(places: ReadonlySet<number>, all: readonly Interval[]): string {
  const named = [...places].slice(0, NAMED_SECONDS).map((place) => Math.round(all[place]?.atSeconds ?? 0))
  const more = places.size > NAMED_SECONDS ? ` and ${places.size - NAMED_SECONDS} more` : ''
  return `${places.size} of ${all.length} measured seconds (at ${named.join(', ')} s${more})`
}

function tailShareMax(quantile: number): number {
  return (1 - quantile) * TAIL_SHARE
}

/** Those that the latencies of the cell have at all. */
function existing(names: readonly Percentile[], latencyUs: LatencyGroup): readonly Percentile[] {
  const latencies = withholdable(latencyUs)
  return names.filter((name) => latencies.some((latency) => latency[name] !== null))
}

/** Two figures of a share, percent: `0.01 %`, `17 %`. */
function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
