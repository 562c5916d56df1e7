import { TIMED_MESSAGE_BYTES_MIN } from './defaults.ts'
import type { Load } from './workload.ts'

/**
 * How a receiver knows when a message should have been sent. `carried`: it stands in the message. `recomputed`: the
 * message is too small for it, but the k-th message of a producer has the k-th slot of its schedule (method.md R2.6).
 * `unknown`: too small, and a closed model has no schedule; nor has the k-th message the k-th slot where slots are skipped.
 */
export type MessageTimes = 'carried' | 'recomputed' | 'unknown'

export function messageTimes(load: Load, messageBytes: number): MessageTimes {
  if (messageBytes >= TIMED_MESSAGE_BYTES_MIN) return 'carried'
  return load.model === 'open' && load.catchUp.kind !== 'skip' ? 'recomputed' : 'unknown'
}
