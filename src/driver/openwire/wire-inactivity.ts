/**
 * OpenWire's inactivity monitor: each side sends a KeepAliveInfo when it has written nothing for a third of the time
 * agreed on, and ends the connection when it has read nothing for the whole of it. One timer does both.
 */
import { keepAliveInfo } from '../../protocol/openwire/commands.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'
import type { Endpoint } from '../endpoint.ts'

/** What Java announces. */
const MAX_INACTIVITY_MS = 30_000
const MAX_INACTIVITY_INITIAL_DELAY_MS = 10_000
/** So often the counters are looked at: silence is met before a third of the time is over. */
const TICKS = 6
const KEEP_ALIVE = keepAliveInfo(0)

/** What a side announces: the silence that it bears, and for how long at first it bears any. */
export interface Inactivity {
  readonly maxInactivityMs: number
  readonly maxInactivityInitialDelayMs: number
}

/** By the option `maxInactivityMs` of the target; 0 = no monitor. */
export function inactivityOf(endpoint: Endpoint): Inactivity {
  const wantedMs = Number(endpoint.options['maxInactivityMs'] ?? MAX_INACTIVITY_MS)
  const maxInactivityMs = Number.isSafeInteger(wantedMs) && wantedMs >= 0 ? wantedMs : MAX_INACTIVITY_MS
  const maxInactivityInitialDelayMs = Math.min(MAX_INACTIVITY_INITIAL_DELAY_MS, Math.ceil(maxInactivityMs / 3))
  return { maxInactivityMs, maxInactivityInitialDelayMs }
}

export class InactivityMonitor {
  readonly #connection: Connection
  readonly #onSilence: (cause: DriverError) => void
  readonly #timer: NodeJS.Timeout
  readonly #maxInactivityMs: number
  #lastWrites = 0
  #lastBytesRead = 0
  /** Ticks since something came; ticks instead of clock time, so that a thread that was stopped blames nobody. */
  #silentTicks = 0

  /** @param maxInactivityMs as agreed on: the smaller of both sides', and more than 0. */
  constructor(maxInactivityMs: number, connection: Connection, onSilence: (cause: DriverError) => void) {
    this.#maxInactivityMs = maxInactivityMs
    this.#connection = connection
    this.#onSilence = onSilence
    this.#timer = setInterval(() => {
      this.#tick()
    }, maxInactivityMs / TICKS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const { writes, bytesRead } = this.#connection.counters()
    this.#silentTicks = bytesRead === this.#lastBytesRead ? this.#silentTicks + 1 : 0
    this.#lastBytesRead = bytesRead
    if (this.#silentTicks > TICKS) {
      const silence = `${this.#connection.peer} was silent for more than ${this.#maxInactivityMs} ms`
      this.#onSilence(new DriverError('closed', silence))
      return
    }
    const isQuiet = writes === this.#lastWrites
    if (isQuiet && !this.#connection.isBlocked) this.#connection.write(KEEP_ALIVE)
    this.#lastWrites = isQuiet ? -1 : writes
  }
}
