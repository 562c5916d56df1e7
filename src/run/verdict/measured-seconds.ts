import type { Interval } from '../../result/result.ts'
import type { CellEvidence } from './evidence.ts'

/** In a shorter cell each second is a tenth of it or more, and the checks of the whole cell see it *(our choice)*. */
const JUDGED_FROM_SECONDS = 10

/**
 * The seconds of the measured time that are judged one by one (R1.6), in order; none in a short cell. None either of a
 * closed model on the broker inside: its figures are the harness's own, and the checks of the whole cell leave it alone
 * for the same reason.
 */
export function measuredSeconds({
  intervals,
  measureSeconds,
  isOpen,
  isEmbedded,
}: Pick<CellEvidence, 'intervals' | 'measureSeconds' | 'isOpen' | 'isEmbedded'>): readonly Interval[] {
  if (measureSeconds < JUDGED_FROM_SECONDS || (isEmbedded && !isOpen)) return []
  return intervals.filter((interval) => interval.phase === 'measure')
}
