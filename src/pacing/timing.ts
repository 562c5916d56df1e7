/**
 * Time as the load loops see it. The real one is in pacer.ts; tests run the same loops on a virtual one, where a minute
 * costs nothing and every figure is exact.
 */
export interface Timing {
  /** Microseconds since the run's epoch. */
  nowUs(): number
  /** Calls `wake` at `atUs` or as soon after as can be. One wake is pending at a time: a new call replaces it. */
  wakeAt(atUs: number, wake: () => void): void
  /** Calls `run` after the I/O that is waiting has been looked at. */
  soon(run: () => void): void
  /** No wake is pending any more. */
  cancelWake(): void
}
