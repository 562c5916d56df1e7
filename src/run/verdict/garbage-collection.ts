import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { pauseLimitMs } from './reported-p99.ts'

/**
 * No pause of a worker's garbage collector is long enough to show in the p99 (R1.6). Judged as the event loop is: invalid
 * in an open model, where messages came due in the pause; a flag in a closed one, where nothing is sent meanwhile and the
 * pause costs a few windows; nothing of a closed model on the broker inside, whose figures are the harness's own.
 */
export function garbageCollection(evidence: CellEvidence): readonly Finding[] {
  const { gcPauseMaxMs: pauseMs, isOpen, isEmbedded, latencyUs } = evidence
  if (pauseMs === null || (isEmbedded && !isOpen)) return []
  const limit = pauseLimitMs(latencyUs)
  const text = `the generator's garbage collector paused a thread for ${pauseMs.toFixed(1)} ms, the limit is ${limit.toFixed(1)} ms: latencies above that may be the generator's`
  return [
    {
      check: 'garbage-collection',
      kind: isOpen && !isEmbedded ? 'invalid' : 'valid',
      reasons: pauseMs <= limit ? [] : [{ code: 'garbage-collection', text, figure: pauseMs, limit }],
    },
  ]
}
