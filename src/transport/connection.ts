import type { DriverError } from '../driver/driver-error.ts'

/** Bytes of one connection and the writes that carried them, counted where they are handed to the operating system. */
export interface ConnectionCounters {
  readonly writes: number
  /** Without what TLS and WebSocket add. */
  readonly bytesWritten: number
  readonly bytesRead: number
}

export interface ConnectionEvents {
  /**
   * What the peer sent, from `start` to `end` of `buffer`. Where `Connection.readsAreShared` says so, it is overwritten
   * after the call.
   */
  onData(buffer: Uint8Array, start: number, end: number): void
  /** The socket takes no more for the moment; never nested, followed by `onDrain` or by the end of the connection. */
  onBlocked(): void
  onDrain(): void
  /** The connection is gone and neither `close` nor `destroy` ended it. Called once, nothing follows. */
  onClose(cause: DriverError): void
}

/**
 * An open byte stream. What is written in one turn of the event loop leaves as one write: callers append to `output` and
 * say `commit`, or `write` bytes that they have.
 */
export interface Connection {
  /** `stomp://127.0.0.1:61613`, for sentences. */
  readonly peer: string
  /** The chunks of `onData` lie in a buffer that all connections of the thread share. */
  readonly readsAreShared: boolean
  /** True between `onBlocked` and `onDrain`: what is written now waits in memory. */
  readonly isBlocked: boolean
  /** Bytes written and not yet handed to the operating system. */
  readonly pendingBytes: number
  /**
   * Every `commit` leaves as a write of its own, instead of with the others of the turn: for peers that want one frame
   * per WebSocket message. May be changed at any time.
   */
  messagePerWrite: boolean
  /** WebSocket messages are sent as text, for brokers that read nothing else; bodies must be UTF-8 then. */
  isText: boolean
  /** Where to encode: valid from `reserve` to `commit`. */
  readonly output: Uint8Array
  /** Makes room for `bytes` more; returns the offset in `output` (read it after this call) at which to write. */
  reserve(bytes: number): number
  /** Everything in `output` before `end` is to be sent; `end` is beyond the offset that `reserve` returned. */
  commit(end: number): void
  /** Copies and sends. */
  write(bytes: Uint8Array): void
  /** Sends now what waits for the end of the turn. */
  flush(): void
  /** Stops and starts `onData`; bytes stay with the operating system meanwhile. */
  pauseReading(): void
  resumeReading(): void
  counters(): ConnectionCounters
  /** Sends what waits, ends the stream in order, and destroys it if the peer takes nothing and does not end it for a second. */
  close(): Promise<void>
  destroy(): void
}
