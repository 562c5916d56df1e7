import type { SendTemplate } from '../../protocol/stomp/send-template.ts'

/** Keeps the `expires` header of a template right, at one look at the clock for all messages of a turn. */
export class WireExpiry {
  readonly #template: SendTemplate
  readonly #ttlMs: number
  #isRight = false

  constructor(template: SendTemplate, ttlMs: number) {
    this.#template = template
    this.#ttlMs = ttlMs
  }

  /** Before a message is written. */
  refresh(): void {
    if (this.#isRight) return
    this.#isRight = true
    // The time of day, because the broker compares it with its own.
    this.#template.expireAt(Date.now() + this.#ttlMs)
    process.nextTick(outdate, this)
  }

  outdate(): void {
    this.#isRight = false
  }
}

function outdate(expiry: WireExpiry): void {
  expiry.outdate()
}
