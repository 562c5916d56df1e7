/**
 * Keep-alive of MQTT, section 3.1.2.10, as the target or an MQTT 5 broker wants it. A PINGREQ goes out when nothing else did
 * for half the time; the peer counts as gone when nothing came for one and a half times it, although it was pinged.
 */
import { encodeBare } from '../../protocol/mqtt/encode-packet.ts'
import { PACKET_TYPE } from '../../protocol/mqtt/packet-type.ts'
import type { Connection } from '../../transport/connection.ts'
import { DriverError } from '../driver-error.ts'

const PINGREQ = encodeBare(PACKET_TYPE.pingreq)
/** The time is looked at so often within one interval. */
const TICKS = 4
/** Ticks without a write of ours after which a ping is due. */
const PING_AFTER_TICKS = TICKS / 2
/** Ticks without a byte from the peer after which it is gone. */
const GONE_AFTER_TICKS = TICKS * 1.5

export class KeepAlive {
  readonly #seconds: number
  readonly #connection: Connection
  readonly #isReadingPaused: () => boolean
  readonly #onSilence: (cause: DriverError) => void
  readonly #timer: NodeJS.Timeout
  #writes = 0
  #bytesRead = 0
  #ticksSinceWrite = 0
  #ticksSinceRead = 0
  #isPinged = false

  /** Begins at once. @param isReadingPaused then silence is our own doing. */
  constructor(
    seconds: number,
    connection: Connection,
    isReadingPaused: () => boolean,
    onSilence: (cause: DriverError) => void,
  ) {
    this.#seconds = seconds
    this.#connection = connection
    this.#isReadingPaused = isReadingPaused
    this.#onSilence = onSilence
    this.#timer = setInterval(() => this.#tick(), (seconds * 1000) / TICKS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const { writes, bytesRead } = this.#connection.counters()
    const hasHeard = bytesRead !== this.#bytesRead || this.#isReadingPaused()
    this.#ticksSinceRead = hasHeard ? 0 : this.#ticksSinceRead + 1
    if (hasHeard) this.#isPinged = false
    this.#ticksSinceWrite = writes !== this.#writes ? 0 : this.#ticksSinceWrite + 1
    this.#writes = writes
    this.#bytesRead = bytesRead
    if (this.#isPinged && this.#ticksSinceRead >= GONE_AFTER_TICKS) {
      const sentence = `${this.#connection.peer} was silent for one and a half times the keep-alive of ${this.#seconds} s`
      this.#onSilence(new DriverError('closed', sentence))
      return
    }
    const isDue = this.#ticksSinceWrite >= PING_AFTER_TICKS || this.#ticksSinceRead >= PING_AFTER_TICKS
    if (!isDue || this.#isPinged || this.#connection.isBlocked) return
    this.#isPinged = true
    this.#connection.write(PINGREQ)
  }
}
