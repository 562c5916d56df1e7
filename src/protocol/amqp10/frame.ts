export const AMQP_FRAME = 0
export const SASL_FRAME = 1
/** Size (4), data offset (1), type (1), channel (2). */
export const FRAME_HEADER_BYTES = 8

/** One frame where it lies in the parser's bytes: valid only during the call that hands it over. */
export class AmqpFrame {
  type = AMQP_FRAME
  channel = 0
  buffer: Uint8Array = new Uint8Array(0)
  /** Where the body begins: the performative, or nothing in an empty frame. */
  bodyStart = 0
  end = 0
  /** Offset in the stream of what is at index 0 of `buffer`. */
  originBytes = 0

  /** Sent only to show that the peer is alive. */
  get isEmpty(): boolean {
    return this.bodyStart === this.end
  }
}
