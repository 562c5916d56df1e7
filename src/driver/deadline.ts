import { DriverError } from './driver-error.ts'

/**
 * What `work` resolves to, or a DriverError `timeout` once the signal is aborted. The work itself goes on: the caller
 * ends what it has begun.
 * @param attempted what takes too long, without credentials: the beginning of the error's sentence.
 */
export async function before<T>(deadline: AbortSignal, work: Promise<T>, attempted: string): Promise<T> {
  let expire: () => void = () => undefined
  const expired = new Promise<never>((_, reject) => {
    expire = () => reject(new DriverError('timeout', `${attempted}: no answer in time`))
    if (deadline.aborted) expire()
    else deadline.addEventListener('abort', expire, { once: true })
  })
  // Whichever loses the race must not become an unhandled rejection.
  work.catch(() => undefined)
  expired.catch(() => undefined)
  try {
    return await Promise.race([work, expired])
  } finally {
    deadline.removeEventListener('abort', expire)
  }
}
