/** Wall time of one call in a tight loop. */

/**
 * @param calls how many of `run`'s calls are timed, 1 or more.
 * @param run makes so many calls of what is measured.
 * @returns nanoseconds per call
 */
export function nsPerCall(calls: number, run: (calls: number) => void): number {
  const startNs = process.hrtime.bigint()
  run(calls)
  return Number(process.hrtime.bigint() - startNs) / calls
}
