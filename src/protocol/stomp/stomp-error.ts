/** The peer's bytes are not STOMP, or go beyond a limit. Nothing after `offset` was read. */
export class StompProtocolError extends Error {
  override readonly name = 'StompProtocolError'
  readonly protocol = 'STOMP'
  /** Offset of the offending byte in all bytes received on the connection, from 0. */
  readonly offset: number
  /** What should have been there: `a command`, `NUL after the body`. */
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(`STOMP: expected ${expected} at byte ${offset} of what the peer sent`)
    this.offset = offset
    this.expected = expected
  }
}
