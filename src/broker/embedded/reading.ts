import type { Connection } from '../../transport/connection.ts'

/** Answers that a client does not read pile up to this; then nothing more is read from it. */
const UNREAD_BYTES_MAX = 1_000_000

/** Whether a session reads from its client: not while the broker holds it back, nor while it does not read our answers. */
export class Reading {
  readonly #connection: Connection
  #isHeldBack = false
  #isEnded = false
  #isPaused = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** The broker's wish. */
  holdBack(isHeldBack: boolean): void {
    this.#isHeldBack = isHeldBack
    this.reconsider()
  }

  /** The session is over: what comes is read and thrown away, so that the end of the stream is seen. */
  end(): void {
    this.#isEnded = true
    this.reconsider()
  }

  /** To be called when the socket is blocked or drained, and after each chunk that was answered. */
  reconsider(): void {
    const connection = this.#connection
    const isDeaf = connection.isBlocked && connection.pendingBytes > UNREAD_BYTES_MAX
    const isPaused = !this.#isEnded && (this.#isHeldBack || isDeaf)
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) connection.pauseReading()
    else connection.resumeReading()
  }
}
