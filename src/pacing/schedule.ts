/**
 * When messages should leave: the offset of message n of the whole cell, in microseconds after the common start. Closed
 * form, so that a minute or a day costs the same and nothing drifts: 3,333.3/s for 60 s is 199,998 messages exactly.
 */
export interface Schedule {
  /** Offset of message `index` (0, 1, 2 ... over all producers together), not decreasing. */
  offsetUs(index: number): number
}

/** A constant rate in messages per second over all producers; needs to be neither whole nor above their number. */
export function constantRate(ratePerSecond: number): Schedule {
  const periodUs = 1e6 / ratePerSecond
  return { offsetUs: (index) => index * periodUs }
}
