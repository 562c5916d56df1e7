/**
 * Wraps a callback so that what it throws becomes an uncaught exception: @stomp/stompjs catches it otherwise and writes
 * it to standard output, which belongs to the result.
 */
export function surfacing<Arguments extends unknown[]>(
  callback: (...args: Arguments) => unknown,
): (...args: Arguments) => void {
  return (...args) => {
    try {
      callback(...args)
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown
      })
    }
  }
}
