import type { DriverError } from '../driver-error.ts'

/** One question to the peer at a time, and whoever waits for its answer. */
export class WireAnswer {
  #resolve: (() => void) | null = null
  #reject: ((cause: DriverError) => void) | null = null

  get isAwaited(): boolean {
    return this.#resolve !== null
  }

  /** Resolves or rejects with the next `resolve` or `reject`. */
  wait(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  resolve(): void {
    const resolve = this.#resolve
    this.forget()
    resolve?.()
  }

  reject(cause: DriverError): void {
    const reject = this.#reject
    this.forget()
    reject?.(cause)
  }

  /** Nobody waits any more. */
  forget(): void {
    this.#resolve = null
    this.#reject = null
  }
}
