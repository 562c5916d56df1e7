import { DESCRIPTOR } from '../../protocol/amqp10/descriptor.ts'
import { NO_STATE } from '../../protocol/amqp10/disposition.ts'
import type { Disposition } from '../../protocol/amqp10/disposition.ts'
import type { Outcome } from '../driver.ts'

/** @param state descriptor of a delivery state, or `NO_STATE`. */
export function outcomeOf(state: number): Outcome {
  if (state === DESCRIPTOR.accepted) return 'confirmed'
  return state === NO_STATE || state === DESCRIPTOR.received ? 'unknown' : 'refused'
}

/** The condition of a rejection, `rejected` where the broker gives none; else the outcome's own name. */
export function codeOf({ state, condition }: Disposition): string | null {
  switch (state) {
    case DESCRIPTOR.rejected:
      return condition ?? 'rejected'
    case DESCRIPTOR.released:
      return 'released'
    case DESCRIPTOR.modified:
      return 'modified'
    default:
      return null
  }
}
