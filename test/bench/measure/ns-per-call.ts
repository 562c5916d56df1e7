/** CPU time of one call in a tight loop: what the clock on the wall says depends on who else wants the core. */

/**
 * @param calls how many of `run`'s calls are measured: enough for some 10 ms, as CPU time comes in microseconds.
 * @param run makes so many calls of what is measured.
 * @returns nanoseconds of CPU (user and system, of the process) per call
 */
export function nsPerCall(calls: number, run: (calls: number) => void): number {
  const before = process.cpuUsage()
  run(calls)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / calls
}
