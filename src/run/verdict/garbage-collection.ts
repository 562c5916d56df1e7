import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { measuredSeconds } from './measured-seconds.ts'
import { pauseLimitMs } from './reported-p99.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

/**
 * No pause of a worker's garbage collector is long enough to show in the p99 (R1.6). Judged as the event loop is: invalid
 * in an open model, where messages came due in the pause; a flag in a closed one, where nothing is sent meanwhile and the
 * pause costs a few windows; nothing of a closed model on the broker inside, whose figures are the harness's own.
 *
 * The longest pause of an hour is that of one second: where the seconds are judged one by one, they say whether it condemns.
 */
export function garbageCollection(evidence: CellEvidence): readonly Finding[] {
  const { gcPauseMaxMs: pauseMs, isOpen, isEmbedded, latencyUs } = evidence
  if (pauseMs === null || (isEmbedded && !isOpen)) return []
  const limit = pauseLimitMs(latencyUs)
  const isBad = pauseMs > limit && !isKnownBySecond(evidence)
  const text = `the generator's garbage collector paused a thread for ${pauseMs.toFixed(1)} ms, the limit is ${limit.toFixed(1)} ms: latencies above that may be the generator's`
  return [
    {
      check: 'garbage-collection',
      kind: isOpen && !isEmbedded ? 'invalid' : 'valid',
      reasons: isBad ? [{ code: 'garbage-collection', text, figure: pauseMs, limit }] : [],
    },
  ]
}

/** As for the event loop: where a breach condemns. */
export function garbageCollectionSeconds({ isOpen, isEmbedded, latencyUs }: CellEvidence): readonly SecondLimit[] {
  if (!isOpen || isEmbedded) return []
  return [
    secondLimit({
      code: 'garbage-collection',
      what: "the generator's garbage collector paused a thread",
      limit: pauseLimitMs(latencyUs),
      figureOf: (second) => second.gcPauseMaxMs,
      text: (pauseMs) => `${pauseMs.toFixed(1)} ms`,
    }),
  ]
}

function isKnownBySecond(evidence: CellEvidence): boolean {
  const seconds = measuredSeconds(evidence)
  const isJudged = garbageCollectionSeconds(evidence).length > 0
  return isJudged && seconds.length > 0 && seconds.every((second) => second.gcPauseMaxMs !== null)
}
