import type { FieldReader } from '../../protocol/amqp091/field-reader.ts'
import { DriverError } from '../driver-error.ts'

interface Pending {
  readonly method: number
  readonly attempted: string
  take(fields: FieldReader): void
  reject(cause: DriverError): void
}

/** The one answer that a session waits for: AMQP 0-9-1 answers a channel's methods in order, and we ask one at a time. */
export class ReplySlot {
  readonly #onTimeout: (cause: DriverError) => void
  #pending: Pending | null = null

  /** @param onTimeout must call `reject`: an answer that comes too late would be taken for that of the next method. */
  constructor(onTimeout: (cause: DriverError) => void) {
    this.#onTimeout = onTimeout
  }

  /** What is being tried, for the sentence of a refusal; null while nothing is. */
  get attempted(): string | null {
    return this.#pending?.attempted ?? null
  }

  /** @throws DriverError (by rejection) `timeout`, or what `reject` is called with. */
  expect<T>(method: number, read: (fields: FieldReader) => T, attempted: string, timeoutMs: number): Promise<T> {
    this.reject(new DriverError('closed', `${this.attempted ?? attempted}: given up`))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#onTimeout(new DriverError('timeout', `${attempted}: no answer in time`))
      }, timeoutMs)
      this.#pending = {
        method,
        attempted,
        take: (fields) => {
          const value = read(fields)
          clearTimeout(timer)
          resolve(value)
        },
        reject: (cause) => {
          clearTimeout(timer)
          reject(cause)
        },
      }
    })
  }

  /** True: it was the answer. A malformed one throws, and is then still waited for. */
  take(method: number, fields: FieldReader): boolean {
    const pending = this.#pending
    if (pending?.method !== method) return false
    pending.take(fields)
    // What `take` resolved goes on later; nothing can have asked for another answer in between.
    this.#pending = null
    return true
  }

  reject(cause: DriverError): void {
    const pending = this.#pending
    this.#pending = null
    pending?.reject(cause)
  }
}
