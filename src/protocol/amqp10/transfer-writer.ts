import type { SessionWindows } from './session-windows.ts'
import type { TransferTemplate } from './transfer-template.ts'

/** Where frames are written to: room is reserved, filled, and committed. */
export interface FrameSink {
  /** Valid from `reserve` to `commit`. */
  readonly output: Uint8Array
  /** Makes room for `bytes`; returns the offset in `output` (read it after this call). */
  reserve(bytes: number): number
  commit(end: number): void
}

/** A message whose later frames wait for the session's window. */
interface Rest {
  readonly template: TransferTemplate
  readonly body: Uint8Array
  readonly deliveryId: number
  /** Bytes of the message that went out. */
  from: number
}

/** Sends the messages of one link: in one frame, or in as many as the peer's `max-frame-size` and window make of it. */
export class TransferWriter {
  readonly #sink: FrameSink
  readonly #windows: SessionWindows
  readonly #frameBytesMax: number
  #rest: Rest | null = null

  /** @param frameBytesMax longest frame that the peer takes. */
  constructor(sink: FrameSink, windows: SessionWindows, frameBytesMax: number) {
    this.#sink = sink
    this.#windows = windows
    this.#frameBytesMax = frameBytesMax
  }

  /** No message is half sent, and the window takes one more frame. */
  get maySend(): boolean {
    return this.#rest === null && this.#windows.outgoing > 0
  }

  /** Only when `maySend`. What the window does not take now is copied and waits for `resume`. */
  send(template: TransferTemplate, deliveryId: number, body: Uint8Array): void {
    const frameBytes = template.frameBytes(body.length)
    if (frameBytes > this.#frameBytesMax) {
      this.#sendInPieces(template, deliveryId, body)
      return
    }
    const sink = this.#sink
    const at = sink.reserve(frameBytes)
    const end = template.write(sink.output, at, deliveryId, body)
    this.#windows.sent()
    sink.commit(end)
  }

  /** The peer's window may have opened. */
  resume(): void {
    if (this.#rest !== null && this.#sendPieces(this.#rest)) this.#rest = null
  }

  #sendInPieces(template: TransferTemplate, deliveryId: number, body: Uint8Array): void {
    const rest = { template, body, deliveryId, from: 0 }
    // It must outlive the caller's buffer; `slice` makes a view of a Buffer.
    if (!this.#sendPieces(rest)) this.#rest = { ...rest, body: new Uint8Array(body) }
  }

  /** True: the whole message went out; false: the session's window is used up. */
  #sendPieces(rest: Rest): boolean {
    const { template, body, deliveryId } = rest
    const messageBytes = template.messageBytes(body.length)
    while (rest.from < messageBytes && this.#windows.outgoing > 0) {
      const pieceBytes = Math.min(this.#frameBytesMax - template.transferBytes, messageBytes - rest.from)
      const at = this.#sink.reserve(template.transferBytes + pieceBytes)
      const end = template.writePiece(this.#sink.output, at, deliveryId, body, rest.from, pieceBytes)
      this.#windows.sent()
      rest.from += pieceBytes
      this.#sink.commit(end)
    }
    return rest.from === messageBytes
  }
}
