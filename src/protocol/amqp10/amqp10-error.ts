/** The peer's bytes are not AMQP 1.0, or go beyond a limit. Nothing after `offset` was read. */
export class Amqp10ProtocolError extends Error {
  override readonly name = 'Amqp10ProtocolError'
  readonly protocol = 'AMQP 1.0'
  /** Offset of the offending byte in all bytes received on the connection, from 0. */
  readonly offset: number
  /** What should have been there: `a uint`, `4 more bytes of the value`. */
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`AMQP 1.0: expected ${expected} at byte ${offset} of what the peer sent`)
    this.offset = offset
    this.expected = expected
  }
}
