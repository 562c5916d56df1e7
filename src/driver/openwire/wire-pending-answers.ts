import { DriverError } from '../driver-error.ts'

interface PendingAnswer {
  resolve(): void
  reject(cause: DriverError): void
}

/** The few commands of a session that are waited for, by their command ids. */
export class PendingAnswers {
  readonly #waiting = new Map<number, PendingAnswer>()

  /** Rejects with a DriverError: that of `reject`, or `timeout`. @param attempted begins the time-out's sentence. */
  wait(commandId: number, attempted: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(commandId)
        reject(new DriverError('timeout', `${attempted}: no answer within ${Math.round(timeoutMs)} ms`))
      }, timeoutMs)
      this.#waiting.set(commandId, {
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
        reject: (cause) => {
          clearTimeout(timer)
          reject(cause)
        },
      })
    })
  }

  take(commandId: number): PendingAnswer | undefined {
    const waiting = this.#waiting.get(commandId)
    this.#waiting.delete(commandId)
    return waiting
  }

  rejectAll(cause: DriverError): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of all) waiting.reject(cause)
  }
}
