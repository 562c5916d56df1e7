import type { Connection } from '../../../transport/connection.ts'

/** The time is looked at so often within one keep-alive. */
const TICKS = 2
/** After so many ticks without a byte, one and a half times the keep-alive, the client is gone (MQTT 5 section 3.1.2.10). */
const GONE_AFTER_TICKS = 3

/** Watches that a client with a keep-alive says something. */
export class Silence {
  readonly #connection: Connection
  readonly #isReading: () => boolean
  readonly #onGone: () => void
  readonly #timer: NodeJS.Timeout
  #bytesRead = 0
  #ticks = 0

  /** @param isReading where false, the silence is our own doing. */
  constructor(seconds: number, connection: Connection, isReading: () => boolean, onGone: () => void) {
    this.#connection = connection
    this.#isReading = isReading
    this.#onGone = onGone
    this.#timer = setInterval(() => this.#tick(), (seconds * 1000) / TICKS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const { bytesRead } = this.#connection.counters()
    this.#ticks = bytesRead === this.#bytesRead && this.#isReading() ? this.#ticks + 1 : 0
    this.#bytesRead = bytesRead
    if (this.#ticks >= GONE_AFTER_TICKS) this.#onGone()
  }
}
