/** Idle time-outs of AMQP 1.0 (2.4.5): empty frames when we have nothing to say, an end when the peer says nothing. */
import { EMPTY_FRAME } from '../../protocol/amqp10/performative.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'

const TICK_MS_MIN = 10

/** What of a connection is watched. */
type Watched = Pick<Connection, 'peer' | 'isBlocked' | 'counters' | 'write'>

export class WireIdle {
  readonly #connection: Watched
  readonly #sendWithinMs: number
  readonly #expectWithinMs: number
  readonly #onSilence: (cause: DriverError) => void
  readonly #timer: NodeJS.Timeout
  #writes = -1
  #bytesRead = -1
  #sinceWriteMs = 0
  #sinceReadMs = 0

  /**
   * @param peerTimeOutMs the peer's idle time-out, of which we use half; 0 = it has none.
   * @param expectWithinMs silence after which `onSilence` is called, once.
   */
  constructor(
    connection: Watched,
    peerTimeOutMs: number,
    expectWithinMs: number,
    onSilence: (cause: DriverError) => void,
  ) {
    this.#connection = connection
    this.#sendWithinMs = peerTimeOutMs / 2
    this.#expectWithinMs = expectWithinMs
    this.#onSilence = onSilence
    const shortestMs = peerTimeOutMs === 0 ? expectWithinMs : Math.min(this.#sendWithinMs, expectWithinMs)
    const tickMs = Math.max(TICK_MS_MIN, shortestMs / 2)
    this.#timer = setInterval(() => {
      this.#tick(tickMs)
    }, tickMs)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(tickMs: number): void {
    const { writes, bytesRead } = this.#connection.counters()
    this.#sinceReadMs = bytesRead === this.#bytesRead ? this.#sinceReadMs + tickMs : 0
    this.#sinceWriteMs = writes === this.#writes ? this.#sinceWriteMs + tickMs : 0
    this.#bytesRead = bytesRead
    this.#writes = writes
    if (this.#sinceReadMs > this.#expectWithinMs) {
      this.stop()
      const sentence = `${this.#connection.peer} said nothing for ${this.#expectWithinMs} ms`
      this.#onSilence(new DriverError('closed', sentence))
      return
    }
    const isDue = this.#sendWithinMs > 0 && this.#sinceWriteMs + tickMs >= this.#sendWithinMs
    if (isDue && !this.#connection.isBlocked) this.#connection.write(EMPTY_FRAME)
  }
}
