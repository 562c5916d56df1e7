import type { WebSocket, RawData } from 'ws'
import { DriverError } from '../driver/driver-error.ts'
import { untilItStandsStill } from './closing-patience.ts'
import { CoalescingConnection } from './coalescing-connection.ts'
import { connectError } from './connect-error.ts'
import type { ConnectionEvents } from './connection.ts'

/** A WebSocket may run over TLS, which completes every write later: blocked is what fills a buffer behind it. */
const BLOCKED_FROM_BYTES = 256 * 1024
/** Status 1000: normal closure. */
const NORMAL_CLOSURE = 1000

/** Longest binary message that is sent: Artemis takes no longer ones. The payloads are one stream, so any cut will do. */
const MESSAGE_BYTES_MAX = 64 * 1024
const TEXT = { binary: false, compress: false }
const BINARY = { binary: true, compress: false }

export interface WebSocketConnectionOptions {
  readonly peer: string
  /** Send text messages: for brokers that read nothing else. Bodies must then be UTF-8. */
  readonly isText: boolean
  readonly messagePerWrite: boolean
}

/** An open WebSocket, ours or an accepted one: the messages' payloads, in order, are the stream. */
export class WebSocketConnection extends CoalescingConnection {
  readonly readsAreShared = false
  readonly #webSocket: WebSocket
  readonly #onSent: () => void
  #error: Error | null = null

  constructor(webSocket: WebSocket, options: WebSocketConnectionOptions, events: ConnectionEvents) {
    super({ ...options, blockedFromBytes: BLOCKED_FROM_BYTES }, events)
    this.#webSocket = webSocket
    this.isText = options.isText
    this.#onSent = () => {
      if (webSocket.bufferedAmount === 0) this.wentOut()
    }
    webSocket.binaryType = 'nodebuffer'
    webSocket.on('message', (payload: RawData) => {
      const bytes = payload as Buffer
      this.bytesRead += bytes.length
      if (this.isOpen) this.events.onData(bytes, 0, bytes.length)
    })
    webSocket.on('error', (error) => {
      this.#error = error
    })
    webSocket.on('close', (code: number, reason: Buffer) => {
      this.closed(this.#cause(code, reason.toString()))
    })
  }

  pauseReading(): void {
    this.#webSocket.pause()
  }

  resumeReading(): void {
    this.#webSocket.resume()
  }

  protected send(bytes: Buffer): boolean {
    if (this.isText || bytes.length <= MESSAGE_BYTES_MAX) {
      this.#webSocket.send(bytes, this.isText ? TEXT : BINARY, this.#onSent)
    } else {
      for (let start = 0; start < bytes.length; start += MESSAGE_BYTES_MAX) {
        this.#webSocket.send(bytes.subarray(start, start + MESSAGE_BYTES_MAX), BINARY, this.#onSent)
      }
    }
    return this.#webSocket.bufferedAmount === 0
  }

  protected get queuedBytes(): number {
    return this.#webSocket.bufferedAmount
  }

  protected end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#webSocket.readyState === this.#webSocket.CLOSED) {
        resolve()
        return
      }
      const stopWaiting = untilItStandsStill(
        () => this.queuedBytes,
        () => this.#webSocket.terminate(),
      )
      this.#webSocket.once('close', () => {
        stopWaiting()
        resolve()
      })
      this.#webSocket.resume()
      this.#webSocket.close(NORMAL_CLOSURE)
    })
  }

  protected terminate(): void {
    this.#webSocket.terminate()
  }

  #cause(code: number, reason: string): DriverError {
    if (this.#error !== null) return connectError(this.#error, this.peer, false)
    const why = reason === '' ? `status ${code}` : `status ${code}, ${reason}`
    return new DriverError('closed', `${this.peer} ended the WebSocket (${why})`)
  }
}
