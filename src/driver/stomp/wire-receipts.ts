import type { DriverError } from '../driver-error.ts'

interface PendingReceipt {
  readonly id: string
  resolve(): void
  reject(cause: DriverError): void
}

/** The receipts with names that a session waits for: of its beginning and end, not of messages. */
export class WireReceipts {
  #pending: PendingReceipt[] = []

  /** Resolves with the receipt `id`, rejects with `onExpiry` after so long. */
  of(id: string, timeoutMs: number, onExpiry: () => DriverError): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#take(id)?.reject(onExpiry())
      }, timeoutMs)
      this.#pending.push({
        id,
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

  /** The receipt came; nobody may have waited for it. */
  came(id: string): void {
    this.#take(id)?.resolve()
  }

  rejectAll(cause: DriverError): void {
    const pending = this.#pending
    this.#pending = []
    for (const waiting of pending) waiting.reject(cause)
  }

  #take(id: string): PendingReceipt | undefined {
    const index = this.#pending.findIndex((waiting) => waiting.id === id)
    return index < 0 ? undefined : this.#pending.splice(index, 1)[0]
  }
}
