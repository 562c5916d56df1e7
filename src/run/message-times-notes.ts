import type { CellShape } from './cell-result.ts'

/**
 * What is to be read beside a cell of messages under 32 bytes: whether they have a latency end to end, and what it rests on.
 * @param untimed deliveries without a latency, though others have one (`COUNTER.untimed`).
 */
export function messageTimesNotes(
  { times, isOpen, hasProducers, hasConsumers }: CellShape,
  untimed: number,
): readonly string[] {
  if (times === 'carried' || !hasProducers || !hasConsumers) return []
  if (times === 'unknown') {
    const why = isOpen ? 'where slots are skipped' : 'in a closed model'
    return [
      `Messages under 32 bytes carry no time, and ${why} it cannot be recomputed: there is no end-to-end latency.`,
    ]
  }
  const recomputed =
    'Messages under 32 bytes carry no time: their intended times were recomputed from the schedule. When they left is not known to the receiver, so there is an end-to-end response latency and no service latency.'
  if (untimed === 0) return [recomputed]
  return [
    recomputed,
    `${untimed} deliveries came when their slots of the schedule had long been forgotten, and are in no latency: the highest end-to-end percentiles may be too low.`,
  ]
}
