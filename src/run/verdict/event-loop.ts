import type { CellEvidence } from './evidence.ts'
import type { Finding } from './finding.ts'
import { pauseLimitMs } from './reported-p99.ts'
import { secondLimit, type SecondLimit } from './second-limit.ts'

/**
 * The workers' event loops turned fast enough for what they time (R1.6). In an open model a loop that stands still sends
 * late and stamps late, so the cell is invalid.
 *
 * In a closed model it only says so. There a whole window of confirms comes in one read, and the turn that handles it
 * and sends the next window is long because the batch is, not because anything stalled: at 5 us a message, a window of
 * 1,000 is 5 ms. Its messages have waited for the batch by the model's own rule, their latency is the service latency
 * that heads such a cell as "not an SLO latency", and what the generator takes of the rate is judged by Little's law.
 * The delay is worth a reason all the same, since no percentile below it means anything.
 *
 * Of the broker inside, which shares the cores by design, a closed model has nothing to tell, and an open one only a flag:
 * its figures are the harness's own.
 */
export function eventLoop(evidence: CellEvidence): readonly Finding[] {
  const { eventLoopDelayP99Ms: delayMs, isOpen, isEmbedded, latencyUs } = evidence
  if (delayMs === null || (isEmbedded && !isOpen)) return []
  const limit = pauseLimitMs(latencyUs)
  const text = `the generator's event loop was held up for ${delayMs.toFixed(1)} ms at p99, the limit is ${limit.toFixed(1)} ms: ${isOpen ? 'what was due meanwhile was sent and stamped late; use more threads, a lower rate or a host of its own' : 'latencies contain how long a turn took to handle a batch'}`
  return [
    {
      check: 'event-loop',
      kind: isOpen && !isEmbedded ? 'invalid' : 'valid',
      reasons: delayMs <= limit ? [] : [{ code: 'event-loop', text, figure: delayMs, limit }],
    },
  ]
}

/** Judged by the second where a breach condemns the whole cell: in an open model on a broker that is not the one inside. */
export function eventLoopSeconds({ isOpen, isEmbedded, latencyUs }: CellEvidence): readonly SecondLimit[] {
  if (!isOpen || isEmbedded) return []
  return [
    secondLimit({
      code: 'event-loop',
      what: "the generator's event loop was held up",
      limit: pauseLimitMs(latencyUs),
      figureOf: (second) => second.eventLoopDelayP99Ms,
      text: (delayMs) => `${delayMs.toFixed(1)} ms at p99`,
    }),
  ]
}
