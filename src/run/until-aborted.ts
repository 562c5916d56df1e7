/**
 * What `work` resolves to or rejects with; null as soon as `signal` is aborted, also where it was before. Work that is
 * given up goes on to an end of its own: what it opens is for the caller to close.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let giveUp = (): void => undefined
  const aborted = new Promise<null>((resolve) => {
    giveUp = () => resolve(null)
  })
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
