import { HEARTBEAT_FRAME } from '../../protocol/amqp091/frame.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'

/** A peer that is silent for this many intervals is gone (specification 4.2.7). */
const PATIENCE = 2

/** Heart-beats in both directions by one timer, twice per interval: any traffic counts as one. */
export class HeartBeat {
  readonly #connection: Connection
  readonly #onSilence: (cause: DriverError) => void
  readonly #intervalMs: number
  readonly #timer: NodeJS.Timeout
  #lastWrites = -1
  #sinceReadMs = 0

  /** @param intervalMs as tuned; above 0. */
  constructor(intervalMs: number, connection: Connection, onSilence: (cause: DriverError) => void) {
    this.#connection = connection
    this.#onSilence = onSilence
    this.#intervalMs = intervalMs
    this.#timer = setInterval(() => {
      this.#tick()
    }, intervalMs / 2)
    this.#timer.unref()
  }

  /** Something came from the peer. */
  onRead(): void {
    this.#sinceReadMs = 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    this.#sinceReadMs += this.#intervalMs / 2
    if (this.#sinceReadMs > PATIENCE * this.#intervalMs) {
      const silence = `${this.#connection.peer} was silent for ${PATIENCE} heart-beat intervals`
      this.#onSilence(new DriverError('closed', silence))
      return
    }
    const { writes } = this.#connection.counters()
    if (writes === this.#lastWrites && !this.#connection.isBlocked) this.#connection.write(HEARTBEAT_FRAME)
    this.#lastWrites = this.#connection.counters().writes
  }
}
