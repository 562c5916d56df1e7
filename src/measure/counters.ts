/**
 * Counts of one worker in one cell, in shared memory: one writer (the measuring thread), the main thread reads. All
 * cumulative, all from the first warm-up message on; those named `...Measured` count only inside `measure`.
 */
export const COUNTER_NAMES = [
  /** Schedule slots that have come due (open model). */
  'offered',
  'offeredMeasured',
  /** Slots left out because an earlier message of their producer was still waiting (catch-up policy `skip`). */
  'skipped',
  /** Of messages that came due and had not left at the end of the cell, those whom the broker had held back for longer. */
  'unsentHeldBack',
  'sent',
  'sentMeasured',
  'confirmed',
  'confirmedMeasured',
  'refused',
  'unknown',
  /** Deliveries of this cell's messages, repeats included. */
  'deliveries',
  /** First deliveries on this thread. */
  'delivered',
  'deliveredMeasured',
  'deliveredBytesMeasured',
  /** Deliveries of the same message again, on this thread. */
  'repeated',
  'late',
  'unexpected',
  'corrupt',
  /** First deliveries without a time whose slot of the schedule was forgotten, or not yet to come, when they arrived. */
  'untimed',
  /** Sent and not yet settled; 0 without confirms. */
  'outstanding',
  /** Producers of this worker that will send no more. */
  'producersDone',
  'connectionsLost',
  /** When the last confirm or delivery came, microseconds since the run's epoch. */
  'lastEventUs',
  /** Of messages of the measured phase alone, microseconds since the run's epoch: ends a count-limited measurement. */
  'lastMeasuredEventUs',
] as const

export type CounterName = (typeof COUNTER_NAMES)[number]

/** Index of each counter in its array. */
export const COUNTER = Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, index])) as Readonly<
  Record<CounterName, number>
>

/** Every counter by name, added up over workers; for the two instants, the latest. */
export type CounterTotals = Readonly<Record<CounterName, number>>

/** Reads the counters of all workers at (nearly) one instant. */
export function totalCounters(workers: readonly Float64Array[]): CounterTotals {
  return Object.fromEntries(
    COUNTER_NAMES.map((name, index) => {
      const values = workers.map((counters) => counters[index] ?? 0)
      const isInstant = name === 'lastEventUs' || name === 'lastMeasuredEventUs'
      return [name, isInstant ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0)]
    }),
  ) as unknown as CounterTotals
}
