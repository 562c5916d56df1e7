/** One piece of work that takes its time. */
export type Job = () => Promise<void>

/** Does all jobs, in their order, so many at a time. Rejects with the first that does. */
export async function inLanes(lanes: number, jobs: readonly Job[]): Promise<void> {
  const waiting = [...jobs]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
