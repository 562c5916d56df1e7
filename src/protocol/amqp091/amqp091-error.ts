/** The peer's bytes are not AMQP 0-9-1, or go beyond a limit. Nothing after `offset` was read. */
export class Amqp091ProtocolError extends Error {
  override readonly name = 'Amqp091ProtocolError'
  readonly protocol = 'AMQP 0-9-1'
  /** Offset of the offending byte in all bytes received on the connection, from 0. */
  readonly offset: number
  /** What should have been there: `the frame-end octet 206`, `a frame of at most 4096 bytes`. */
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`AMQP 0-9-1: expected ${expected} at byte ${offset} of what the peer sent`)
    this.offset = offset
    this.expected = expected
  }
}
