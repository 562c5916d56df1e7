import type { DriverError } from '../driver-error.ts'

interface PendingAnswer {
  readonly type: number
  readonly timer: NodeJS.Timeout
  resolve(code: number): void
  reject(cause: DriverError): void
}

/** Who waits for which kind of packet, in order of asking: of the beginning and end of a session, never of a message. */
export class PendingAnswers {
  #pending: PendingAnswer[] = []

  /**
   * Resolves with the code of the next packet of this type that nobody before waits for.
   * @param onExpiry makes the error for when none comes in time.
   */
  wait(type: number, timeoutMs: number, onExpiry: () => DriverError): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending = this.#pending.filter((each) => each !== pending)
        reject(onExpiry())
      }, timeoutMs)
      const pending: PendingAnswer = { type, timer, resolve, reject }
      this.#pending.push(pending)
    })
  }

  /** A packet of this type came; false where nobody waits for it. */
  resolve(type: number, code: number): boolean {
    const index = this.#pending.findIndex((pending) => pending.type === type)
    const [pending] = index < 0 ? [] : this.#pending.splice(index, 1)
    clearTimeout(pending?.timer)
    pending?.resolve(code)
    return pending !== undefined
  }

  /** Nothing more will come. */
  rejectAll(cause: DriverError): void {
    for (const pending of this.#pending.splice(0)) {
      clearTimeout(pending.timer)
      pending.reject(cause)
    }
  }
}
