import type { Socket } from 'node:net'
import { DriverError, toDriverError } from '../driver/driver-error.ts'
import { untilItStandsStill } from './closing-patience.ts'
import { CoalescingConnection } from './coalescing-connection.ts'
import type { ConnectionEvents } from './connection.ts'
import { streamError } from './connect-error.ts'

/** TLS completes every write later, also when the socket has room: blocked is what fills a buffer behind it. */
const TLS_BLOCKED_FROM_BYTES = 256 * 1024

const NOTHING = new Uint8Array(0)

export interface SocketConnectionOptions {
  readonly peer: string
  readonly isTls: boolean
  /** The socket was made with `onread` on the shared buffer and calls `received`; else its data events are read. */
  readonly readsAreShared: boolean
  readonly messagePerWrite: boolean
}

/** A connected TCP or TLS socket, ours or an accepted one. */
export class SocketConnection extends CoalescingConnection {
  readonly readsAreShared: boolean
  readonly #socket: Socket
  readonly #isTls: boolean
  readonly #onWritten: () => void
  #error: Error | null = null

  constructor(socket: Socket, options: SocketConnectionOptions, events: ConnectionEvents) {
    super({ ...options, blockedFromBytes: options.isTls ? TLS_BLOCKED_FROM_BYTES : 0 }, events)
    this.#socket = socket
    this.#isTls = options.isTls
    this.readsAreShared = options.readsAreShared
    this.#onWritten = () => {
      if (socket.writableLength === 0) this.wentOut()
    }
    socket.setNoDelay(true)
    if (!options.readsAreShared) {
      socket.on('data', (chunk: Buffer) => {
        this.received(chunk, chunk.length)
      })
    }
    socket.on('error', (error) => {
      this.#error = error
    })
    socket.on('close', () => {
      this.closed(this.#cause())
    })
  }

  /** For the `onread` of a socket that reads into the shared buffer. */
  received(buffer: Uint8Array, length: number): void {
    this.deliver(buffer, length)
  }

  pauseReading(): void {
    this.#socket.pause()
  }

  resumeReading(): void {
    this.#socket.resume()
  }

  /**
   * Over TCP most writes are out at once, and a callback would cost a call per write of what waits for the next tick: it
   * is asked for only where it is needed, by an empty write behind the one that is on its way.
   */
  protected send(bytes: Buffer): boolean {
    const socket = this.#socket
    if (this.#isTls) {
      socket.write(bytes, this.#onWritten)
      return socket.writableLength === 0
    }
    socket.write(bytes)
    if (socket.writableLength === 0) return true
    socket.write(NOTHING, this.#onWritten)
    return false
  }

  protected get queuedBytes(): number {
    return this.#socket.writableLength
  }

  protected end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) {
        resolve()
        return
      }
      const stopWaiting = untilItStandsStill(
        () => this.queuedBytes,
        () => this.#socket.destroy(),
      )
      this.#socket.once('close', () => {
        stopWaiting()
        resolve()
      })
      this.#socket.end()
      // Reading on lets the peer's end be seen; paused sockets would only time out.
      this.#socket.resume()
    })
  }

  protected terminate(): void {
    this.#socket.destroy()
  }

  #cause(): DriverError {
    if (this.#error === null) return new DriverError('closed', `${this.peer} ended the connection`)
    return toDriverError(streamError(this.#error, this.peer), `connection to ${this.peer}`)
  }
}
