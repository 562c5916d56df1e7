/**
 * Heart-beats of STOMP 1.2, section "Heart-beating", in both directions by one timer. A beat goes out only when nothing
 * else did for half of what the peer was promised: ActiveMQ ends a connection from which nothing came in the whole of it.
 */
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import { heartBeatMsOf } from './heart-beat-interval.ts'

const LINE_FEED = new Uint8Array([10])
/** The specification asks for tolerance; the peer may be this many intervals late. */
const PATIENCE = 2

export class HeartBeat {
  readonly #connection: Connection
  readonly #onSilence: (cause: DriverError) => void
  readonly #timer: NodeJS.Timeout
  readonly #sendEveryMs: number
  readonly #expectEveryMs: number
  #lastWrites = -1
  #sinceReadMs = 0
  #sinceWriteMs = 0

  private constructor(
    sendEveryMs: number,
    expectEveryMs: number,
    connection: Connection,
    onSilence: (cause: DriverError) => void,
  ) {
    this.#connection = connection
    this.#onSilence = onSilence
    this.#sendEveryMs = sendEveryMs
    this.#expectEveryMs = expectEveryMs
    const intervals = [sendEveryMs, expectEveryMs].filter((interval) => interval > 0)
    const tickMs = Math.max(10, Math.min(...intervals) / 2)
    this.#timer = setInterval(() => {
      this.#tick(tickMs)
    }, tickMs)
    this.#timer.unref()
  }

  /** Value of CONNECT's `heart-beat` header: what we can send and want to get, in milliseconds. */
  static header(options: Readonly<Record<string, string>>): string {
    const wantedMs = heartBeatMsOf(options)
    return `${wantedMs},${wantedMs}`
  }

  /**
   * Begins to beat, and to listen, if both sides want it.
   * @param answer CONNECTED's `heart-beat` header.
   */
  static start(
    options: Readonly<Record<string, string>>,
    answer: string | null,
    connection: Connection,
    onSilence: (cause: DriverError) => void,
  ): HeartBeat | null {
    const wantedMs = heartBeatMsOf(options)
    const [theySendMs = 0, theyWantMs = 0] = (answer ?? '0,0').split(',').map((text) => Number(text) || 0)
    if (wantedMs === 0 || (theySendMs === 0 && theyWantMs === 0)) return null
    const sendEveryMs = theyWantMs === 0 ? 0 : Math.max(wantedMs, theyWantMs) / 2
    const expectEveryMs = theySendMs === 0 ? 0 : Math.max(wantedMs, theySendMs)
    return new HeartBeat(sendEveryMs, expectEveryMs, connection, onSilence)
  }

  /** Something came from the peer. */
  onRead(): void {
    this.#sinceReadMs = 0
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(tickMs: number): void {
    this.#sinceReadMs += tickMs
    if (this.#expectEveryMs > 0 && this.#sinceReadMs > PATIENCE * this.#expectEveryMs) {
      const silence = `${this.#connection.peer} was silent for ${PATIENCE} heart-beat intervals`
      this.#onSilence(new DriverError('closed', silence))
      return
    }
    const writes = this.#connection.counters().writes
    this.#sinceWriteMs = writes === this.#lastWrites ? this.#sinceWriteMs + tickMs : 0
    this.#lastWrites = writes
    if (this.#sendEveryMs > 0 && this.#sinceWriteMs + tickMs >= this.#sendEveryMs && !this.#connection.isBlocked) {
      this.#connection.write(LINE_FEED)
    }
  }
}
