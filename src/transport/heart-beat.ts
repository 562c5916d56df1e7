import { DriverError } from '../driver/driver-error.ts'
import type { Connection } from './connection.ts'

/** A peer that is silent for this many intervals is gone (AMQP 0-9-1, section 4.2.7). */
const PATIENCE = 2

export interface HeartBeatSettings {
  /** Agreed with the peer; above 0. */
  readonly intervalMs: number
  /** What is sent when there is nothing else to send. */
  readonly frame: Uint8Array
  /** The peer is gone. Called once. */
  readonly onSilence: (cause: DriverError) => void
}

/** Heart-beats in both directions by one timer, twice per interval: any traffic counts as one. */
export class HeartBeat {
  /** While we do not read, silence is our own doing. */
  isDeaf = false
  readonly #connection: Connection
  readonly #settings: HeartBeatSettings
  readonly #timer: NodeJS.Timeout
  #lastWrites = -1
  #lastBytesRead = -1
  #silentMs = 0

  constructor(connection: Connection, settings: HeartBeatSettings) {
    this.#connection = connection
    this.#settings = settings
    this.#timer = setInterval(() => {
      this.#tick()
    }, settings.intervalMs / 2)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const connection = this.#connection
    const { intervalMs, frame, onSilence } = this.#settings
    const { writes, bytesRead } = connection.counters()
    this.#silentMs = bytesRead !== this.#lastBytesRead || this.isDeaf ? 0 : this.#silentMs + intervalMs / 2
    this.#lastBytesRead = bytesRead
    if (this.#silentMs > PATIENCE * intervalMs) {
      this.stop()
      onSilence(new DriverError('closed', `${connection.peer} was silent for ${PATIENCE} heart-beat intervals`))
      return
    }
    if (writes === this.#lastWrites && !connection.isBlocked) connection.write(frame)
    this.#lastWrites = connection.counters().writes
  }
}
