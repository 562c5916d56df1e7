/**
 * Dealing producers, consumers and connections out to workers. Indices, not counts, so that nothing is lost to
 * rounding: every index is in exactly one share.
 */

/** What one worker drives. */
export interface WorkerShare {
  readonly producers: readonly number[]
  readonly consumers: readonly number[]
}

/**
 * Producer i and consumer i go to the same worker, so that both stamps of a pair are on one thread's clock (R2.1).
 * Workers that would have nothing are left out.
 */
export function shareOut(producers: number, consumers: number, workers: number): readonly WorkerShare[] {
  const dealt = Array.from({ length: workers }, (_, worker) => ({
    producers: indicesOf(producers, worker, workers),
    consumers: indicesOf(consumers, worker, workers),
  }))
  return dealt.filter((share) => share.producers.length + share.consumers.length > 0)
}

function indicesOf(count: number, worker: number, workers: number): number[] {
  const indices: number[] = []
  for (let index = worker; index < count; index += workers) indices.push(index)
  return indices
}
