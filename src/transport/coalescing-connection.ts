/**
 * What all transports share: writes of one turn of the event loop become one, at most one write is on its way, and a
 * connection counts as blocked when the operating system does not take what is written.
 *
 * A turn ends here with the callback that the event loop made, not with the whole poll phase: for coalescing it is the
 * same, because a socket has one callback per phase, and no message waits for other sockets' work. What is answered to a
 * chunk leaves when its owner returns (`deliver`), everything else with `process.nextTick`.
 */
import type { DriverError } from '../driver/driver-error.ts'
import type { Connection, ConnectionCounters, ConnectionEvents } from './connection.ts'
import { OutputBuffer } from './output-buffer.ts'

/** More than this is sent without waiting for the end of the turn. */
const FLUSH_BYTES = 64 * 1024

export interface CoalescingOptions {
  readonly peer: string
  readonly messagePerWrite: boolean
  /** Bytes waiting behind a write that is on its way, from which on the connection is blocked; 0 = at once. */
  readonly blockedFromBytes: number
}

export abstract class CoalescingConnection implements Connection {
  readonly peer: string
  messagePerWrite: boolean
  isText = false
  abstract readonly readsAreShared: boolean
  protected readonly events: ConnectionEvents
  readonly #options: CoalescingOptions
  readonly #buffer = new OutputBuffer()
  #isBlocked = false
  #isOnItsWay = false
  #isScheduled = false
  /** The owner is being handed what came: what it writes meanwhile leaves when it returns. */
  #isReceiving = false
  /** `open` → `closing` (by us) → `closed`, or straight to `closed`. */
  #state: 'open' | 'closing' | 'closed' = 'open'
  #writes = 0
  #bytesWritten = 0
  protected bytesRead = 0

  constructor(options: CoalescingOptions, events: ConnectionEvents) {
    this.peer = options.peer
    this.messagePerWrite = options.messagePerWrite
    this.#options = options
    this.events = events
  }

  /** Hands one buffer to the operating system. True: it went out at once. Otherwise `wentOut` must be called later. */
  protected abstract send(bytes: Buffer): boolean
  /** Bytes handed over by `send` that the operating system has not taken. */
  protected abstract get queuedBytes(): number
  /** Ends the stream in order; resolves when it is closed, or gives up when it stands still (`untilItStandsStill`). */
  protected abstract end(): Promise<void>
  protected abstract terminate(): void
  abstract pauseReading(): void
  abstract resumeReading(): void

  get output(): Uint8Array {
    return this.#buffer.bytes
  }

  get isBlocked(): boolean {
    return this.#isBlocked
  }

  get pendingBytes(): number {
    return this.#buffer.length
  }

  reserve(bytes: number): number {
    return this.#buffer.reserve(bytes)
  }

  commit(end: number): void {
    this.#buffer.length = end
    if (this.#state !== 'open') {
      this.#buffer.length = 0
      return
    }
    if (this.messagePerWrite) {
      this.#sendAlone()
    } else if (this.#isOnItsWay) {
      if (end >= this.#options.blockedFromBytes) this.#block()
    } else if (end >= FLUSH_BYTES) {
      this.flush()
    } else if (!this.#isScheduled && !this.#isReceiving) {
      this.#isScheduled = true
      process.nextTick(flushScheduled, this)
    }
  }

  write(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.output.set(bytes, at)
    this.commit(at + bytes.length)
  }

  flush(): void {
    this.#isScheduled = false
    const length = this.#buffer.length
    if (length === 0 || this.#isOnItsWay || this.#state === 'closed') return
    this.#writes++
    this.#bytesWritten += length
    if (this.send(this.#buffer.take())) return
    this.#buffer.swap()
    this.#isOnItsWay = true
    if (this.#options.blockedFromBytes === 0) this.#block()
  }

  counters(): ConnectionCounters {
    return { writes: this.#writes, bytesWritten: this.#bytesWritten, bytesRead: this.bytesRead }
  }

  async close(): Promise<void> {
    if (this.#state !== 'open') return
    this.flush()
    // Behind a write that is on its way: the socket queues it.
    if (this.#buffer.length > 0) this.send(this.#buffer.take())
    this.#state = 'closing'
    await this.end()
    this.#state = 'closed'
  }

  destroy(): void {
    this.#state = 'closed'
    this.terminate()
  }

  /**
   * Hands over a chunk, and sends what the owner answered: a tick for it would cost more than the answer. Only for what
   * comes once a turn; WebSocket messages, of which one chunk holds many, must not end it each.
   */
  protected deliver(buffer: Uint8Array, end: number): void {
    this.bytesRead += end
    if (this.#state !== 'open') return
    this.#isReceiving = true
    try {
      this.events.onData(buffer, 0, end)
    } finally {
      this.#isReceiving = false
      this.flush()
    }
  }

  /** The write that was on its way is out. */
  protected wentOut(): void {
    if (!this.#isOnItsWay) return
    this.#isOnItsWay = false
    this.flush()
    this.#unblock()
  }

  /** The stream is gone; tells the owner unless it was the owner who ended it. */
  protected closed(cause: DriverError): void {
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    if (wasOpen) this.events.onClose(cause)
  }

  protected get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** One write for what one `commit` gave, also behind a write that is on its way. */
  #sendAlone(): void {
    if (!this.#isOnItsWay) {
      this.flush()
      return
    }
    this.#writes++
    this.#bytesWritten += this.#buffer.length
    this.send(Buffer.from(this.#buffer.take()))
    if (this.queuedBytes >= this.#options.blockedFromBytes) this.#block()
  }

  #block(): void {
    if (this.#isBlocked) return
    this.#isBlocked = true
    this.events.onBlocked()
  }

  #unblock(): void {
    if (!this.#isBlocked || this.#isOnItsWay || this.#state !== 'open') return
    this.#isBlocked = false
    this.events.onDrain()
  }
}

function flushScheduled(connection: CoalescingConnection): void {
  connection.flush()
}
