/** When the phases of a cell begin and end, microseconds since the run's epoch, the same on all threads. */
export interface PhaseTimes {
  readonly startUs: number
  readonly measureFromUs: number
  /** Publishing of measured messages ends here at the latest. */
  readonly measureToUs: number
}
