import { closedLoopSplit, type ClosedLoopSplit } from '../../measure/statistics/littles-law.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Reason } from '../../result/result.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

/** Share of a core from which a thread of the generator is taken for saturated *(our choice)*. */
const BUSY_PERCENT_MAX = 90
/** R5.6. */
const CLIENT_SHARE_MAX = 0.1

/** Shorter cells are not judged: what is in flight at their two ends weighs too much. */
const JUDGED_FROM_SECONDS = 5
/** Cycles that the measured time has to hold, so that the messages at its ends are at most some 2 % of all. */
const CYCLES_MIN = 50

/**
 * In a closed model it is the broker that sets the rate. Two witnesses against it: Little's law (R5.6), when messages in
 * flight, rate and latency leave time over that only the client can have had; and a generator thread that has no time
 * left. Of the broker inside nothing is said: with it, the generator's limit is what one wants to see.
 */
export function generatorBound(evidence: CellEvidence): readonly Finding[] {
  const { closedLoop, threadBusyPercentMax, isEmbedded, measureSeconds } = evidence
  if (isEmbedded || measureSeconds < JUDGED_FROM_SECONDS) return []
  if (closedLoop === null && threadBusyPercentMax === null) return []
  const reasons: Reason[] = []
  const split = splitOf(evidence)
  if (split !== null && split.clientShare > CLIENT_SHARE_MAX) {
    const text = `${(split.clientShare * 100).toFixed(0)} % of each message's cycle was spent in the generator (Little's law: ${closedLoop?.inFlight ?? 0} in flight, ${split.cycleMs.toFixed(2)} ms a cycle, ${split.clientMs.toFixed(2)} ms of it not with the broker): the generator set this rate`
    reasons.push({ code: 'generator-bound', text, figure: split.clientShare, limit: CLIENT_SHARE_MAX })
  }
  if (threadBusyPercentMax !== null && threadBusyPercentMax > BUSY_PERCENT_MAX) {
    const text = `a thread of the generator was busy for ${threadBusyPercentMax.toFixed(0)} % of the time (limit ${BUSY_PERCENT_MAX} %): the generator, not the broker, may have set this rate; use more threads or another host`
    reasons.push({ code: 'generator-bound', text, figure: threadBusyPercentMax, limit: BUSY_PERCENT_MAX })
  }
  return [{ check: 'generator-bound', kind: 'invalid', reasons }]
}

/** A second in which a thread had no time left says nothing of a latency, but the generator may have set its rate. */
export function generatorBoundSeconds({ isOpen, isEmbedded }: CellEvidence): readonly SecondLimit[] {
  if (isOpen || isEmbedded) return []
  return [
    secondLimit({
      code: 'generator-bound',
      what: 'a thread of the generator had no time left',
      limit: BUSY_PERCENT_MAX,
      figureOf: (second) => second.threadCpuPercentMax,
      text: (percent) => `${percent.toFixed(0)} % busy`,
      concerns: 'rate',
    }),
  ]
}

/** Null where there is no closed loop with confirms, or too few of its cycles. */
function splitOf({ closedLoop, measureSeconds }: CellEvidence): ClosedLoopSplit | null {
  if (closedLoop === null) return null
  const { inFlight, ratePerSecond, meanLatencyUs } = closedLoop
  const split = closedLoopSplit(inFlight, ratePerSecond, meanLatencyUs / 1_000)
  return split === null || split.cycleMs * CYCLES_MIN > measureSeconds * 1_000 ? null : split
}
