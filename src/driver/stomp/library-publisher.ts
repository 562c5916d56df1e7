import type { IFrame, StompHeaders } from '@stomp/stompjs'
import type { Outcome, Publisher, PublisherEvents, PublisherSpec, PublishResult, WireCounters } from '../driver.ts'
import type { DriverError } from '../driver-error.ts'
import { needsTextBody, sendHeaders, TEXT_BODY_HEADER } from './broker-dialect.ts'
import { expiresByClock, propertyHeaders } from './message-headers.ts'
import { errorFrameText, type LibraryConnection } from './library-connection.ts'
import { libraryHeaders } from './library-headers.ts'
import { textOf } from './library-text-body.ts'
import { surfacing } from './library-surface.ts'

/** Above this many bytes in the socket's buffer the publisher is full until the socket has drained. */
const SOCKET_BUFFER_BYTES_MAX = 256 * 1024

/** How long `close` waits for receipts that are still out. */
const RECEIPTS_DEADLINE_MS = 5000

/** SEND with a receipt per message where confirms are asked for; receipts may come in any order. */
export class LibraryPublisher implements Publisher {
  readonly #connection: LibraryConnection
  readonly #events: PublisherEvents
  readonly #confirms: boolean
  readonly #password: string | null
  readonly #destination: string
  /** One object for all messages: the library copies it. */
  readonly #headers: StompHeaders
  readonly #sendsText: boolean
  /** Time to live of every message, where its end is to be said. */
  readonly #expiresAfterMs: number | null
  /** Sequences without an answer, in order of publishing. */
  readonly #unanswered = new Set<number>()
  #isBlocked = false
  #isClosing = false
  #onAllAnswered: (() => void) | null = null

  constructor(connection: LibraryConnection, spec: PublisherSpec, events: PublisherEvents, password: string | null) {
    this.#connection = connection
    this.#events = events
    this.#confirms = spec.confirm
    this.#password = password
    const { dialect } = connection
    const { destination = '', ...headers } = sendHeaders(dialect, spec.destination, spec.persistent)
    const ttlMs = spec.properties?.ttlMs ?? null
    this.#expiresAfterMs = ttlMs !== null && expiresByClock(dialect) ? ttlMs : null
    this.#destination = destination
    this.#sendsText = needsTextBody(dialect, connection.transport)
    const own = { ...propertyHeaders(dialect, spec.properties), ...headers }
    this.#headers = libraryHeaders(own, this.#sendsText ? { [TEXT_BODY_HEADER.name]: TEXT_BODY_HEADER.value } : {})
    connection.client.onUnhandledReceipt = surfacing((frame: IFrame) => this.#settle(frame, 'confirmed', null))
    connection.onErrorFrame((frame) => this.#isRefusal(frame))
    connection.onDrain(() => this.#drained())
    connection.onLost((cause) => this.#lost(cause))
  }

  publish(body: Uint8Array, sequence: number): PublishResult {
    if (this.#isBlocked || this.#isClosing || !this.#connection.isOpen) return 'not-taken'
    if (this.#confirms) {
      this.#headers['receipt'] = String(sequence)
      this.#unanswered.add(sequence)
    }
    if (this.#expiresAfterMs !== null) this.#headers['expires'] = String(Date.now() + this.#expiresAfterMs)
    const frame = { destination: this.#destination, headers: this.#headers }
    if (this.#sendsText) this.#connection.client.publish({ ...frame, body: textOf(body) })
    else this.#connection.client.publish({ ...frame, binaryBody: body })
    if (this.#connection.bufferedBytes < SOCKET_BUFFER_BYTES_MAX) return 'accepted'
    this.#isBlocked = true
    this.#events.onBlocked('socket')
    return 'accepted-now-full'
  }

  counters(): WireCounters {
    return this.#connection.counters()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    if (this.#unanswered.size > 0 && this.#connection.isOpen) await this.#allAnswered()
    await this.#connection.close()
    this.#settleAllUnknown()
  }

  #settle(frame: IFrame, outcome: Outcome, code: string | null): boolean {
    const sequence = Number(frame.headers['receipt-id'])
    if (!this.#unanswered.delete(sequence)) return false
    this.#events.onSettled(sequence, sequence, outcome, code)
    if (this.#unanswered.size === 0) this.#onAllAnswered?.()
    return true
  }

  /** An ERROR that names one of our messages refuses that message; whether the connection lives on is the broker's choice. */
  #isRefusal(frame: IFrame): boolean {
    return this.#settle(frame, 'refused', errorFrameText(frame, this.#password).slice(0, 80))
  }

  #drained(): void {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#events.onUnblocked()
  }

  #lost(cause: DriverError): void {
    this.#settleAllUnknown()
    this.#onAllAnswered?.()
    this.#events.onClosed(cause)
  }

  #settleAllUnknown(): void {
    for (const [first, last] of rangesOf(this.#unanswered)) this.#events.onSettled(first, last, 'unknown', null)
    this.#unanswered.clear()
  }

  #allAnswered(): Promise<void> {
    return new Promise((resolve) => {
      const expiry = setTimeout(resolve, RECEIPTS_DEADLINE_MS)
      this.#onAllAnswered = () => {
        clearTimeout(expiry)
        resolve()
      }
    })
  }
}

/** Ascending sequences as inclusive ranges. */
function* rangesOf(sequences: Iterable<number>): Generator<[number, number]> {
  let first = -1
  let last = -1
  for (const sequence of sequences) {
    if (sequence === last + 1 && first >= 0) {
      last = sequence
      continue
    }
    if (first >= 0) yield [first, last]
    first = last = sequence
  }
  if (first >= 0) yield [first, last]
}
