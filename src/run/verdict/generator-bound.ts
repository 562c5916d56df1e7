import { closedLoopSplit } from '../../measure/statistics/littles-law.ts'
import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import type { Reason } from '../../result/result.ts'

/** Share of a core from which a thread of the generator is taken for saturated *(our choice)*. */
const BUSY_PERCENT_MAX = 90
/** R5.6. */
const CLIENT_SHARE_MAX = 0.1

/**
 * In a closed model it is the broker that sets the rate. Two witnesses against it: Little's law (R5.6), when messages in
 * flight, rate and latency leave time over that only the client can have had; and a generator thread that has no time
 * left. Of the broker inside nothing is said: with it, the generator's limit is what one wants to see.
 */
export function generatorBound({ closedLoop, threadBusyPercentMax, isEmbedded }: CellEvidence): readonly Finding[] {
  if (isEmbedded || (closedLoop === null && threadBusyPercentMax === null)) return []
  const reasons: Reason[] = []
  const split =
    closedLoop === null
      ? null
      : closedLoopSplit(closedLoop.inFlight, closedLoop.ratePerSecond, closedLoop.meanLatencyUs / 1_000)
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
