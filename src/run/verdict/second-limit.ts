import type { Interval } from '../../result/result.ts'

/** What each measured second is held against (R1.6): the limit of the check of the whole cell, in whose file it is made. */
export interface SecondLimit {
  /** Code of the reason. */
  readonly code: string
  /** `the generator itself sent late`: what is wrong with a second beyond the limit. */
  readonly what: string
  readonly limit: number
  /** A second is bad below the limit, not above it. */
  readonly isFloor: boolean
  /** Null where nothing is known of this second. */
  readonly figureOf: (seconds: readonly Interval[], place: number) => number | null
  /** `48.0 ms at p99`: the figure or the limit. */
  readonly text: (figure: number) => string
  /** Of the messages of a bad second, the share that it may concern. */
  readonly share: number
  /** What it concerns: every message's latency, or only how many messages there were. */
  readonly concerns: 'latency' | 'rate'
}

/** A limit from above that concerns every message of its second. */
export function secondLimit(
  made: Pick<SecondLimit, 'code' | 'what' | 'limit' | 'text'> & {
    readonly figureOf: (second: Interval) => number | null
  } & Partial<Pick<SecondLimit, 'share' | 'concerns'>>,
): SecondLimit {
  const { figureOf } = made
  return {
    isFloor: false,
    share: 1,
    concerns: 'latency',
    ...made,
    figureOf: (seconds, place) => {
      const second = seconds[place]
      return second === undefined ? null : figureOf(second)
    },
  }
}
