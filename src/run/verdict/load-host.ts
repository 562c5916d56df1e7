import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Interval, Reason } from '../../result/result.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

const STEAL_PERCENT_MAX = 2
const IDLE_PERCENT_MIN = 20
/** The kernel counts CPU in ticks of 10 ms: in a shorter window a few of them would be over the limit. */
const JUDGED_FROM_SECONDS = 3

/**
 * The host gave the generator the time that it wanted (R1.6): the hypervisor took at most 2 %, and at least 20 % was
 * left. The second is asked only where the generator has the host to itself: beside a broker the cores are busy because
 * the broker is, and there generator lag and event-loop delay are judged instead (design.md section 10). Cores of threads
 * that spin to keep time are busy by intent and left out. Not judged in under three seconds.
 */
export function loadHost(evidence: CellEvidence): readonly Finding[] {
  const { stealPercent, hostIdlePercent, coLocated, measureSeconds } = evidence
  if (stealPercent === null || measureSeconds < JUDGED_FROM_SECONDS) return []
  const reasons: Reason[] = []
  if (stealPercent > STEAL_PERCENT_MAX) {
    const text = `the hypervisor took ${stealPercent.toFixed(1)} % of this host's CPU for others, the limit is ${STEAL_PERCENT_MAX} %`
    reasons.push({ code: 'steal', text, figure: stealPercent, limit: STEAL_PERCENT_MAX })
  }
  if (!coLocated && hostIdlePercent !== null && hostIdlePercent < IDLE_PERCENT_MIN) {
    const text = `the generator's host was idle for only ${hostIdlePercent.toFixed(0)} % of the time, the limit is ${IDLE_PERCENT_MIN} %: it, not the broker, may have set the figures; use a larger host or several`
    reasons.push({ code: 'load-host', text, figure: hostIdlePercent, limit: IDLE_PERCENT_MIN })
  }
  return [{ check: 'load-host', kind: 'invalid', reasons }]
}

/** The same limits by the second, each second no worse than the three around it are on average, for those ticks' sake. */
export function loadHostSeconds(evidence: CellEvidence): readonly SecondLimit[] {
  const { coLocated, hostCores, spinningThreads } = evidence
  const steal = secondLimit({
    code: 'steal',
    what: "the hypervisor took this host's CPU for others",
    limit: STEAL_PERCENT_MAX,
    figureOf: () => null,
    text: (percent) => `${percent.toFixed(1)} %`,
  })
  const idle = secondLimit({
    code: 'load-host',
    what: "the generator's host had hardly any CPU left",
    limit: IDLE_PERCENT_MIN,
    figureOf: () => null,
    text: (percent) => `${percent.toFixed(0)} % idle`,
  })
  const idleOf = (second: Interval): number | null =>
    idleBesideSpinners(second.hostIdlePercent, hostCores, spinningThreads)
  return [
    { ...steal, figureOf: (seconds, place) => atBest(seconds, place, (second) => second.stealPercent, Math.min) },
    ...(coLocated
      ? []
      : [
          {
            ...idle,
            isFloor: true,
            figureOf: (seconds: readonly Interval[], place: number) => atBest(seconds, place, idleOf, Math.max),
          },
        ]),
  ]
}

/** The figure of one second or the mean of the three around it, whichever is better; null where one is not known. */
function atBest(
  seconds: readonly Interval[],
  place: number,
  figureOf: (second: Interval) => number | null,
  better: (own: number, mean: number) => number,
): number | null {
  const from = Math.max(0, Math.min(place - 1, seconds.length - JUDGED_FROM_SECONDS))
  const around = seconds.slice(from, from + JUDGED_FROM_SECONDS).flatMap((second) => figureOf(second) ?? [])
  const second = seconds[place]
  const own = second === undefined ? null : figureOf(second)
  if (own === null || around.length < JUDGED_FROM_SECONDS) return null
  return better(own, around.reduce((sum, figure) => sum + figure, 0) / around.length)
}

/**
 * Idle share of the cores on which no pacer spins, percent.
 * @param idlePercent of all cores. @returns null where no core is left, or nothing is known.
 */
export function idleBesideSpinners(idlePercent: number | null, cores: number, spinning: number): number | null {
  if (idlePercent === null || spinning >= cores) return null
  return Math.min(100, (idlePercent * cores) / (cores - spinning))
}
